"""Which picture of a post is the style, the map, the doodle, the photo.

Their descriptions (alt texts) say it, else the post's own words in order, else what the pictures are: a map has flat
colours and the style's shape. Where two ways are left, the map report decides; where it can't, DoubtError.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.community import Role
from bot.community.roles import is_flat
from bot.desk.reading import measure, understand
from bot.fediverse.commands import role_named, roles_in_order
from worker.contract import PictureError
from worker.contract.pictures import check_aspects

MOST = 4
Roles = dict[Role, bytes]


class DoubtError(Exception):
    """It can't be told: ask. `key` of the catalogue's section `doubt`, with its values."""

    def __init__(self, key: str, **values: object) -> None:
        """See bot/fediverse/text."""
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Sent:
    """A picture of a post."""

    data: bytes = field(repr=False)
    alt: str = ""


def roles_of(sent: Sequence[Sent], words: str, *, styled: bool) -> Roles:
    """Roles of all pictures; `styled`: style and map are known already. Raises DoubtError, PictureError."""
    if len(sent) > MOST:
        raise DoubtError("too_many", count=len(sent))
    said = _said(sent, words)
    flat = [is_flat(one.data) for one in sent]
    roles = _styled(sent, said, flat) if styled else _own(sent, said, flat)
    if "doodle" not in roles:
        raise DoubtError("photo" if len(sent) == 1 else "which")
    return roles


def _said(sent: Sequence[Sent], words: str) -> list[Role | None]:
    """What descriptions or words say of each picture."""
    ordered = roles_in_order(words, len(sent))
    if ordered is not None:
        return list(ordered)
    named = [role_named(one.alt) for one in sent]
    known = [role for role in named if role is not None]
    return [None] * len(sent) if len(set(known)) < len(known) else named


def _styled(sent: Sequence[Sent], said: list[Role | None], flat: list[bool]) -> Roles:
    """A doodle, perhaps a photo."""
    if len(sent) == 1:
        if said[0] in ("content", "style"):
            raise DoubtError("photo")
        if not flat[0] and said[0] is None:
            raise DoubtError("photo")
        return {"doodle": sent[0].data}
    if len(sent) == 2:
        found = _by_said(sent, said)
        if set(found) == {"doodle", "content"}:
            return found
        if flat.count(True) == 1:
            return {"doodle": sent[flat.index(True)].data, "content": sent[flat.index(False)].data}
    raise DoubtError("which")


def _own(sent: Sequence[Sent], said: list[Role | None], flat: list[bool]) -> Roles:
    """Style, map and doodle, perhaps a photo."""
    found = _by_said(sent, said)
    if len(found) == len(sent) and {"style", "style_map", "doodle"} <= set(found):
        return found
    if len(sent) < 3:
        raise DoubtError("no_map" if len(sent) == 2 else "which")
    free = [place for place in range(len(sent)) if said[place] is None]
    painted = [place for place in free if not flat[place]]
    flats = [place for place in free if flat[place]]
    for role in ("style", "content"):
        if role not in found and painted:
            found[role] = sent[painted.pop(0)].data
    if painted or "style" not in found:
        raise DoubtError("which")
    missing: list[Role] = [role for role in ("style_map", "doodle") if role not in found]
    if len(flats) != len(missing):
        raise DoubtError("which")
    if len(flats) == 2:
        return {**found, **_map_and_doodle(found["style"], sent[flats[0]].data, sent[flats[1]].data)}
    return {**found, **{role: sent[place].data for role, place in zip(missing, flats, strict=True)}}


def _by_said(sent: Sequence[Sent], said: list[Role | None]) -> Roles:
    return {role: one.data for one, role in zip(sent, said, strict=True) if role is not None}


def _map_and_doodle(style: bytes, first: bytes, second: bytes) -> Roles:
    """The map has the style's shape; where both have, the report decides, and the order where it finds both well."""
    fits = [_same_shape(style, one) for one in (first, second)]
    if not any(fits):
        raise DoubtError("which")
    if fits == [False, True]:
        return {"style_map": second, "doodle": first}
    if fits == [True, False]:
        return {"style_map": first, "doodle": second}
    ways: list[Roles] = [{"style_map": first, "doodle": second}, {"style_map": second, "doodle": first}]
    well = [way for way in ways if understand(style, way["style_map"], way["doodle"]).report.ok]
    return (well or ways)[0]  # with problems either way, the first is told about


def _same_shape(one: bytes, other: bytes) -> bool:
    sizes = {"one": measure(one, "The style"), "other": measure(other, "The map")}
    try:
        check_aspects(sizes, "one", "other")
    except PictureError:
        return False
    return True
