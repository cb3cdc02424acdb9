"""Which servers have set a channel for something."""

from sqlalchemy import select

from bot.community.tables import ServerRow
from bot.desk import Desk


def places(desk: Desk, setting: str, front: str) -> list[tuple[str, str]]:
    """(server, channel) of all servers of a front that have this channel set, see ServerSettings."""
    query = select(ServerRow.server, ServerRow.settings).where(ServerRow.server.startswith(f"{front}:"))
    with desk.database.read() as session:
        rows = session.execute(query).all()
    return [(server, str(settings[setting])) for server, settings in rows if settings.get(setting)]
