"""From the files of a style map and a doodle to what the engine gets, and to what a person is told."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache

from worker.contract.errors import PictureError
from worker.contract.maps.align import Aligned, align
from worker.contract.maps.findings import doubts, lacking
from worker.contract.maps.fit import Picture, fit, fits
from worker.contract.maps.labels import LabelMap, label_map
from worker.contract.maps.named import read_names
from worker.contract.maps.palette import MOST_LABELS
from worker.contract.maps.reading import map_size, read_map
from worker.contract.maps.report import Code, Finding, MapReport, Role, Size
from worker.contract.maps.semantic_map import Kind, SemanticMap, Values
from worker.contract.maps.smooth import smooth_labels, smooth_values
from worker.contract.maps.vectors import equal_channels, far_from_style
from worker.contract.maps.words import lower
from worker.contract.options import MapMode, MapOptions
from worker.contract.pictures import check_aspects, picture_size

CALLED: dict[str, str] = {
    "style": "The style",
    "style_map": "The style map",
    "doodle": "The doodle",
    "content": "The content",
}
MAPS: tuple[Role, Role] = ("style_map", "doodle")
PAINTING = "The painting asked for"
KEPT_MAPS, KEPT_BYTES, KEPT_PIXELS = 32, 1 << 20, 1 << 20  # style maps whose labels are remembered: 64 MiB at most


@dataclass(frozen=True, slots=True)
class Understood:
    """Both maps as the engine gets them, and the report on them."""

    report: MapReport
    style_map: Values | None = field(default=None, repr=False)  # (Hs, Ws, M) uint8 or float32; None with problems
    doodle: Values | None = field(default=None, repr=False)  # (H, W, M)
    aligned: Aligned | None = field(default=None, repr=False)  # in mode labels, where it came that far


def check_maps(
    style: bytes | None,
    style_map: bytes,
    doodle: bytes,
    *,
    names: Mapping[str, str] | None = None,
    mode: MapMode | None = None,
    options: MapOptions | None = None,
    label_names: Mapping[str, str] | None = None,
) -> MapReport:
    """What is understood of a style map and a doodle; never raises for what is in the files.

    style        the painting, for its shape; None leaves that out
    names        what to call the files in messages, by role: style, style_map, doodle
    mode         instead of the one in `options`
    label_names  names by colour `#rrggbb`, as a style gives them; they go before those in the map's own file
    """
    options = options or MapOptions()
    if mode is not None:
        options = options.model_copy(update={"mode": mode})
    return understand(style, style_map, doodle, names=names, options=options, label_names=label_names).report


def understand(
    style: bytes | None,
    style_map: bytes,
    doodle: bytes,
    *,
    names: Mapping[str, str] | None = None,
    options: MapOptions | None = None,
    label_names: Mapping[str, str] | None = None,
    painting: tuple[int, int] | None = None,
) -> Understood:
    """As `check_maps`, with the maps themselves; `painting` is the (width, height) asked for."""
    check = _Check({**CALLED, **(names or {})}, options or MapOptions())
    try:
        check.measure(style, {"style_map": style_map, "doodle": doodle}, painting)
        if check.options.mode == "labels":
            return check.labels(style_map, doodle, label_names)
        return check.vectors(style_map, doodle)
    except _Refused as refused:
        return Understood(check.report(problems=refused.problems))


class _Refused(Exception):  # noqa: N818 - the way out of the steps below, not an error that anybody sees
    """The maps can't be understood any further."""

    def __init__(self, *problems: Finding) -> None:
        self.problems = problems


class _Check:
    """The steps, and what they found so far."""

    def __init__(self, called: Mapping[str, str], options: MapOptions) -> None:
        self.called = called
        self.options = options
        self.sizes: dict[Role, Size] = {}
        self.wanted: dict[Role, tuple[int, int]] = {}  # the (width, height) whose aspect a map should have
        self.resized: list[Finding] = []

    def measure(self, style: bytes | None, maps: dict[Role, bytes], painting: tuple[int, int] | None) -> None:
        """The sizes, from headers, and whether they fit."""
        found: dict[Role, tuple[int, int]] = {}
        if style is not None:
            with self._about("style", "unreadable"):
                found["style"] = self.wanted["style_map"] = picture_size(style, self.called["style"])
        for role, data in maps.items():
            with self._about(role, "unreadable"):
                found[role] = map_size(data, self.called[role])
        self.sizes = {role: Size(width=width, height=height) for role, (width, height) in found.items()}
        if painting is not None:
            self.wanted["doodle"] = painting
        for role, wanted in self.wanted.items():
            one = self.called["style"] if role == "style_map" else PAINTING
            other = lower(self.called[role])
            with self._about(role, "shape"):
                if self.options.fit == "refuse":
                    check_aspects({one: wanted, other: found[role]}, one, other)
            if found[role] != wanted and role == "style_map":
                self._tell_resized(role, found[role], wanted)

    def labels(self, style_map: bytes, doodle: bytes, label_names: Mapping[str, str] | None) -> Understood:
        """Mode labels: each pixel one label of a palette that both share."""
        read = {"style_map": self._labelled("style_map", style_map), "doodle": self._labelled("doodle", doodle)}
        maps = {role: map_ for role, (map_, _) in read.items()}
        if read["style_map"][1] != read["doodle"][1]:
            raise _Refused(self._unlike({role: kind for role, (_, kind) in read.items()}))
        names = {**read_names(style_map), **(label_names or {})}
        aligned, match = align(maps["style_map"], maps["doodle"], names)
        about = (maps["style_map"], maps["doodle"], match, aligned, self.called)
        report = self.report(lacking(*about), doubts(*about)).model_copy(update={"legend": aligned.legend()})
        if report.problems:
            return Understood(report, aligned=aligned)
        style_planes, doodle_planes = aligned.planes()
        report = report.model_copy(update={"channels": style_planes.shape[2]})
        return Understood(report, style_planes, doodle_planes, aligned)

    def vectors(self, style_map: bytes, doodle: bytes) -> Understood:
        """Modes colours and embedding: the values as they are."""
        one, other = self._read("style_map", style_map, keep=True), self._read("doodle", doodle, keep=True)
        if one.kind != other.kind:
            raise _Refused(self._unlike({"style_map": one.kind, "doodle": other.kind}))
        style, target = equal_channels(one, other)
        if style.shape[2] != target.shape[2]:
            text = (
                f"{self.called['style_map']} has {style.shape[2]} channels and {lower(self.called['doodle'])} "
                f"{target.shape[2]}: save both with the same ones"
            )
            raise _Refused(Finding(code="channels", text=text, role="doodle"))
        style, target = self._fitted("style_map", style), self._fitted("doodle", target)
        if self.options.smooth:
            style, target = (smooth_values(values, self.options.smooth) for values in (style, target))
        report = self.report(warnings=far_from_style(style, target, self.called))
        return Understood(report.model_copy(update={"channels": style.shape[2]}), style, target)

    def report(self, problems: tuple[Finding, ...] = (), warnings: tuple[Finding, ...] = ()) -> MapReport:
        """What is known so far."""
        return MapReport(
            mode=self.options.mode,
            channels=0,
            sizes=self.sizes,
            problems=problems,
            warnings=(*self.resized, *warnings),
        )

    def _labelled(self, role: Role, data: bytes) -> tuple[LabelMap, Kind]:
        """The labels of one map, fitted and smoothed, and of which kind the file is."""
        size = self.sizes[role]
        known = role == "style_map" and len(data) <= KEPT_BYTES and size.width * size.height <= KEPT_PIXELS
        with self._about(role, "unreadable"):
            kind, channels, found = (_found_again if known else _found)(data, self.called[role])
        if found is None:
            text = (
                f"{self.called[role]} holds an embedding of {channels} channels, not labels: choose the map mode "
                "embedding, or save masks (one channel a label, 0 or 1)"
            )
            raise _Refused(Finding(code="mode", text=text, role=role))
        if found.painted or found.crowded:
            raise _Refused(self._no_map(role, found))
        labels = self._fitted(role, found.labels)
        if self.options.smooth:
            labels = smooth_labels(labels, len(found.colours), self.options.smooth)
        return found.with_labels(labels), kind

    def _read(self, role: Role, data: bytes, *, keep: bool) -> SemanticMap:
        with self._about(role, "unreadable"):
            return read_map(data, self.called[role], keep=keep)

    def _fitted(self, role: Role, picture: Picture) -> Picture:
        with self._about(role, "shape"):
            return (
                fit(picture, self.wanted[role], self.options.fit, self.called[role]) if role in self.wanted else picture
            )

    def _no_map(self, role: Role, found: LabelMap) -> Finding:
        """A photo, a painting or a gradient given as a map."""
        called = self.called[role]
        if found.painted:
            text = (
                f"{called} looks like a photo or a painting, not like a map of flat colours: give the picture where "
                "each part is filled with one colour, or have a map suggested (twobit map suggest)"
            )
            return Finding(code="painted", text=text, role=role)
        text = (
            f"{called} has more than {MOST_LABELS} colours that fill a spot: use fewer, or choose the map mode colours "
            "to keep what lies between"
        )
        return Finding(code="crowded", text=text, role=role)

    def _unlike(self, kinds: Mapping[str, str]) -> Finding:
        words = {"picture": "a picture", "masks": "a stack of masks", "vectors": "an embedding"}
        text = (
            f"{self.called['style_map']} is {words[kinds['style_map']]} and {lower(self.called['doodle'])} "
            f"{words[kinds['doodle']]}: save both the same way"
        )
        return Finding(code="kinds", text=text, role="doodle")

    def _tell_resized(self, role: Role, size: tuple[int, int], wanted: tuple[int, int]) -> None:
        close = fits(size, wanted)
        done = "resized" if close else "cropped and resized" if self.options.fit == "crop" else "padded and resized"
        text = f"{self.called[role]} is {size[0]}x{size[1]} px and is {done} to the style's {wanted[0]}x{wanted[1]}."
        self.resized.append(Finding(code="resized", text=text, role=role))

    @contextmanager
    def _about(self, role: Role, code: Code) -> Iterator[None]:
        """What goes wrong with a file becomes a problem of the report."""
        try:
            yield
        except PictureError as error:
            raise _Refused(Finding(code=code, text=str(error), role=role)) from error


def _found(data: bytes, name: str) -> tuple[Kind, int, LabelMap | None]:
    """Of which kind a map's file is, its channels, and its labels where it can have any. Raises PictureError."""
    map_ = read_map(data, name)
    found = None if map_.kind == "vectors" else label_map(map_)
    if found is not None:
        found.labels.setflags(write=False)
    return map_.kind, map_.channels, found


# A style's map comes with every doodle: a desk reads those in use once.
_found_again = lru_cache(KEPT_MAPS)(_found)
