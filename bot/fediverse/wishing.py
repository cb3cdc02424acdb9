"""From words and pictures to a request of the desk, or a doubt to ask back about."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import ValidationError

from bot.community import LibraryStyle, Work
from bot.community.labels import Naming, naming_of
from bot.community.reasons import doubt
from bot.community.remixing import remixed
from bot.community.variations import LARGEST_SIDE, SEEDS, NoFurtherError, range_of, sized
from bot.desk import Recipe, RefusedError, Request
from bot.desk.reading import measure, understand
from bot.fediverse.commands import Heard, style_named
from bot.fediverse.parts import Parts
from bot.fediverse.roles import DoubtError, Sent, roles_of
from worker.contract import PaintOptions, PictureError
from worker.contract.maps.report import MapReport

MOST_NAMED = 2  # problems that are told; the first ones weigh most


class ProblemsError(Exception):
    """The map report's problems, for the asker to mend."""

    def __init__(self, report: MapReport, naming: Naming) -> None:
        """`naming`: who named its labels."""
        super().__init__("problems")
        self._report, self._naming = report, naming

    def told(self, language: str) -> str:
        """The first ones."""
        found = self._report.problems[:MOST_NAMED]
        return " ".join(doubt(one, self._report, language, self._naming) for one in found)


class NotPublishedError(Exception):
    """Only the maker of a painting may make another of it, until it is published."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a post asks for, ready for the desk but for person and address."""

    request: Request
    style: str  # its name; "" for pictures of one's own
    labels: tuple[str, ...] = ()  # that occur in the doodle


@dataclass(frozen=True, slots=True)
class Base:
    """The painting that a post replies to."""

    recipe: Recipe
    work: Work | None  # when it is published and shown

    def open_to(self, person: str) -> bool:
        """Whether the person may use its pictures."""
        return person == self.recipe.person or self.work is not None


def wish_of(parts: Parts, person: str, heard: Heard, sent: Sequence[Sent], base: Base | None) -> Wish:
    """What the post asks for. Raises DoubtError, ProblemsError, NotPublishedError, RefusedError."""
    styles = parts.community.styles.visible(person)
    named = style_named(heard.rest, styles)
    try:
        if sent and named is not None and len(sent) < 3:
            return _in_style(parts, named, heard, sent)
        if sent and base is not None and len(sent) < 3:
            return _like(parts, person, heard, sent, base)
        if len(sent) == 1:
            return _in_style(parts, _fitting_style(parts, heard, sent[0], styles), heard, sent)
        return _of_own(heard, sent)
    except PictureError as error:
        raise RefusedError(str(error), error.code, **error.values) from error


def restyled(parts: Parts, person: str, heard: Heard, base: Base) -> Wish | None:
    """The doodle of the painting replied to, in the style named; None when the post names none."""
    named = style_named(heard.rest, parts.community.styles.visible(person))
    if named is None or not base.open_to(person):
        return None
    doodle = parts.desk.store.get(base.recipe.doodle)
    wish = _in_style(parts, named, heard, [Sent(doodle, "doodle")])
    work = base.work
    return wish if work is None else replace(wish, request=replace(wish.request, remix_of=work.id))


def again(parts: Parts, person: str, base: Base, changes: dict[str, object]) -> Wish:
    """The painting replied to, with other choices. Raises NotPublishedError, RefusedError."""
    if person == base.recipe.person:
        options = checked({**base.recipe.options.model_dump(), **changes})
        request = parts.desk.again(base.recipe.job_id, person, address="", options=options, front=parts.front)
    elif base.work is not None:
        request = remixed(parts.community, base.work, None)
        request = replace(request, options=checked({**request.options.model_dump(), **changes}))
    else:
        raise NotPublishedError
    return Wish(request, *_described(parts, request))


def checked(values: dict[str, object]) -> PaintOptions:
    """Raises NoFurtherError for a choice out of its range."""
    try:
        return PaintOptions.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else "size"
        raise NoFurtherError(name, str(first["input"]), range_of(first)) from error


def _in_style(parts: Parts, style: LibraryStyle, heard: Heard, sent: Sequence[Sent]) -> Wish:
    roles = roles_of(sent, _without(heard.rest, style), styled=True)
    data = parts.community.styles.data(style)
    report = understand(data.picture, data.map, roles["doodle"], style.label_names).report
    _refuse_problems(report, naming_of(style))
    request = Request(
        style=data.picture,
        style_map=data.map,
        doodle=roles["doodle"],
        content=roles.get("content"),
        options=_options(heard, roles["doodle"]),
        style_key=style.key,
        label_names=style.label_names,
    )
    return Wish(request, style.name, _labels(report))


def _without(words: str, style: LibraryStyle) -> str:
    """A style's name may have a word that is a role's too."""
    low = words.casefold()
    for name in (style.name.casefold(), style.slug):
        low = low.replace(name, " ")
    return low


def _like(parts: Parts, person: str, heard: Heard, sent: Sequence[Sent], base: Base) -> Wish:
    """Another doodle in the manner of the painting replied to."""
    library = parts.community.styles.of_job(base.recipe.style_key)
    mine = person == base.recipe.person
    if library is not None and (library.scope == "house" or mine):
        wish = _in_style(parts, library, heard, sent)
    elif base.open_to(person):
        wish = _with_pictures_of(parts, heard, sent, base)
    else:
        raise NotPublishedError
    remix_of = None if base.work is None else base.work.id
    return replace(wish, request=replace(wish.request, remix_of=remix_of))


def _with_pictures_of(parts: Parts, heard: Heard, sent: Sequence[Sent], base: Base) -> Wish:
    roles = roles_of(sent, heard.rest, styled=True)
    style, style_map = (parts.desk.store.get(one) for one in (base.recipe.style, base.recipe.style_map))
    report = understand(style, style_map, roles["doodle"], base.recipe.label_names).report
    _refuse_problems(report)
    options = _options(heard, roles["doodle"])
    request = Request(style, style_map, roles["doodle"], roles.get("content"), options)
    request = replace(request, style_key=base.recipe.style_key, label_names=base.recipe.label_names)
    return Wish(request, "", _labels(report))


def _of_own(heard: Heard, sent: Sequence[Sent]) -> Wish:
    roles = roles_of(sent, heard.rest, styled=False)
    report = understand(roles["style"], roles["style_map"], roles["doodle"]).report
    _refuse_problems(report)
    options = _options(heard, roles["doodle"])
    return Wish(Request(roles["style"], roles["style_map"], roles["doodle"], roles.get("content"), options), "")


def _fitting_style(parts: Parts, heard: Heard, sent: Sent, styles: Sequence[LibraryStyle]) -> LibraryStyle:
    """The one style in whose colours the doodle is drawn, when the post names none. Raises DoubtError."""
    found = []
    for style in styles:
        data = parts.community.styles.data(style)
        report = understand(data.picture, data.map, sent.data).report
        if report.ok and not any(one.code in ("far", "overlap") for one in report.warnings):
            found.append(style)
    if len(found) == 1:
        return found[0]
    names = ", ".join(style.slug for style in (found or styles))
    if heard.rest and not found:
        raise DoubtError("no_style", name=heard.rest[:40], styles=names)
    raise DoubtError("which_style", styles=names)


def _refuse_problems(report: MapReport, naming: Naming = "colour") -> None:
    if not report.ok:
        raise ProblemsError(report, naming)


def _labels(report: MapReport) -> tuple[str, ...]:
    return tuple(entry.name for entry in report.legend if entry.doodle > 0)


def _options(heard: Heard, doodle: bytes) -> PaintOptions:
    given: dict[str, object] = {"seed": secrets.randbelow(SEEDS), **heard.choices}
    size = given.pop("size", None)
    if isinstance(size, int):
        if size > LARGEST_SIDE:
            raise NoFurtherError("size", str(size), f"≤ {LARGEST_SIDE}")
        given |= sized(*measure(doodle, "The doodle"), size)
    return checked(given)


def _described(parts: Parts, request: Request) -> tuple[str, tuple[str, ...]]:
    """The style's name, and the labels of the doodle, of a request that was painted before."""
    style = parts.community.styles.of_job(request.style_key)
    names = {} if style is None else style.label_names
    report = understand(None, request.style_map, request.doodle, names).report
    return "" if style is None else style.name, _labels(report) if style is not None else ()
