"""INSERT ... ON CONFLICT, which SQLite and PostgreSQL both have and SQLAlchemy keeps apart."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from bot.desk.tables import Table


def upsert(session: Session, table: type[Table], key: Mapping[str, Any], values: Mapping[str, Any]) -> Any:
    """Insert `key` and `values`, or set `values` where the primary key `key` is there already."""
    return _insert(session, table, {**key, **values}).on_conflict_do_update(index_elements=[*key], set_=dict(values))


def insert_unless_there(session: Session, table: type[Table], values: Mapping[str, Any]) -> bool:
    """Insert; False when a unique constraint says that it is there already."""
    key = next(iter(table.__table__.primary_key))
    inserting = _insert(session, table, values).on_conflict_do_nothing().returning(key)
    return session.execute(inserting).first() is not None  # drivers count the rows each in their own way


def _insert(session: Session, table: type[Table], values: Mapping[str, Any]) -> Any:
    postgres = session.get_bind().dialect.name == "postgresql"
    return (postgresql.insert(table) if postgres else sqlite.insert(table)).values(**values)
