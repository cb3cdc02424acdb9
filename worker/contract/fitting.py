"""Whether pictures and choices make a job at all: every front and the command line check it before any dear work."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from worker.contract.errors import PictureError
from worker.contract.maps.align import Aligned
from worker.contract.maps.check import CALLED, understand
from worker.contract.maps.fit import fit
from worker.contract.maps.photo import unrelated
from worker.contract.maps.preview import as_pictures
from worker.contract.maps.report import Finding, MapReport
from worker.contract.maps.semantic_map import Values
from worker.contract.maps.words import lower
from worker.contract.options import PaintOptions
from worker.contract.pictures import Rgb, check_aspects, decode, picture_size


@dataclass(frozen=True, slots=True)
class Fitted:
    """Everything decoded and brought to fit, as the engine wants it."""

    style: Rgb = field(repr=False)  # (Hs, Ws, 3) uint8
    style_map: Values = field(repr=False)  # (Hs, Ws, M) uint8, or float32 of any range
    doodle: Values = field(repr=False)  # (H, W, M), the same M in the same meaning
    content: Rgb | None = field(repr=False)  # (H, W, 3) uint8
    report: MapReport
    aligned: Aligned | None = field(default=None, repr=False)  # the maps as labels; None in modes that keep values

    @property
    def notes(self) -> tuple[str, ...]:
        """What is doubtful about the maps, one sentence each."""
        return tuple(warning.text for warning in self.report.warnings if warning.code != "resized")

    def pictures(self) -> dict[str, Rgb]:
        """Each by role as a person sees it, (., ., 3) uint8."""
        style_map, doodle = as_pictures(self.aligned, self.style_map, self.doodle)
        shown = {"style": self.style, "style_map": style_map, "doodle": doodle}
        return shown if self.content is None else {**shown, "content": self.content}


def decode_fitting(
    encoded: Mapping[str, bytes],
    options: PaintOptions,
    names: Mapping[str, str] | None = None,
    label_names: Mapping[str, str] | None = None,
) -> Fitted:
    """Decode the pictures by role (style, style_map, doodle, perhaps content), and bring the maps to one palette.

    `names`: what to call each in a message. `label_names`: what to call the labels, by colour `#rrggbb`; they go before
    the names in the style map's own file. Raises PictureError, one sentence with the numbers and the way out.
    """
    called = {**CALLED, **(names or {})}
    style = decode(encoded["style"], called["style"])
    painting = None if options.width is None or options.height is None else (options.width, options.height)
    content = None
    if "content" in encoded:
        picture_size(encoded["content"], called["content"])  # the cheap look before the dear one at the maps
    understood = understand(
        encoded["style"],
        encoded["style_map"],
        encoded["doodle"],
        names=called,
        options=options.maps,
        label_names=label_names,
        painting=painting,
    )
    report = understood.report
    if report.problems or understood.style_map is None or understood.doodle is None:
        raise PictureError(_told(report))
    if "content" in encoded:
        content = decode(encoded["content"], called["content"])
        height, width = understood.doodle.shape[:2]
        content = fit(content, (width, height), options.maps.fit, called["content"])
        photo = lower(called["content"])
        sizes = {photo: (content.shape[1], content.shape[0]), called["doodle"]: (width, height)}
        check_aspects(sizes, called["doodle"], photo)
        report = _with_doubt(report, understood.aligned, content, called)
    return Fitted(style, understood.style_map, understood.doodle, content, report, understood.aligned)


def _with_doubt(report: MapReport, aligned: Aligned | None, photo: Rgb, called: Mapping[str, str]) -> MapReport:
    """The report, with a word about a doodle that has nothing to do with the photo."""
    if aligned is None or not unrelated(aligned.doodle, photo):
        return report
    text = (
        f"The labels of {lower(called['doodle'])} follow nothing in {lower(called['content'])}: with a photo the "
        "doodle is the photo's map. Draw it over the photo, or begin with a map suggested for it."
    )
    doubt = Finding(code="unlike photo", text=text, role="content")
    return report.model_copy(update={"warnings": (*report.warnings, doubt)})


def _told(report: MapReport) -> str:
    """The problems as one sentence; beyond the second only how many more there are."""
    texts = [problem.text for problem in report.problems]
    more = f"; and {len(texts) - 2} more of the kind" if len(texts) > 2 else ""
    return "; ".join(texts[:2]) + more
