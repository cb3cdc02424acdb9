"""What a server's moderators may set; everything has a default."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.community.dialect import insert_unless_there
from bot.community.tables import ServerRow
from bot.desk import Desk, RefusedError

Channel = Annotated[str, Field(pattern=r"^[0-9A-Za-z:_.@/-]{1,100}$")]  # the front's own id of a channel
Language = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
Cap = Annotated[int, Field(ge=1, le=10_000)]


class ServerSettings(BaseModel):
    """One server's settings. None: not set, the house's own rule holds."""

    model_config = ConfigDict(
        frozen=True, extra="ignore"
    )  # a setting that a later release knew must not break this one

    gallery_channel: Channel | None = None  # a forum where published works are posted
    moderators_channel: Channel | None = None  # where reports go
    challenge_channel: Channel | None = None  # where challenges begin and winners are told
    weekly_challenge: bool = False  # one after the other begins by itself
    paint_channels: Annotated[
        tuple[Channel, ...], Field(max_length=50)
    ] = ()  # where paintings may be asked for; (): all
    style_adders: Literal["everyone", "moderators"] = "moderators"
    most_waiting: Cap | None = None  # jobs of one person waiting or running that were asked for here
    most_a_day: Cap | None = None  # jobs of one person in 24 h that were asked for here
    language: Language | None = None  # None: that of the person


class Servers:
    """All servers' settings. The front answers for `by` being a moderator."""

    def __init__(self, desk: Desk) -> None:
        """See bot.community.Community."""
        self._desk = desk

    def get(self, server: str) -> ServerSettings:
        """A server's settings; defaults when nobody has set any."""
        with self._desk.database.read() as session:
            return self.within(session, server)

    def within(self, session: Session, server: str) -> ServerSettings:
        """The same in a transaction that is open already: a second connection while holding one can starve all."""
        row = session.get(ServerRow, server)
        return ServerSettings() if row is None else _read(row.settings)

    def change(self, server: str, by: str, **changes: Any) -> ServerSettings:
        """Set some; the others stay, also when somebody sets them at this moment. None is back to the default.

        Raises RefusedError naming the setting.
        """
        unknown = sorted(set(changes) - set(ServerSettings.model_fields))
        if unknown:
            raise RefusedError(
                f"There is no setting {unknown[0]!r}: choose one of {', '.join(ServerSettings.model_fields)}."
            )
        first = {"server": server, "settings": {}, "changed_by": by, "changed_at": self._desk.clock()}
        with self._desk.database.write() as session:
            insert_unless_there(session, ServerRow, first)
            row = session.execute(select(ServerRow).where(ServerRow.server == server).with_for_update()).scalar_one()
            settings = _validated({**_read(row.settings).model_dump(exclude_unset=True), **changes})
            row.settings = settings.model_dump(mode="json", exclude_defaults=True)
            row.changed_by, row.changed_at = by, self._desk.clock()
        return settings

    def forget(self, server: str) -> None:
        """The bot has left that server: back to the defaults."""
        with self._desk.database.write() as session:
            row = session.get(ServerRow, server)
            if row is not None:
                session.delete(row)


def _validated(values: dict[str, Any]) -> ServerSettings:
    defaults = {name: field.get_default() for name, field in ServerSettings.model_fields.items()}
    try:
        return ServerSettings(**{k: defaults[k] if v is None else v for k, v in values.items() if k in defaults})
    except ValidationError as error:
        first = error.errors()[0]
        raise RefusedError(
            f"The setting {first['loc'][0]} can't be {first['input']!r}: {first['msg'].lower()}."
        ) from error


def _read(stored: dict[str, Any]) -> ServerSettings:
    """What is stored; a value that this release refuses is left at its default."""
    kept = {}
    for name, value in stored.items():
        try:
            ServerSettings(**{name: value})
        except ValidationError:
            continue
        kept[name] = value
    return ServerSettings(**kept)
