"""Locks within a transaction. On SQLite there is one writer at a time and nothing to do."""

import hashlib

import sqlalchemy as sa
from sqlalchemy.orm import Session

PICTURES = 20160306  # ours alone, as is the migrations' own


def naming_pictures(session: Session) -> None:
    """Before a row that names a picture is added: no picture is deleted until this transaction ends."""
    _lock(session, PICTURES, shared=True)


def deleting_pictures(session: Session) -> None:
    """Before a picture that no row names is deleted: no row is added until this transaction ends."""
    _lock(session, PICTURES, shared=False)


def alone(session: Session, what: str) -> None:
    """One transaction at a time for `what`: counting and then adding is safe."""
    _lock(session, int.from_bytes(hashlib.sha256(what.encode()).digest()[:8], "big", signed=True), shared=False)


def _lock(session: Session, key: int, *, shared: bool) -> None:
    if session.get_bind().dialect.name == "postgresql":
        call = sa.func.pg_advisory_xact_lock_shared if shared else sa.func.pg_advisory_xact_lock
        session.execute(sa.select(call(sa.cast(key, sa.BigInteger))))
