"""Who may see which picture: a digest is a name, not a key."""

from dataclasses import dataclass

from sqlalchemy import or_, select

from bot.community import Community
from bot.community.tables import ChallengeRow, StyleRow, UploadRow, WorkRow
from bot.desk.tables import JobRow
from bot.web.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Sight:
    """How far a picture may be seen."""

    public: bool  # anybody may, and anybody's cache


class Access:
    """Looks into the rows; every call raises OutOfReachError when the database does not answer."""

    def __init__(self, community: Community) -> None:
        """`community`: its database, and the house's own pictures."""
        self._database = community.desk.database
        self._house = frozenset(
            digest
            for style in community.styles.visible("")
            if style.scope == "house"
            for digest in (style.picture, style.map, style.doodle)
            if digest is not None
        )

    def of_house(self, digest: str) -> bool:
        """True for a picture that came with Twobit."""
        return digest in self._house

    def sight(self, digest: str, visitor: Visitor) -> Sight | None:
        """None when this visitor may not see the picture, as if it were not there."""
        if self.of_house(digest):
            return Sight(public=True)
        work = or_(*(column == digest for column in (WorkRow.result, WorkRow.doodle, WorkRow.style, WorkRow.style_map)))
        with self._database.read() as session:
            states = set(session.execute(select(WorkRow.state).where(work).distinct()).scalars())
            if "shown" in states:
                return Sight(public=True)
            if states and visitor.moderator:
                return Sight(public=False)
            challenge = select(ChallengeRow.id).where(ChallengeRow.doodle == digest)
            if session.execute(challenge.limit(1)).first() is not None:
                return Sight(public=True)
            if visitor.person is None:
                return None
            roles = (JobRow.result, JobRow.doodle, JobRow.style, JobRow.style_map, JobRow.content)
            owners = [visitor.person, *([] if visitor.server is None else [visitor.server])]
            parts = (StyleRow.picture, StyleRow.map, StyleRow.doodle)
            mine = (
                select(JobRow.id).where(JobRow.person == visitor.person, or_(*(role == digest for role in roles))),
                select(UploadRow.digest).where(UploadRow.person == visitor.person, UploadRow.digest == digest),
                select(StyleRow.id).where(StyleRow.owner.in_(owners), or_(*(part == digest for part in parts))),
            )
            seen = any(session.execute(query.limit(1)).first() is not None for query in mine)
        return Sight(public=False) if seen else None
