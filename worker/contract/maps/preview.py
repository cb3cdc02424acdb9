"""The report as a picture that is legible on a phone: both maps as understood, the legend, what is wrong."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from worker.contract.lettering import Font, font_for
from worker.contract.maps.align import Aligned
from worker.contract.maps.check import Understood
from worker.contract.maps.report import Finding, LegendEntry
from worker.contract.maps.semantic_map import Values
from worker.contract.maps.words import share_text

WIDTH = 720  # px; a phone shows it without zooming
MARGIN = 16
GAP = 12
TEXT = 22  # px
SMALL = 18
ROW = 40  # px of a line of the legend
TALLEST = 480  # px of a map
HATCH = 10  # px between the strokes over what is wrong
MOST_FINDINGS = 8
PAPER, INK, FAINT, BAD, DOUBT = "#ffffff", "#1c1c1c", "#6b6b6b", "#b00020", "#8a5a00"

Rgb = NDArray[np.uint8]


def draw_preview(understood: Understood) -> bytes:
    """PNG bytes, WIDTH px wide."""
    report = understood.report
    lines = _sentences(report.problems, "Problem", BAD) + _sentences(report.warnings, "Note", DOUBT)
    maps = _maps(understood)
    tallest = max((picture.height for _, picture in maps), default=0)
    legend = report.legend
    height = MARGIN * 2 + (tallest + ROW if maps else 0) + (ROW * (len(legend) + 1) if legend else 0)
    height += sum(_line_height(text) for text, _ in lines) + GAP
    sheet = Image.new("RGB", (WIDTH, height), PAPER)
    pen = ImageDraw.Draw(sheet)
    top = MARGIN
    for index, (title, picture) in enumerate(maps):
        left = MARGIN + index * ((WIDTH - 2 * MARGIN - GAP) // 2 + GAP)
        pen.text((left, top), title, INK, font_for(title, TEXT))
        sheet.paste(picture, (left, top + ROW - 6))
        pen.rectangle((left - 1, top + ROW - 7, left + picture.width, top + ROW - 6 + picture.height), outline=FAINT)
    top += tallest + ROW + GAP if maps else 0
    if legend:
        top = _draw_legend(sheet, pen, legend, top)
    for text, colour in lines:
        pen.text((MARGIN, top), text, colour, font_for(text, SMALL))
        top += _line_height(text)
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


def hatched(picture: Rgb, wrong: NDArray[np.bool_]) -> Rgb:
    """(H, W, 3) with black and white strokes over what is wrong: seen on any colour."""
    y, x = np.indices(wrong.shape)
    stroke = (x + y) % HATCH
    out = picture.copy()
    out[wrong & (stroke < 2)] = 0
    out[wrong & (stroke >= 2) & (stroke < 4)] = 255
    return out


def _maps(understood: Understood) -> list[tuple[str, Image.Image]]:
    """Titles and pictures of the two maps, as far as they were understood."""
    aligned = understood.aligned
    if aligned is not None:
        pictures = [(aligned.colours[map_], np.isin(map_, aligned.missing)) for map_ in (aligned.style, aligned.doodle)]
    elif understood.style_map is not None and understood.doodle is not None:
        shown = as_pictures(None, understood.style_map, understood.doodle)
        pictures = [(picture, np.zeros(picture.shape[:2], bool)) for picture in shown]
    else:
        return []
    wide = (WIDTH - 2 * MARGIN - GAP) // 2
    out = []
    for title, (picture, wrong) in zip(("Style map", "Doodle"), pictures, strict=True):
        height, width = picture.shape[:2]
        scale = min(wide / width, TALLEST / height)
        rows = (np.arange(max(1, round(height * scale))) / scale).astype(int).clip(0, height - 1)
        columns = (np.arange(max(1, round(width * scale))) / scale).astype(int).clip(0, width - 1)
        small = hatched(picture[rows[:, None], columns], wrong[rows[:, None], columns])
        out.append((title, Image.fromarray(small)))
    return out


def as_pictures(aligned: Aligned | None, style_map: Values, doodle: Values) -> tuple[Rgb, Rgb]:
    """Both maps as a person sees them, (., ., 3) uint8.

    Labels in their colours, else the first three channels, stretched over both maps alike and made smaller where they
    are wider than WIDTH.
    """
    if aligned is not None:
        return aligned.colours[aligned.style], aligned.colours[aligned.doodle]
    one, other = _shown(style_map, doodle)
    return one, other


def _shown(*maps: Values) -> list[Rgb]:
    low = min(float(values[..., :3].min()) for values in maps)
    span = max(float(values[..., :3].max()) for values in maps) - low or 1.0
    out = []
    for values in maps:
        step = max(1, max(values.shape[:2]) // WIDTH)
        part = (values[::step, ::step, :3].astype(np.float32) - low) / span
        if part.shape[2] < 3:
            part = np.repeat(part[..., :1], 3, axis=2)
        out.append(np.rint(part * 255).astype(np.uint8))
    return out


def _draw_legend(sheet: Image.Image, pen: ImageDraw.ImageDraw, legend: tuple[LegendEntry, ...], top: int) -> int:
    text, small = font_for("", TEXT), font_for("", SMALL)
    columns = (MARGIN + 56, WIDTH - 290, WIDTH - 112, WIDTH - MARGIN)
    for left, title in zip(columns[2:], ("map", "doodle"), strict=True):
        pen.text((left, top + 4), title, FAINT, small, anchor="ra")
    top += ROW - 8
    for entry in legend:
        swatch = np.empty((ROW - 8, 44, 3), np.uint8)
        swatch[:] = np.frombuffer(bytes.fromhex(entry.colour[1:]), np.uint8)
        wrong = np.full(swatch.shape[:2], entry.problem)
        sheet.paste(Image.fromarray(hatched(swatch, wrong)), (MARGIN, top))
        pen.rectangle((MARGIN, top, MARGIN + 43, top + ROW - 9), outline=FAINT)
        ink = BAD if entry.problem else INK
        name = f"{entry.name}, not in the style map" if entry.problem else entry.name
        letters = font_for(name, TEXT)
        pen.text((columns[0], top + 3), _shortened(name, letters, 340), ink, letters)
        pen.text((columns[1], top + 6), entry.colour, FAINT, small)
        for left, share in zip(columns[2:], (entry.style, entry.doodle), strict=True):
            pen.text((left, top + 3), share_text(share) if share else "-", ink, text, anchor="ra")
        top += ROW
    return top + GAP


def _sentences(findings: tuple[Finding, ...], title: str, colour: str) -> list[tuple[str, str]]:
    """Lines of text that fit the sheet, with their colours."""
    lines = []
    for finding in findings[:MOST_FINDINGS]:
        text = f"{title}: {finding.text}"
        lines += [(line, colour) for line in [*_wrapped(text, font_for(text, SMALL)), ""]]
    if len(findings) > MOST_FINDINGS:
        lines.append((f"... and {len(findings) - MOST_FINDINGS} more", colour))
    return lines


def _line_height(text: str) -> int:
    """px; an empty line is a gap between two sentences."""
    return SMALL + 8 if text else SMALL // 2


def _wrapped(text: str, font: Font) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= WIDTH - 2 * MARGIN:
            lines[-1] = longer
            continue
        while font.getlength(word) > WIDTH - 2 * MARGIN:  # a path without a space
            cut = next(end for end in range(len(word), 0, -1) if font.getlength(word[:end]) <= WIDTH - 2 * MARGIN)
            lines.append(word[:cut])
            word = word[cut:]
        lines.append(word)
    return [line for line in lines if line]


def _shortened(text: str, font: Font, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    end = next(end for end in range(len(text), 0, -1) if font.getlength(f"{text[:end]}…") <= width)
    return f"{text[:end]}…"
