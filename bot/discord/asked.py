"""What people asked and have no answer to yet, in the database: a bot that dies leaves it to the next one.

Interactions, and messages that mention us. A row is written before the first answer, or at once after it where the
database is slow; it goes when all is said, or when the desk has the job, whose answer is the outbox's. The living renew
their rows; what nobody renews is taken over and handed to the library as Discord sent it, as if it came again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from bot.community.tables import AskedRow
from bot.desk import Desk
from bot.desk.once import mark
from bot.desk.tables import JobRow

LEASE_SECONDS = 15.0
SENDING = "?"  # AskedRow.whisper while nobody knows whether the message got through
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Left:
    """What another process, or an earlier try, has left behind."""

    number: int  # the interaction's id, or the message's
    payload: Payload
    tries: int
    whisper: str | None  # id of the private message that is the answer's now, or SENDING
    request_key: str | None


class Asked:
    """One bot's view. Every call blocks and raises OutOfReachError when the database does not answer."""

    def __init__(self, desk: Desk, front: str) -> None:
        """`front`: whose ids they are."""
        self._desk = desk
        self._front = front
        self._under_way: dict[int, int] = {}  # the rows that are ours, with their fencing tokens

    def take(self, number: int, person: str, payload: Payload | None) -> bool:
        """True for the first of all that hear of it. Without a payload nothing is kept."""
        key = self._key(number)
        row = AskedRow(id=key, person=person, payload=payload, until=self._until(), tries=1)
        try:
            with self._desk.database.write() as session:
                mark(session, f"{self._front}:i:{number}", self._desk.clock)
                if payload is not None:
                    session.add(row)
        except IntegrityError:
            return False
        if payload is not None:
            self._under_way[number] = 1
        return True

    def renew(self) -> None:
        """We are alive. What another has taken over meanwhile is not ours any more."""
        ours = [(self._key(number), tries) for number, tries in list(self._under_way.items())]
        if ours:
            held = tuple_(AskedRow.id, AskedRow.tries).in_(ours)
            with self._desk.database.write() as session:
                session.execute(update(AskedRow).where(held).values(until=self._until()))

    def take_over(self) -> Left | None:
        """One that nobody has renewed in time, for us alone; None when there is none."""
        ours = [self._key(number) for number in list(self._under_way)]
        stale = select(AskedRow).where(AskedRow.until < self._desk.clock(), AskedRow.id.not_in(ours))
        stale = stale.where(AskedRow.id.startswith(f"{self._front}:")).order_by(AskedRow.until).limit(1)
        with self._desk.database.read() as session:
            if session.execute(stale).first() is None:
                return None
        with self._desk.database.write() as session:
            row = session.execute(stale.with_for_update(skip_locked=True)).scalar_one_or_none()
            if row is None:
                return None
            row.until, row.tries = self._until(), row.tries + 1
            left = Left(int(row.id.partition(":")[2]), row.payload, row.tries, row.whisper, row.request_key)
        self._under_way[left.number] = left.tries
        return left

    def note(self, number: int, **values: str) -> bool:
        """Remember something about it; False when another process has taken it over meanwhile."""
        if number not in self._under_way:
            return True  # nothing is kept of it, or no longer
        with self._desk.database.write() as session:
            noting = update(AskedRow).where(*self._ours(number)).values(**values).returning(AskedRow.id)
            return session.execute(noting).first() is not None

    def done(self, number: int) -> None:
        """Nothing is owed any more."""
        if number in self._under_way:
            with self._desk.database.write() as session:
                session.execute(delete(AskedRow).where(*self._ours(number)))
            self.leave(number)

    def leave(self, number: int) -> None:
        """Whoever comes next may have it, once its time is over."""
        self._under_way.pop(number, None)

    def handed_in(self, left: Left) -> bool:
        """Whether the desk has its job: the rest is the outbox's."""
        key = left.request_key or self._key(left.number)
        with self._desk.database.read() as session:
            return session.execute(select(JobRow.id).where(JobRow.request_key == key)).first() is not None

    def _key(self, number: int) -> str:
        return f"{self._front}:{number}"

    def _ours(self, number: int) -> tuple[Any, ...]:
        return AskedRow.id == self._key(number), AskedRow.tries == self._under_way.get(number)

    def _until(self) -> Any:
        return self._desk.clock() + timedelta(seconds=LEASE_SECONDS)


class Heard:
    """The latest interactions, or messages, as Discord sent them, until an answer asks for its own."""

    MOST = 512

    def __init__(self) -> None:
        """Nothing heard."""
        self._payloads: dict[int, Payload] = {}

    def add(self, payload: Mapping[str, Any]) -> None:
        """One has come."""
        self._payloads[int(payload["id"])] = dict(payload)
        if len(self._payloads) > self.MOST:
            del self._payloads[next(iter(self._payloads))]

    def pop(self, number: int) -> Payload | None:
        """The one with this id."""
        return self._payloads.pop(number, None)
