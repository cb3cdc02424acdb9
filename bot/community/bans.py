"""What a person may not do: paint or publish, on one server or everywhere, for a time or for good."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from bot.community.dialect import upsert
from bot.community.tables import BanRow
from bot.community.words import line
from bot.desk import Desk, RefusedError
from bot.desk.request import Wish

Act = Literal["paint", "publish"]
WORDS: dict[Act, str] = {"paint": "ask for paintings", "publish": "publish works"}


@dataclass(frozen=True, slots=True)
class Ban:
    """One ban."""

    person: str  # its hash, when the person had everything deleted meanwhile
    act: Act
    server: str | None  # None: everywhere
    by: str
    reason: str
    at: datetime
    until: datetime | None  # None: for good


class Bans:
    """All bans. The front answers for `by` being a moderator, of `server` or of all."""

    def __init__(self, desk: Desk) -> None:
        """See bot.community.Community."""
        self._desk = desk

    def ban(
        self,
        person: str,
        act: Act,
        by: str,
        reason: str,
        *,
        server: str | None = None,
        until: datetime | None = None,
    ) -> None:
        """Ban, or change the ban that is there."""
        key = {"person": person, "act": act, "server": server or ""}
        said = line(reason, "The reason", 400, least=1)
        values = {"by": by, "reason": said, "at": self._desk.clock(), "until": until}
        with self._desk.database.write() as session:
            session.execute(upsert(session, BanRow, key, values))

    def unban(self, person: str, act: Act, *, server: str | None = None) -> None:
        """Take a ban back; nothing happens when there is none."""
        with self._desk.database.write() as session:
            session.execute(delete(BanRow).where(_of(person), BanRow.act == act, BanRow.server == (server or "")))

    def list(self, *, server: str | None = None) -> list[Ban]:
        """The bans in force: of one server, or those that hold everywhere; newest first."""
        query = select(BanRow).where(BanRow.server == (server or ""), self._in_force()).order_by(BanRow.at.desc())
        with self._desk.database.read() as session:
            return [_ban(row) for row in session.execute(query).scalars()]

    def banned(self, person: str, act: Act, server: str | None = None) -> Ban | None:
        """The ban that stops the person here, None when nothing does."""
        with self._desk.database.read() as session:
            return self._find(session, person, act, server)

    def check(self, session: Session, person: str, act: Act, server: str | None) -> None:
        """Raise RefusedError, with the reason, when the person is banned."""
        ban = self._find(session, person, act, server)
        if ban is not None:
            where = "" if ban.server is None else " on this server"
            until = "" if ban.until is None else f" until {ban.until:%Y-%m-%d %H:%M} UTC"
            reason = ban.reason.rstrip(".")
            text = f"You can't {WORDS[act]}{where}{until} ({reason}): ask the moderators."
            end = "" if ban.until is None else f"; → {ban.until:%Y-%m-%d %H:%M} UTC"
            raise RefusedError(text, "banned_paint" if act == "paint" else "banned_publish", reason=reason + end)

    def guard(self, session: Session, request: Wish, size_bytes: int) -> None:  # noqa: ARG002
        """See bot.desk.desk.Guard."""
        self.check(session, request.person, "paint", request.server)

    def _find(self, session: Session, person: str, act: Act, server: str | None) -> Ban | None:
        here = BanRow.server.in_(("", server or ""))
        query = select(BanRow).where(_of(person), BanRow.act == act, here, self._in_force()).limit(1)
        row = session.execute(query).scalar_one_or_none()
        return None if row is None else _ban(row)

    def _in_force(self) -> ColumnElement[bool]:
        return or_(BanRow.until.is_(None), BanRow.until > self._desk.clock())


def hashed(person: str) -> str:
    """What a ban keeps of a person who had everything deleted: enough to know them again, no name and no id."""
    return f"sha256:{hashlib.sha256(person.encode()).hexdigest()}"


def _of(person: str) -> ColumnElement[bool]:
    return BanRow.person.in_((person, hashed(person)))


def _ban(row: BanRow) -> Ban:
    act: Act = "paint" if row.act == "paint" else "publish"
    return Ban(row.person, act, row.server or None, row.by, row.reason, row.at, row.until)
