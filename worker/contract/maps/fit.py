"""Shapes: what is cropped or padded on request, and resizing that makes no colour that nobody drew."""

from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from worker.contract.options import Fit
from worker.contract.pictures import ASPECT_TOLERANCE, check_size

Picture = TypeVar("Picture", bound=NDArray[Any])


def fits(size: tuple[int, int], wanted: tuple[int, int]) -> bool:
    """True where the aspects of two (width, height) are within 2 %."""
    return abs(size[0] * wanted[1] / (size[1] * wanted[0]) - 1) <= ASPECT_TOLERANCE


def fit(picture: Picture, wanted: tuple[int, int], how: Fit, name: str) -> Picture:
    """A picture (H, W, ...) cropped about its middle, or padded with its border, to the aspect of `wanted`.

    What is within 2 % already stays as it is. Raises PictureError where too much or too little would be left.
    """
    height, width = picture.shape[:2]
    if how == "refuse" or fits((width, height), wanted):
        return picture
    wide = width * wanted[1] > height * wanted[0]
    if (how == "crop") == wide:
        new = round(height * wanted[0] / wanted[1]), height
    else:
        new = width, round(width * wanted[1] / wanted[0])
    check_size(*new, f"{name}, made to fit,")
    across, down = new[0] - width, new[1] - height
    if how == "crop":
        left, top = -across // 2, -down // 2
        return picture[top : top + new[1], left : left + new[0]]  # type: ignore[return-value]
    margins = [(down // 2, down - down // 2), (across // 2, across - across // 2)] + [(0, 0)] * (picture.ndim - 2)
    return np.pad(picture, margins, mode="edge")  # type: ignore[return-value]
