"""Alice, Bob and Charlie, and paintings that are finished at once."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from sqlalchemy import insert, select, update

from bot.community import Community, NewStyle, Publication, Work
from bot.community.tables import WorkRow
from bot.desk import Desk, Request
from bot.desk.dispatch import dispatch
from bot.desk.settle import settle
from bot.styles import Label
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from worker.contract import Done, Failed, Started

ALICE, BOB, CHARLIE, DORA = "discord:alice", "discord:bob", "web:charlie", "discord:dora"
SERVER, ELSEWHERE = "discord:77", "discord:88"

STYLE_MAP = flat(64, 48, [SKY, SEA, SAND])
MAP, STYLE = png(STYLE_MAP), png(painted(STYLE_MAP))
DOODLE = png(flat(64, 48, [SKY, SAND]))
LABELS = (
    Label(name="sky", colour="#508ce6"),
    Label(name="sea", colour="#143c78"),
    Label(name="sand", colour="#e6c878"),
)
REQUEST = Request(style=STYLE, style_map=MAP, doodle=DOODLE, person=ALICE, front="discord", address="channel/message")
NEW_STYLE = NewStyle(
    name="My Coast", picture=STYLE, map=MAP, labels=LABELS, artist="Alice", licence="CC0", source="my own"
)

T = TypeVar("T")


class Clock:
    """Time that a test moves."""

    def __init__(self) -> None:
        self.now = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


def set_clock(desk: Desk) -> Clock:
    """A clock that the test moves."""
    clock = Clock()
    desk.clock = clock
    return clock


def doodle(number: int) -> bytes:
    """A doodle that no other number, 0 to 64, has."""
    picture = flat(64, 48, [SKY, SAND])
    picture[:5, :number] = SEA
    return png(picture)


def paint(desk: Desk, result: bytes = b"painting", **changes: object) -> str:
    """Ask for a painting and finish it; returns the job's id."""
    job_id = desk.accept(replace(REQUEST, **changes)).job_id  # type: ignore[arg-type]
    finish(desk, job_id, result)
    return job_id


def finish(desk: Desk, job_id: str, result: bytes = b"painting") -> None:
    """Play the worker of a job that waits."""
    dispatch(desk.database, desk.queue, desk.clock, replace(desk.rules, spare=1000))
    attempt = desk.standing(job_id).attempt
    fields = {"job_id": job_id, "attempt": attempt, "worker": "w1"}
    with desk.database.write() as session:
        settle(session, Started.model_validate(fields), desk.clock(), desk.rules)
        digest = desk.store.put(result)
        done = Done.model_validate({**fields, "result": digest, "width": 64, "height": 48, "seconds": 2.0})
        settle(session, done, desk.clock(), desk.rules)


def fail(desk: Desk, job_id: str, message: str) -> None:
    """Play a worker that gives the job up."""
    dispatch(desk.database, desk.queue, desk.clock, replace(desk.rules, spare=1000))
    attempt = desk.standing(job_id).attempt
    failed = Failed(job_id=job_id, attempt=attempt, worker="w1", failure="input", message=message)
    with desk.database.write() as session:
        settle(session, failed, desk.clock(), desk.rules)


def publish(community: Community, person: str = ALICE, said: Publication | None = None, **changes: object) -> Work:
    """Paint and publish."""
    job_id = paint(community.desk, person=person, **changes)  # type: ignore[arg-type]
    return community.works.publish(job_id, person, said)


def many_works(community: Community, count: int) -> Work:
    """One work, and rows for `count` like it: ids, votes and dates differ. Returns the first."""
    first = publish(community)
    with community.desk.database.write() as session:
        row = session.execute(select(WorkRow).where(WorkRow.id == first.id)).scalar_one()
        names = [column.name for column in WorkRow.__table__.columns if column.name != "seq"]
        values = {name: getattr(row, name) for name in names}
        rows = []
        for number in range(count):
            changed = {
                "id": f"work{number:08d}",
                "job_id": f"job{number:08d}",
                "person": f"discord:{number % 50}",
                "votes": number * 7919 % 101,
                "pick": (number * 0.618034) % 1,
                "published_at": row.published_at - timedelta(hours=count - number),
            }
            rows.append({**values, **changed})
        session.execute(insert(WorkRow), rows)
    return first


def set_votes(community: Community, work_id: str, votes: int) -> None:
    """As if so many had voted."""
    with community.desk.database.write() as session:
        session.execute(update(WorkRow).where(WorkRow.id == work_id).values(votes=votes))


def at_once(calls: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run them all in threads of their own; what each returns or raises."""

    def caught(call: Callable[[], T]) -> T | Exception:
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            return error

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(caught, calls))
