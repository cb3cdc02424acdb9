"""Why something can't be, or is doubtful, in the person's language: from the codes of the desk, its contract, the maps.

What has no code, or none that the catalogues know, is said as it comes, in English. `plain` is how a front writes
strangers' words (names of labels, files, styles) so that none of them is markup there.
"""

from collections.abc import Callable

from bot.community.catalogues import ENGLISH, SHARED
from bot.community.labels import Naming, label_name, label_names
from bot.desk import RefusedError, Standing
from worker.contract import PictureError
from worker.contract.maps.report import Finding, LegendEntry, MapReport

catalogue, say = SHARED.texts, SHARED.say

Plain = Callable[[str], str]

ROLES = {  # what others call the pictures in their sentences
    "the style": "style",
    "the style map": "style_map",
    "the doodle": "doodle",
    "the content": "content",
    "the content photo": "content",
}


def refusal(error: RefusedError | PictureError, language: str, plain: Plain = str) -> str:
    """What was refused and what to do."""
    key = f"refused.{error.code}"
    if key not in catalogue(language):
        return str(error)
    values = {name: _called(value, language, plain) for name, value in error.values.items()}
    try:
        return say(language, key, **values)
    except KeyError:  # a value that the sentence needs is missing: a reader that was broken into may tell any code
        return str(error)


def why_not(standing: Standing, language: str) -> str:
    """Why a job ended without a picture."""
    message = standing.message or ""
    key = f"failure.{standing.failure}"
    if language == ENGLISH or key not in catalogue(language):
        return message
    return say(language, key, reason=message.rstrip("."))


def doubt(finding: Finding, report: MapReport, language: str, naming: Naming = "own", plain: Plain = str) -> str:
    """One problem or warning about a map."""
    key = f"finding.{finding.code.replace(' ', '_')}"
    if key not in catalogue(language) or "the mask " in finding.text:  # masks have no colours to speak of
        return finding.text
    unused = [entry.name for entry in report.legend if entry.style and not entry.doodle]
    values = {
        "role": say(language, f"role.{finding.role or 'doodle'}"),
        "size": _size(finding, report),
        "unused": plain(", ".join(label_names(unused, naming, language))),
        **_about_label(finding, report.legend),
    }
    for name, colour in (("name", "colour"), ("nearest", "nearest_colour")):
        if values[name] != values[colour]:  # else it has no name but its colour
            values[name] = plain(label_name(values[name], naming, language))
    return say(language, key, **values)


def _called(value: object, language: str, plain: Plain) -> object:
    role = ROLES.get(str(value).lower())
    if role is not None and language != ENGLISH:
        return say(language, f"role.{role}")
    return plain(value) if isinstance(value, str) else value


def _size(finding: Finding, report: MapReport) -> str:
    size = report.sizes.get(finding.role) if finding.role is not None else None
    return "?" if size is None else f"{size.width}x{size.height} px"


def _about_label(finding: Finding, legend: tuple[LegendEntry, ...]) -> dict[str, str]:
    """The label that it is about, and the style map's label that is nearest to it in RGB."""
    colour = finding.colour
    if colour is None:
        return dict.fromkeys(("name", "colour", "style", "doodle", "nearest", "nearest_colour"), "?")
    entry = next((one for one in legend if one.colour == colour), None)
    others = [one for one in legend if one.style]
    near = min(others, key=lambda one: _apart(one.colour, colour), default=None)
    return {
        "name": colour if entry is None else entry.name,
        "colour": colour,
        "style": "?" if entry is None else _percent(entry.style),
        "doodle": "?" if entry is None else _percent(entry.doodle),
        "nearest": "?" if near is None else near.name,
        "nearest_colour": "?" if near is None else near.colour,
    }


def _apart(one: str, other: str) -> int:
    return sum((a - b) ** 2 for a, b in zip(bytes.fromhex(one[1:]), bytes.fromhex(other[1:]), strict=True))


def _percent(share: float) -> str:
    return f"{share:.1%}" if share < 0.01 else f"{share:.0%}"
