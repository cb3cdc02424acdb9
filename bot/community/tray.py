"""A person's tray: pictures laid down one by one until they make a request. It survives restarts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, get_args

from sqlalchemy import ColumnElement, delete, select, update

from bot.community.dialect import upsert
from bot.community.library_style import LibraryStyle
from bot.community.pictures import checked, fetch, naming
from bot.community.references import References
from bot.community.rules import CommunityRules
from bot.community.styles import Styles
from bot.community.tables import TrayRow
from bot.community.words import line
from bot.desk import Desk, RefusedError, Request
from worker.contract import PaintOptions

Role = Literal["style", "style_map", "doodle", "content"]
ROLES: tuple[Role, ...] = get_args(Role)
NEEDED: tuple[Role, ...] = ("style", "style_map", "doodle")


@dataclass(frozen=True, slots=True)
class TrayPicture:
    """One picture in a tray."""

    role: Role
    digest: str
    name: str  # the file's name, or what else the person calls it
    width: int
    height: int
    added: datetime


@dataclass(frozen=True, slots=True)
class TrayContents:
    """What lies in a tray."""

    pictures: Mapping[Role, TrayPicture] = field(default_factory=dict)
    style_key: str | None = None  # when style and map are one of the library's

    @property
    def missing(self) -> tuple[Role, ...]:
        """What a painting still needs, in the order of NEEDED. A missing map can be suggested, see bot.community."""
        return tuple(role for role in NEEDED if role not in self.pictures)


class Tray:
    """All trays. Every call raises OutOfReachError when the database or the store does not answer."""

    def __init__(self, desk: Desk, references: References, styles: Styles, rules: CommunityRules) -> None:
        """See bot.community.Community."""
        self._desk = desk
        self._references = references
        self._styles = styles
        self._rules = rules

    def put(self, person: str, role: Role, data: bytes, name: str) -> TrayContents:
        """Lay a picture down in place of the one before. Raises RefusedError for one that can't be read."""
        name = line(name, "The file's name", 200) or "picture"
        picture = checked(data, name)
        values = {
            "digest": picture.digest,
            "name": name,
            "width": picture.width,
            "height": picture.height,
            "style_key": None,
            "added_at": self._desk.clock(),
        }
        with naming(self._desk, {picture.digest: data}) as session:
            old = list(session.execute(select(TrayRow.digest).where(*_place(person, role))).scalars())
            session.execute(upsert(session, TrayRow, {"person": person, "role": role}, values))
            of_library = (TrayRow.person == person, TrayRow.style_key.is_not(None))
            if role == "style":  # the library's map does not fit it
                old += session.execute(delete(TrayRow).where(*of_library).returning(TrayRow.digest)).scalars().all()
            elif role == "style_map":  # a map of one's own for a style of the library: no longer the library's pair
                session.execute(update(TrayRow).where(*of_library).values(style_key=None))
        self._references.release(old)
        return self.show(person)

    def use_style(self, person: str, style: LibraryStyle) -> TrayContents:
        """Lay down a style of the library: picture and map together."""
        pair: tuple[tuple[Role, str], ...] = (("style", style.picture), ("style_map", style.map))
        data = self._styles.data(style)
        pictures = {style.picture: data.picture, style.map: data.map}
        with naming(self._desk, pictures) as session:
            roles = TrayRow.role.in_(("style", "style_map"))
            old = session.execute(select(TrayRow.digest).where(TrayRow.person == person, roles)).scalars().all()
            for role, digest in pair:
                values = {
                    "digest": digest,
                    "name": style.name,
                    "width": style.width,
                    "height": style.height,
                    "style_key": style.key,
                    "added_at": self._desk.clock(),
                }
                session.execute(upsert(session, TrayRow, {"person": person, "role": role}, values))
        self._references.release(old)
        return self.show(person)

    def take(self, person: str, role: Role) -> TrayContents:
        """Take one picture away; nothing happens when it is not there."""
        self._remove(*_place(person, role))
        return self.show(person)

    def clear(self, person: str) -> None:
        """Empty the tray."""
        self._remove(TrayRow.person == person)

    def show(self, person: str) -> TrayContents:
        """What lies in the tray and is not older than a day."""
        since = self._desk.clock() - timedelta(hours=self._rules.tray_hours)
        with self._desk.database.read() as session:
            query = select(TrayRow).where(TrayRow.person == person, TrayRow.added_at > since)
            rows = {row.role: row for row in session.execute(query).scalars()}
        pictures: dict[Role, TrayPicture] = {
            role: TrayPicture(role, row.digest, row.name, row.width, row.height, row.added_at)
            for role in ROLES
            if (row := rows.get(role)) is not None
        }
        style = rows.get("style")
        return TrayContents(pictures, None if style is None else style.style_key)

    def request(
        self,
        person: str,
        *,
        front: str,
        address: str,
        options: PaintOptions | None = None,
        request_key: str | None = None,
        server: str | None = None,
    ) -> Request:
        """The tray as a request for `Desk.accept`; it stays as it is. Raises RefusedError naming what is missing."""
        contents = self.show(person)
        if contents.missing:
            words = " and ".join(role.replace("_", " ") for role in contents.missing)
            raise RefusedError(f"Your tray lacks {words}: add it, then paint.")
        data = {role: fetch(self._desk.store, picture.digest) for role, picture in contents.pictures.items()}
        style = self._styles.of_job(contents.style_key)
        return Request(
            style=data["style"],
            style_map=data["style_map"],
            doodle=data["doodle"],
            content=data.get("content"),
            options=options or PaintOptions(),
            person=person,
            front=front,
            address=address,
            request_key=request_key,
            names={role: picture.name for role, picture in contents.pictures.items()},
            server=server,
            style_key=contents.style_key,
            label_names={} if style is None else style.label_names,
        )

    def sweep(self) -> int:
        """Take away what is older than a day; returns how many pictures."""
        return self._remove(TrayRow.added_at <= self._desk.clock() - timedelta(hours=self._rules.tray_hours))

    def _remove(self, *where: ColumnElement[bool]) -> int:
        with self._desk.database.write() as session:
            gone = session.execute(delete(TrayRow).where(*where).returning(TrayRow.digest)).scalars().all()
        self._references.release(gone)
        return len(gone)


def _place(person: str, role: Role) -> tuple[ColumnElement[bool], ...]:
    if role not in ROLES:
        raise RefusedError(f"{role!r} is no place in the tray: choose one of {', '.join(ROLES)}.")
    return (TrayRow.person == person, TrayRow.role == role)
