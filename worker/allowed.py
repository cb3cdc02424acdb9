"""An RQ job that can run nothing but what this worker lists.

RQ imports whatever function, callback or webhook a job in Redis names, also with JSON as serializer: whoever can
write to Redis could run `os.system`. Here a name is looked up in a table and never imported.
"""

import zlib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from rq.exceptions import NoSuchJobError
from rq.job import Job as RqJob

MOST_BYTES = 2**18  # of a job's data, unpacked; ours have some hundred
PACKED = ("data", "exc_info")  # what RQ unpacks without a bound


class ForbiddenJobError(Exception):
    """A job in Redis asks for something that this worker doesn't do."""


class AllowListedJob(RqJob):
    """Base of the job classes made by `allow_only`; by itself it allows nothing."""

    functions: ClassVar[Mapping[str, Callable[..., Any]]] = {}

    def restore(self, raw_data: Any) -> None:
        """Read a job's hash. A bomb, or what is no job's hash, counts as no job: the worker goes on with the next."""
        packed = {key.decode() if isinstance(key, bytes) else str(key): value for key, value in raw_data.items()}
        for field in PACKED:
            if _unpacks_beyond(packed.get(field)):
                raise NoSuchJobError(f"the job's {field} unpack to more than {MOST_BYTES} bytes")
        try:
            super().restore(raw_data)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise NoSuchJobError(f"this is no job's hash: {error}") from error

    @property
    def func(self) -> Callable[..., Any]:
        """The listed function of that name. Raises ForbiddenJobError for any other."""
        try:
            return self.functions[str(self.func_name)]
        except KeyError:
            raise ForbiddenJobError(f"the job asks for {self.func_name!r}, which this worker doesn't run") from None

    @property
    def success_callback(self) -> None:
        """No callback is ever imported."""
        return

    @property
    def failure_callback(self) -> None:
        """No callback is ever imported."""
        return

    @property
    def stopped_callback(self) -> None:
        """No callback is ever imported."""
        return

    def send_webhooks(self, *args: Any, **kwargs: Any) -> None:
        """No address that stands in Redis is ever called."""


def _unpacks_beyond(value: Any) -> bool:
    if not isinstance(value, bytes):
        return False
    unpacker = zlib.decompressobj()
    try:
        return len(unpacker.decompress(value, MOST_BYTES + 1)) > MOST_BYTES
    except zlib.error:
        return len(value) > MOST_BYTES  # not packed at all


def allow_only(functions: Mapping[str, Callable[..., Any]]) -> type[AllowListedJob]:
    """A job class for a worker that runs just these functions, by these names."""
    return type("PaintJob", (AllowListedJob,), {"functions": dict(functions)})
