"""What an instant preview costs: `python -m benchmarks.colour`. Writes benchmarks/results/colour.md.

From the files' bytes to the painted picture, as the page asks for it: decoding, checking and aligning, then `--method
colour`. Style and map are house pictures of 1024x768 px; the doodle is the style's own, at 512x384 and 1024x768.
"""

import io
import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from PIL import Image

from benchmarks.report import format_table, write_report
from bot.styles import Style, house_styles
from worker.contract import PaintOptions
from worker.contract.fitting import decode_fitting
from worker.contract.preview import METHOD, paint_preview

GOAL = 0.5  # seconds
RUNS = 9
SIZES = ((512, 384), (1024, 768))
OPTIONS = PaintOptions(method=METHOD)


@dataclass(frozen=True, slots=True)
class Cost:
    """Medians, in seconds."""

    wall: float
    cpu: float


def cost(work: Callable[[], object]) -> Cost:
    """Of one piece of work, after it was done once to warm up."""
    work()
    walls, cpus = [], []
    for _ in range(RUNS):
        began, busy = time.perf_counter(), time.process_time()
        work()
        walls.append(time.perf_counter() - began)
        cpus.append(time.process_time() - busy)
    return Cost(median(walls), median(cpus))


def doodle_of(style: Style, size: tuple[int, int]) -> bytes:
    """The style's doodle as a PNG of that size, no colour mixed."""
    out = io.BytesIO()
    with Image.open(style.doodle) as image:
        image.convert("RGB").resize(size, Image.Resampling.NEAREST).save(out, "PNG")
    return out.getvalue()


def row(style: Style, size: tuple[int, int]) -> tuple[str, ...]:
    """One line of the table."""
    encoded = {"style": style.picture.read_bytes(), "style_map": style.map.read_bytes()}
    encoded["doodle"] = doodle_of(style, size)
    fitted = decode_fitting(encoded, OPTIONS)
    decode = cost(lambda: decode_fitting(encoded, OPTIONS))
    paint = cost(lambda: paint_preview(fitted, OPTIONS))
    both = cost(lambda: paint_preview(decode_fitting(encoded, OPTIONS), OPTIONS))
    shown = [f"{part.wall:.3f} / {part.cpu:.3f}" for part in (decode, paint, both)]
    return style.slug, f"{size[0]}x{size[1]}", *shown, "yes" if both.wall <= GOAL else "no"


def main() -> None:
    """Measure, print, write the page."""
    heads = ("style", "doodle", "decode", "paint", "both", f"<= {GOAL} s")
    rows = [row(style, size) for size in SIZES for style in house_styles()]
    body = f"Seconds of wall clock / of processor time, warm, median of {RUNS}.\n\n{format_table(heads, rows)}"
    print(body)
    write_report("colour", "The instant preview, `--method colour`", body)


if __name__ == "__main__":
    main()
