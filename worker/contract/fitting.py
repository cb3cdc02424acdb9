"""Whether pictures and choices make a job at all: every front and the command line check it before any dear work."""

from collections.abc import Mapping

from worker.contract.options import PaintOptions
from worker.contract.pictures import Rgb, check_aspects, decode, picture_size

PAIRS = (("style", "style_map"), ("doodle", "content"))
PAINTING = "the painting asked for"


def decode_fitting(encoded: Mapping[str, bytes], names: Mapping[str, str], options: PaintOptions) -> dict[str, Rgb]:
    """The decoded pictures by role (style, style_map, doodle, perhaps content), each (H, W, 3) uint8.

    `names`: what to call each in a message. Raises PictureError, one sentence with the numbers and the way out.
    """
    sizes = {names[role]: picture_size(data, names[role]) for role, data in encoded.items()}
    for one, other in PAIRS:
        if one in encoded and other in encoded:
            check_aspects(sizes, names[one], names[other])
    if options.width is not None and options.height is not None:
        asked = {PAINTING: (options.width, options.height), names["doodle"]: sizes[names["doodle"]]}
        check_aspects(asked, PAINTING, names["doodle"])
    return {role: decode(data, names[role]) for role, data in encoded.items()}
