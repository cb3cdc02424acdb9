"""A style's colours as a palette that GIMP, Krita, Inkscape and others read (.gpl)."""

from bot.styles.description import Description


def palette_file(description: Description) -> bytes:
    """The text of a GIMP palette, UTF-8."""
    lines = ["GIMP Palette", f"Name: {description.name}", "Columns: 1", "#"]
    for label in description.label:
        red, green, blue = label.rgb
        lines.append(f"{red:3d} {green:3d} {blue:3d}\t{label.name}")
    return ("\n".join(lines) + "\n").encode()
