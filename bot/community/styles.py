"""The library of styles: a person's own, a server's, and those of the house."""

from sqlalchemy import ColumnElement, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from bot.community.dialect import insert_unless_there
from bot.community.errors import NotThereError
from bot.community.library_style import ORDER, LibraryStyle, Scope, StyleData, StyleName, house, style_of_row
from bot.community.new_style import NewStyle, checked_name, checked_style
from bot.community.pictures import fetch, naming
from bot.community.references import References
from bot.community.rules import CommunityRules
from bot.community.servers import Servers
from bot.community.tables import StyleRow
from bot.community.words import line
from bot.desk import Desk, RefusedError
from bot.desk.locks import alone, naming_pictures
from bot.styles import house_style


class Styles:
    """All styles. `server` is where the person is just now, None where there is none."""

    def __init__(self, desk: Desk, references: References, servers: Servers, rules: CommunityRules) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._references = references
        self._servers = servers
        self._rules = rules

    def add(self, new: NewStyle, by: str, *, server: str | None = None, moderator: bool = False) -> LibraryStyle:
        """Add a style for the person, or for the whole `server` where its settings let `by` do so.

        `moderator`: the front answers for it. Raises RefusedError.
        """
        self._check_adder(server, moderator)
        values, pictures = checked_style(new)
        scope, owner = _shelf(by, server)
        values |= {"scope": scope, "owner": owner, "added_by": by, "created_at": self._desk.clock()}
        with naming(self._desk, pictures) as session:
            row = self._insert(session, values)
        return style_of_row(row)

    def share(self, key: str, by: str, server: str, *, moderator: bool = False) -> LibraryStyle:
        """Let a whole server use a style of one's own: the server gets a copy that stays. Raises RefusedError."""
        self._check_adder(server, moderator)
        with self._desk.database.write() as session:
            naming_pictures(session)
            row = _row(session, key)
            if row is None or row.scope != "person" or row.owner != by:
                text = "Only a style of your own can be shared: look at your list of styles."
                raise NotThereError(text, "style_share_own")
            names = (column.name for column in StyleRow.__table__.columns if column.name != "id")
            values = {name: getattr(row, name) for name in names}
            values |= {"scope": "server", "owner": server, "added_by": by, "created_at": self._desk.clock()}
            return style_of_row(self._insert(session, values))

    def rename(self, key: str, by: str, name: str) -> LibraryStyle:
        """Another name for one's own style, or one that one added to a server; what was published keeps the old one.

        Raises NotThereError, RefusedError.
        """
        values = checked_name(name)
        with self._desk.database.write() as session:
            row = _own(session, key, by)
            alone(session, f"styles of {row.scope} {row.owner}")
            here = (StyleRow.scope == row.scope, StyleRow.owner == row.owner, StyleRow.id != row.id)
            if session.execute(select(StyleRow.id).where(*here, StyleRow.slug == values["slug"])).first() is not None:
                raise _name_taken(values["name"])
            row.name, row.slug = values["name"], values["slug"]
            session.flush()
            return style_of_row(row)

    def remove(self, key: str, by: str, *, server: str | None = None, moderator: bool = False) -> None:
        """Remove a style: one's own, one that one added to a server, or as a moderator any of that server.

        Raises NotThereError. What was painted in it keeps its pictures.
        """
        with self._desk.database.write() as session:
            row = _own(session, key, by, server if moderator else None)
            session.execute(delete(StyleRow).where(StyleRow.id == row.id))
        self._references.release((row.picture, row.map, row.doodle))

    def get(self, name: str, person: str, server: str | None = None) -> LibraryStyle:
        """By key, slug or name; of two with one name the person's own goes first, then the server's, then the house's.

        Raises NotThereError.
        """
        name = line(name, "The style's name", 200)
        for style in house():
            if name == style.key:
                return style
        with self._desk.database.read() as session:
            row = _row(session, name)
            if row is not None and _may_see(row, person, server):
                return style_of_row(row)
            # The last for SQLite, whose lower() knows a-z only.
            named = or_(StyleRow.slug == name.lower(), func.lower(StyleRow.name) == name.lower(), StyleRow.name == name)
            found = session.execute(select(StyleRow).where(_visible(person, server), named)).scalars().all()
        styles = [style_of_row(row) for row in found]
        styles += [style for style in house() if name.lower() in (style.slug, style.name.lower())]
        if not styles:
            raise NotThereError(f"There is no style called {name[:60]!r} here: look at the list of styles.")
        return min(styles, key=lambda style: (ORDER.index(style.scope), style.slug != name.lower()))

    def visible(self, person: str, server: str | None = None) -> list[LibraryStyle]:
        """All that the person may use here: own, server's, house's, each by name."""
        query = select(StyleRow).where(_visible(person, server))
        with self._desk.database.read() as session:
            styles = [style_of_row(row) for row in session.execute(query).scalars()]
        return sorted([*styles, *house()], key=lambda style: (ORDER.index(style.scope), style.name.lower()))

    def search(self, text: str, person: str, server: str | None = None, *, limit: int = 25) -> list[StyleName]:
        """For autocomplete: names that begin with `text`, then those that contain it; all for an empty text."""
        query = select(StyleRow.id, StyleRow.scope, StyleRow.slug, StyleRow.name).where(_visible(person, server))
        with self._desk.database.read() as session:
            names = [StyleName(f"style:{row.id}", row.scope, row.slug, row.name) for row in session.execute(query)]
        return _best([*names, *_house_names()], text)[:limit]

    def search_house(self, text: str) -> list[StyleName]:
        """As `search`, of the house's styles alone: asks no database."""
        return _best(_house_names(), text)

    def of_job(self, key: str | None) -> LibraryStyle | None:
        """The style that a job or a work names, whoever looks; None when it is gone or was none of the library."""
        if key is None:
            return None
        for style in house():
            if key == style.key:
                return style
        with self._desk.database.read() as session:
            row = _row(session, key)
            return None if row is None else style_of_row(row)

    def data(self, style: LibraryStyle) -> StyleData:
        """The style's pictures as bytes."""
        if style.scope == "house":
            own = house_style(style.slug)
            return StyleData(own.picture.read_bytes(), own.map.read_bytes(), own.doodle.read_bytes())
        store = self._desk.store
        doodle = None if style.doodle is None else fetch(store, style.doodle)
        return StyleData(fetch(store, style.picture), fetch(store, style.map), doodle)

    def _check_adder(self, server: str | None, moderator: bool) -> None:
        if server is not None and not moderator and self._servers.get(server).style_adders == "moderators":
            text = "On this server moderators add the styles: ask one of them, or add it for yourself."
            raise RefusedError(text, "styles_of_moderators")

    def _insert(self, session: Session, values: dict[str, object]) -> StyleRow:
        scope, owner, slug = values["scope"], values["owner"], values["slug"]
        alone(session, f"styles of {scope} {owner}")
        here = (StyleRow.scope == scope, StyleRow.owner == owner)
        most = self._rules.person_styles if scope == "person" else self._rules.server_styles
        count = session.execute(select(func.count()).select_from(StyleRow).where(*here)).scalar_one()
        if count >= most:
            text = f"There are {count} styles on this shelf and {most} fit: remove one first."
            raise RefusedError(text, "styles_full", count=count, most=most)
        if not insert_unless_there(session, StyleRow, values):
            raise _name_taken(values["name"])
        return session.execute(select(StyleRow).where(*here, StyleRow.slug == slug)).scalar_one()


def _shelf(person: str, server: str | None) -> tuple[Scope, str]:
    return ("person", person) if server is None else ("server", server)


def _visible(person: str, server: str | None) -> ColumnElement[bool]:
    mine = and_(StyleRow.scope == "person", StyleRow.owner == person)
    return mine if server is None else or_(mine, and_(StyleRow.scope == "server", StyleRow.owner == server))


def _may_see(row: StyleRow, person: str, server: str | None) -> bool:
    return row.owner == (person if row.scope == "person" else server)


def _house_names() -> list[StyleName]:
    return [StyleName(style.key, style.scope, style.slug, style.name) for style in house()]


def _best(names: list[StyleName], text: str) -> list[StyleName]:
    """Those that fit `text`, the best first."""
    wanted = " ".join(text.split()).lower()
    ranked = [
        (rank, ORDER.index(name.scope), name.name.lower(), name) for name in names if (rank := _rank(name, wanted)) < 3
    ]
    return [name for *_, name in sorted(ranked, key=lambda one: one[:3])]


def _rank(name: StyleName, wanted: str) -> int:
    """0: begins with it; 1: a word of it does; 2: contains it; 3: neither."""
    both = (name.name.lower(), name.slug)
    if any(one.startswith(wanted) for one in both):
        return 0
    if any(word.startswith(wanted) for one in both for word in one.replace("-", " ").split()):
        return 1
    return 2 if any(wanted in one for one in both) else 3


def _name_taken(name: object) -> RefusedError:
    text = f"A style called {name!r} is there already: choose another name, or remove that one."
    return RefusedError(text, "style_there", name=name)


def _own(session: Session, key: str, by: str, server: str | None = None) -> StyleRow:
    """A style that `by` may change: one's own, one that one added, any of the `server` that one moderates."""
    row = _row(session, key)
    mine = row is not None and by in (row.owner, row.added_by)
    ours = row is not None and row.scope == "server" and row.owner == server
    if row is None or not (mine or ours):
        text = "There is no style of yours under that name: look at the list of styles."
        raise NotThereError(text, "style_not_yours")
    return row


def _row(session: Session, key: str) -> StyleRow | None:
    kind, _, number = key.partition(":")
    if kind != "style" or not (number.isascii() and number.isdecimal()) or len(number) > 9:
        return None
    return session.get(StyleRow, int(number))
