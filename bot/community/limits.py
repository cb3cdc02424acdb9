"""How much one person may ask for: jobs waiting, jobs a day, bytes a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, false, func, select, true
from sqlalchemy.orm import Session

from bot.community.servers import Servers
from bot.community.tables import SpentRow
from bot.desk import Desk, RefusedError
from bot.desk.locks import alone
from bot.desk.request import Wish
from bot.desk.tables import JobRow, UtcDateTime

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Used:
    """What a person has asked for. A painting that failed by our own fault is not counted."""

    waiting: int  # jobs queued or running
    today: int  # jobs of the last 24 h
    bytes_today: int


class Limits:
    """The caps in bot.desk.rules.Rules, lower ones of a server, and what is used of them."""

    def __init__(self, desk: Desk, servers: Servers) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._servers = servers

    def used(self, person: str) -> Used:
        """What the person has used."""
        with self._desk.database.read() as session:
            return _used(session, person, self._desk.clock())

    def guard(self, session: Session, request: Wish, size_bytes: int) -> None:
        """Refuse what is over a cap, with the numbers. See bot.desk.desk.Guard."""
        rules = self._desk.rules
        if request.front in rules.uncapped:
            return
        alone(session, f"jobs of {request.person}")  # two requests at once must not both take the last place
        now = self._desk.clock()
        used = _used(session, request.person, now)
        _waiting(used.waiting, rules.most_waiting, "")
        _today(used.today, rules.most_a_day, "")
        if used.bytes_today + size_bytes > rules.most_bytes_a_day:
            raise RefusedError(
                f"Your pictures of the last 24 hours have {_mib(used.bytes_today)} MiB, these {_mib(size_bytes)}, and "
                f"{_mib(rules.most_bytes_a_day)} are taken: send smaller ones, or wait.",
                "most_bytes",
                used=_mib(used.bytes_today),
                these=_mib(size_bytes),
                most=_mib(rules.most_bytes_a_day),
            )
        if request.server is not None:
            settings = self._servers.within(session, request.server)
            if settings.most_waiting is not None or settings.most_a_day is not None:
                here = _used(session, request.person, now, request.server)
                _waiting(here.waiting, settings.most_waiting, " on this server")
                _today(here.today, settings.most_a_day, " on this server")


def _waiting(waiting: int, most: int | None, where: str) -> None:
    if most is not None and waiting >= most:
        plural = "painting is" if waiting == 1 else "paintings are"
        raise RefusedError(
            f"{waiting} of your {plural} on the way{where} and {most} may be: wait for one, or cancel it.",
            "most_waiting_here" if where else "most_waiting",
            waiting=waiting,
            most=most,
        )


def _today(today: int, most: int | None, where: str) -> None:
    if most is not None and today >= most:
        raise RefusedError(
            f"You asked for {today} paintings in the last 24 hours{where} and {most} are given: come back later.",
            "most_a_day_here" if where else "most_a_day",
            today=today,
            most=most,
        )


def _used(session: Session, person: str, now: datetime, server: str | None = None) -> Used:
    values = {"person": person, "since": now - DAY, "server": server}
    waiting, today, size, spent, spent_size = session.execute(_counts(of_server=server is not None), values).one()
    return Used(waiting, today + spent, int(size + spent_size))


@cache  # asked twice for every request: made once
def _counts(*, of_server: bool) -> Select[int, int, int, int, int]:
    """Jobs on the way; jobs and bytes of the last day that did not fail; those whose rows are gone, not on a server."""
    since = bindparam("since", type_=UtcDateTime)
    jobs = [JobRow.person == bindparam("person")]
    jobs += [JobRow.server == bindparam("server")] if of_server else []
    paid = [*jobs, JobRow.created_at > since, JobRow.state != "failed"]
    spent = [SpentRow.person == bindparam("person"), SpentRow.at > since, true() if not of_server else false()]
    many, size = func.count(), func.coalesce(func.sum(JobRow.size_bytes), 0)
    return select(
        select(many).select_from(JobRow).where(*jobs, JobRow.state.in_(("queued", "running"))).scalar_subquery(),
        select(many).select_from(JobRow).where(*paid).scalar_subquery(),
        select(size).where(*paid).scalar_subquery(),
        select(many).select_from(SpentRow).where(*spent).scalar_subquery(),
        select(func.coalesce(func.sum(SpentRow.size_bytes), 0)).where(*spent).scalar_subquery(),
    )


def _mib(size_bytes: int) -> str:
    return f"{size_bytes / 2**20:.1f}"
