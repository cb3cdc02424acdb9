"""API tokens: one secret each, of which only the SHA-256 is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from bot.community.tables import TokenRow
from bot.desk import Desk, RefusedError
from worker.contract.digest import digest_of

PREFIX = "twobit_"  # so that scanners of leaked secrets can know one
MOST = 10  # of one person


@dataclass(frozen=True, slots=True)
class Token:
    """What may be shown of a token."""

    id: str  # begin of its digest
    name: str
    created: datetime


class Tokens:
    """All tokens. Every call raises OutOfReachError when the database does not answer."""

    def __init__(self, desk: Desk) -> None:
        """`desk`: for its database and clock."""
        self._desk = desk

    def make(self, person: str, name: str) -> str:
        """A new token; it can't be shown again. Raises RefusedError when the person has too many."""
        token = PREFIX + secrets.token_urlsafe(32)
        name = " ".join(name.split())[:80] or "a token"
        with self._desk.database.write() as session:
            count = session.execute(select(func.count()).where(TokenRow.person == person)).scalar_one()
            if count >= MOST:
                raise RefusedError(f"You have {count} tokens and may have {MOST}: delete one first.")
            row = TokenRow(digest=digest_of(token.encode()), person=person, name=name, created_at=self._desk.clock())
            session.add(row)
        return token

    def whose(self, token: str) -> tuple[str, str] | None:
        """(person, token's name), None for a token that is not known."""
        if not token.startswith(PREFIX) or len(token) > 100:
            return None
        with self._desk.database.read() as session:
            row = session.get(TokenRow, digest_of(token.encode("utf-8", "replace")))
            return None if row is None else (row.person, row.name)

    def of(self, person: str) -> list[Token]:
        """A person's tokens, newest first."""
        query = select(TokenRow).where(TokenRow.person == person).order_by(TokenRow.created_at.desc())
        with self._desk.database.read() as session:
            return [Token(row.digest[:16], row.name, row.created_at) for row in session.execute(query).scalars()]

    def revoke(self, person: str, token_id: str) -> None:
        """One of a person's own tokens is worth nothing any more."""
        if len(token_id) == 16:
            mine = (TokenRow.person == person, TokenRow.digest.startswith(token_id, autoescape=True))
            with self._desk.database.write() as session:
                session.execute(delete(TokenRow).where(*mine))

    def forget(self, person: str) -> None:
        """All of a person's tokens."""
        with self._desk.database.write() as session:
            session.execute(delete(TokenRow).where(TokenRow.person == person))
