"""What is understood of a style map and a doodle: the report, and a picture of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from bot.desk.questions.question import Header, Message, Question, colour_of, encoded, pixels_of, share_of, text_of
from worker.contract.maps import draw_preview, understand
from worker.contract.maps.report import Finding, LegendEntry, MapReport
from worker.contract.pictures import MAX_PIXELS, Rgb

Show = Literal["report", "doubts", "sheet", "map"]  # no picture; a sheet where there are doubts; a sheet; the style map

MOST_TEXT = 2000  # characters of one finding
MOST_NAME = 200  # characters of a label's name
MOST_LISTED = 256  # labels; findings of one kind
MOST_CHANNELS = 2**31
MOST_SHEET = 8 * 2**20  # bytes; with everything on it that is listed it has a tenth


@dataclass(frozen=True, slots=True)
class Seen:
    """What a front shows."""

    report: MapReport
    sheet: bytes | None = field(default=None, repr=False)  # PNG, to be passed on and not to be read
    map: Rgb | None = field(default=None, repr=False)  # (H, W, 3) uint8: the style map's labels in their colours


@dataclass(frozen=True)
class Understand(Question[Seen]):
    """About a style map and a doodle, perhaps with their style."""

    kind = "understand"
    style: bytes | None = field(repr=False)
    style_map: bytes = field(repr=False)
    doodle: bytes = field(repr=False)
    label_names: Mapping[str, str] = field(default_factory=dict)  # by colour `#rrggbb`
    show: Show = "report"

    @property
    def called(self) -> str:
        """See Question."""
        return "one of the pictures"

    def asked(self) -> Message:
        """See Question."""
        parts = [self.style_map, self.doodle]
        said: Header = {"label_names": dict(self.label_names), "show": self.show}
        return said, parts if self.style is None else [*parts, self.style]

    @classmethod
    def heard(cls, message: Message) -> Self:
        """See Question."""
        header, parts = message
        style_map, doodle, *style = parts
        return cls(style[0] if style else None, style_map, doodle, header["label_names"], header["show"])

    def answer(self) -> Seen:
        """See Question."""
        found = understand(self.style, self.style_map, self.doodle, label_names=self.label_names)
        report, aligned = trimmed(found.report), found.aligned
        doubtful = bool(report.problems or report.warnings)
        sheet = draw_preview(found) if self.show == "sheet" or (self.show == "doubts" and doubtful) else None
        shown = aligned.colours[aligned.style] if self.show == "map" and aligned is not None and report.ok else None
        return Seen(report, sheet, shown)

    def told(self, answer: Seen) -> Message:
        """See Question."""
        said: Header = {"report": answer.report.model_dump(mode="json")}
        if answer.map is not None:
            return {**said, "shape": answer.map.shape[:2]}, [answer.map.tobytes()]
        return said, [] if answer.sheet is None else [answer.sheet]

    def believed(self, message: Message) -> Seen:
        """See Question."""
        header, parts = message
        report = bounded(MapReport.model_validate(header["report"]))
        if self.show == "map":
            return Seen(report, map=pixels_of(header["shape"], parts[0]) if parts and report.ok else None)
        if self.show == "sheet" and not parts:
            raise ValueError("no sheet")
        return Seen(report, encoded(parts[0], "png", MOST_SHEET) if parts and self.show != "report" else None)

    @classmethod
    def samples(cls, data: bytes) -> list[Self]:
        """See Question."""
        return [cls(data, data, data, {}, "sheet"), cls(data, data, data, {}, "map")]


def trimmed(report: MapReport) -> MapReport:
    """The report within what is believed: masks may have endless names."""
    legend = tuple(one.model_copy(update={"name": one.name[:MOST_NAME]}) for one in report.legend[:MOST_LISTED])
    problems, warnings = (
        tuple(one.model_copy(update={"text": one.text[:MOST_TEXT]}) for one in found[:MOST_LISTED])
        for found in (report.problems, report.warnings)
    )
    return report.model_copy(update={"legend": legend, "problems": problems, "warnings": warnings})


def bounded(report: MapReport) -> MapReport:
    """The report, when every text, list and number in it is one that we would tell. Raises ValueError."""
    listed: tuple[tuple[Any, ...], ...] = (report.legend, report.problems, report.warnings)
    if max(map(len, listed)) > MOST_LISTED or not 0 <= report.channels < MOST_CHANNELS:
        raise ValueError("too much of it")
    for size in report.sizes.values():
        if min(size.width, size.height) < 1 or size.width * size.height > MAX_PIXELS:
            raise ValueError("no size of a picture")
    for entry in report.legend:
        _check_entry(entry)
    for finding in (*report.problems, *report.warnings):
        _check_finding(finding)
    return report


def _check_entry(entry: LegendEntry) -> None:
    text_of(entry.name, MOST_NAME)
    colour_of(entry.colour)
    share_of(entry.style)
    share_of(entry.doodle)


def _check_finding(finding: Finding) -> None:
    text_of(finding.text, MOST_TEXT)
    if finding.colour is not None:
        colour_of(finding.colour)
