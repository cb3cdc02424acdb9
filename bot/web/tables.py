"""The web front's own tables. Change them together with a migration in bot/desk/migrations."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.desk.tables import PictureDigest, Table, UtcDateTime


class TokenRow(Table):
    """A person's key to the API. The token itself is shown once and not kept."""

    __tablename__ = "token"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)  # SHA-256 of the token
    person: Mapped[str] = mapped_column(String(200), index=True)
    name: Mapped[str] = mapped_column(String(80))  # what it is for, in the person's words
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class UploadRow(Table):
    """A picture that a person sent ahead of a job; theirs alone."""

    __tablename__ = "upload"

    person: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(PictureDigest, primary_key=True, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
