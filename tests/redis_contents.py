"""Everything that lies in a Redis, unpacked, for tests that look for what must not be there."""

import zlib
from collections.abc import Callable, Iterator
from typing import Any, cast

from redis import Redis


def in_redis(redis: Redis) -> Iterator[str]:
    """Each key with its value, then what the value has compressed."""
    readers: dict[bytes, Callable[[bytes], Any]] = {
        b"string": redis.get,
        b"hash": redis.hgetall,
        b"set": redis.smembers,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": redis.xrange,
    }
    for key in redis.scan_iter():
        value: Any = readers[cast("bytes", redis.type(key))](key)
        yield f"{key!r} {value!r}"
        for packed in value.values() if isinstance(value, dict) else ():
            try:
                yield zlib.decompress(packed).decode(errors="replace")
            except zlib.error:
                continue
