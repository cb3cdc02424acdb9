"""How paintings are sorted in figures, the same at desk and worker."""

import math

SIDES = (256, 512, 1024, 2048, 4096)  # px; a painting is counted with the first square that holds as many pixels
PAINT_SECONDS = (0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 60.0, 180.0, 600.0)


def side_of(pixels: int) -> str:
    """The label of a painting's size."""
    side = math.sqrt(pixels)
    return str(next((each for each in SIDES if side <= each), "more")) if pixels else "unknown"
