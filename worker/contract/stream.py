"""The way back: a Redis stream of events, read by the desk as a consumer group so that none is lost."""

from typing import Any, cast

import structlog
from redis import Redis
from redis.exceptions import ResponseError

from worker.contract.connection import ANSWER_SECONDS, connect, reaching
from worker.contract.errors import ContractError
from worker.contract.event import Event, event_from_json

STREAM = "twobit:events"
GROUP = "desk"
KEEP = 100_000  # events; a bound for a desk that is away for days, not a tuning
BATCH = 256
STALE_MS = 8_000  # an event read but not settled for so long is handed to another desk; less than its lease

log = structlog.get_logger(__name__)


class EventStream:
    """Events from all workers. Every call raises UnreachableError when Redis is away."""

    def __init__(self, redis: Redis, consumer: str = "desk") -> None:
        """`consumer`: this desk's name in the group."""
        self.redis = redis
        self.consumer = consumer
        self.caught_up = False  # False while what we read and did not settle has not been read again

    @classmethod
    def at(cls, url: str, consumer: str = "desk", block_seconds: float = 0.0) -> "EventStream":
        """The stream at a Redis URL, for reads that block up to `block_seconds`."""
        return cls(connect(url, ANSWER_SECONDS + block_seconds), consumer)

    def publish(self, event: Event) -> None:
        """Append one event."""
        with reaching("sending an event"):
            self.redis.xadd(STREAM, {"event": event.model_dump_json()}, maxlen=KEEP, approximate=True)

    def read(self, block_ms: int) -> list[tuple[str, Event]]:
        """New events and those another desk left unsettled, oldest first, as (id, event).

        What can't be read (another version, garbage) is logged, acknowledged and left out.
        """
        with reaching("reading events"):
            if not self.caught_up:
                unsettled = self._group_read("0", None)
                if unsettled:
                    return self._parse(unsettled)
                self.caught_up = True
            return self._parse([*self._stale(), *self._group_read(">", block_ms)])

    def again(self) -> None:
        """What was read last did not get settled: the next reads begin with it."""
        self.caught_up = False

    def settled(self, ids: list[str]) -> None:
        """These events are in the database: never hand them out again."""
        if ids:
            with reaching("settling events"):
                self.redis.xack(STREAM, GROUP, *ids)
                self.redis.xdel(STREAM, *ids)

    def _group_read(self, after: str, block_ms: int | None) -> list[tuple[bytes, dict[bytes, bytes]]]:
        """Entries after an id: `>` for what nobody has read, `0` for what this consumer has not settled."""
        answer: Any = self._in_group(
            lambda: self.redis.xreadgroup(GROUP, self.consumer, {STREAM: after}, count=BATCH, block=block_ms)
        )
        if not answer:
            return []
        streams = answer.values() if isinstance(answer, dict) else [entries for _, entries in answer]
        return [entry for entries in streams for entry in _flat(entries)]

    def _stale(self) -> list[tuple[bytes, dict[bytes, bytes]]]:
        answer: Any = self._in_group(lambda: self.redis.xautoclaim(STREAM, GROUP, self.consumer, STALE_MS, count=BATCH))
        return [entry for entry in answer[1] if entry[1]] if answer else []

    def _in_group(self, call: Any) -> Any:
        """Run `call`; where a wiped or new Redis has no group yet, make it and run again."""
        try:
            return call()
        except ResponseError as error:
            if "NOGROUP" not in str(error):
                raise
        try:
            self.redis.xgroup_create(STREAM, GROUP, id="0", mkstream=True)
        except ResponseError as error:
            if "BUSYGROUP" not in str(error):  # another desk was quicker
                raise
        return call()

    def _parse(self, entries: list[tuple[bytes, dict[bytes, bytes]]]) -> list[tuple[str, Event]]:
        events: list[tuple[str, Event]] = []
        for raw_id, fields in entries:
            entry = raw_id.decode()
            try:
                events.append((entry, event_from_json(fields.get(b"event", b""))))
            except ContractError as error:
                log.warning("event_unreadable", entry=entry, reason=str(error))
                self.settled([entry])
        return events


def _flat(entries: Any) -> list[tuple[bytes, dict[bytes, bytes]]]:
    """RESP3 nests the batch one level deeper than RESP2."""
    if entries and isinstance(entries[0], list) and entries[0] and isinstance(entries[0][0], list | tuple):
        return [cast("tuple[bytes, dict[bytes, bytes]]", entry) for batch in entries for entry in batch]
    return list(cast("list[tuple[bytes, dict[bytes, bytes]]]", entries))
