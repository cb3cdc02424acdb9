"""The bytes of a map, whatever they are, as a SemanticMap.

Pictures (PNG, WebP, JPEG, GIF, TIFF), stacks of masks (TIFF of several pages, ZIP of pictures, NPZ), NumPy arrays (NPY,
NPZ). Raises PictureError for what can't be read, naming the file, and nothing else.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from worker.contract.errors import PictureError
from worker.contract.maps.archive import files_of, is_archive
from worker.contract.maps.arrays import MAGIC, array_map, array_size, read_array
from worker.contract.maps.semantic_map import MOST_MASKS, MOST_VALUES, SemanticMap
from worker.contract.pictures import (
    check_bytes,
    eight_bits,
    is_lossy,
    opened,
    over_white,
    picture_size,
    reading,
    upright,
)

DEEP = ("I;16", "I", "F", "I;16B", "I;16L")
GREY = ("1", "L", *DEEP)


def read_map(data: bytes, name: str, *, keep: bool = False) -> SemanticMap:
    """The map in a file's bytes; `name` is what messages call it.

    A picture becomes RGB over white, (H, W, 3); with `keep` it stays grey (M = 1) or RGBA (M = 4) where it is.
    Raises PictureError.
    """
    check_bytes(data, name)
    with reading(name):
        if data.startswith(MAGIC):
            return array_map({"": read_array(data, name)}, name)
        if is_archive(data):
            return _archive_map(data, name)
        return _picture_map(data, name, keep=keep)


def map_size(data: bytes, name: str) -> tuple[int, int]:
    """(width, height) in px, from headers alone where that tells it. Raises PictureError."""
    check_bytes(data, name)
    with reading(name):
        if data.startswith(MAGIC):
            return array_size(data, name)
        if is_archive(data):
            member, content = next(files_of(data, name))
            return (
                array_size(content, name) if content.startswith(MAGIC) else picture_size(content, f"{name}: {member}")
            )
        return picture_size(data, name)


def _picture_map(data: bytes, name: str, *, keep: bool) -> SemanticMap:
    with opened(data, name) as image:
        if image.format == "TIFF":
            pages = _pages(image, name)
            if pages is not None:
                return pages
        grey, alpha = image.mode in GREY, image.has_transparency_data
        picture = upright(image)
        numbers = None if keep or image.mode not in DEEP else _label_numbers(picture)
        if numbers is not None:
            return array_map({"": numbers}, name)
        clear = alpha and _has_clear(picture)
        if keep and clear:
            values = np.asarray(picture.convert("RGBA"))
        else:
            rgb = np.asarray(over_white(picture))
            values = rgb[..., :1] if keep and grey and not clear else rgb
    return SemanticMap(values, "picture", is_lossy(data), clear=clear)


def _label_numbers(picture: Image.Image) -> NDArray[np.int64] | None:
    """(H, W) the numbers of a deep grey picture of few, of which 8 bits would make one label of two; else None."""
    numbers = np.asarray(picture)
    found = np.unique(numbers)
    if len(found) > MOST_MASKS or (found != np.rint(found)).any():
        return None
    return numbers.astype(np.int64) if len(np.unique(eight_bits(found))) < len(found) else None


def _has_clear(picture: Image.Image) -> bool:
    lowest, _ = picture.convert("RGBA").getchannel("A").getextrema()
    return bool(lowest < 255)  # type: ignore[operator]  # one channel: numbers, not pairs


def _pages(image: Image.Image, name: str) -> SemanticMap | None:
    """The pages of a TIFF as masks; None where it is one picture, perhaps with thumbnails."""
    size, pages = image.size, []
    try:
        image.seek(1)
    except EOFError:
        image.seek(0)
        return None
    for number in range(MOST_MASKS + 1):
        try:
            image.seek(number)
        except EOFError:
            break
        if image.size != size:
            image.seek(0)
            return None
        if number == MOST_MASKS or (number + 1) * size[0] * size[1] > MOST_VALUES:
            raise too_much(name)
        pages.append(np.asarray(over_white(image).convert("L")))
    return SemanticMap(np.stack(pages, axis=-1), "masks")


def _archive_map(data: bytes, name: str) -> SemanticMap:
    arrays, masks = {}, {}
    pixels = 0
    for member, content in files_of(data, name):
        label = member.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if content.startswith(MAGIC):
            array = read_array(content, name)
            arrays[label] = array
            pixels += array.size
        else:
            with opened(content, f"{name}: {member}") as image:
                pixels += image.width * image.height
                if pixels <= MOST_VALUES:
                    masks[label] = np.asarray(over_white(upright(image)).convert("L"))
        if pixels > MOST_VALUES or len(arrays) + len(masks) > MOST_MASKS:
            raise too_much(name)
    if arrays and masks:
        raise PictureError(f"{name} holds both pictures and arrays: put only the masks into it")
    return array_map(arrays, name) if arrays else stacked(masks, name)


def stacked(masks: "dict[str, np.ndarray[tuple[int, int], np.dtype[np.uint8]]]", name: str) -> SemanticMap:
    """Masks (H, W) uint8, 255 where the label is, as one map."""
    shapes = {mask.shape for mask in masks.values()}
    if len(shapes) > 1:
        sizes = ", ".join(sorted(f"{shape[1]}x{shape[0]}" for shape in shapes))
        raise PictureError(f"{name} has masks of different sizes ({sizes} px): make them all of one size")
    return SemanticMap(np.stack(list(masks.values()), axis=-1), "masks", names=tuple(masks))


def too_much(name: str) -> PictureError:
    """More than is taken."""
    return PictureError(
        f"{name} holds more than {MOST_MASKS} masks or {MOST_VALUES / 1e6:.0f} million values: "
        "leave some out, or make it smaller"
    )
