"""A style's colours as a palette that GIMP, Krita, Inkscape and others read (.gpl)."""

from collections.abc import Sequence

from bot.styles.description import Label


def palette_file(name: str, labels: Sequence[Label]) -> bytes:
    """The text of a GIMP palette, UTF-8."""
    lines = ["GIMP Palette", f"Name: {name}", "Columns: 1", "#"]
    for label in labels:
        red, green, blue = label.rgb
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{label.name}")
    return ("\n".join(lines) + "\n").encode()
