"""NumPy files as maps: no pickles, no surprises about their size."""

import io
import math
from typing import Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from worker.contract.errors import PictureError
from worker.contract.maps.semantic_map import MOST_MASKS, MOST_VALUES, SemanticMap
from worker.contract.pictures import check_size

MAGIC = npy.MAGIC_PREFIX
HEADER = 4096  # bytes; the header of a plain array has about a hundred
Array = NDArray[Any]


def read_array(data: bytes, name: str) -> Array:
    """The array of an NPY file: booleans, whole numbers or floats. Raises PictureError."""
    shape, fortran, kind, start = _header(data, name)
    values = math.prod(shape)
    if values > MOST_VALUES:
        raise PictureError(
            f"{name} holds {values / 1e6:.0f} million values and {MOST_VALUES / 1e6:.0f} are taken: make it smaller"
        )
    if len(data) - start < values * kind.itemsize:
        raise PictureError(f"{name} is cut off: save it again with numpy.save")
    array = np.frombuffer(data, kind, values, start).reshape(shape, order="F" if fortran else "C")
    if kind.kind == "f" and not all(np.isfinite(row).all() for row in array):
        raise PictureError(f"{name} has values that are NaN or infinite: mend the array")
    return array


def array_size(data: bytes, name: str) -> tuple[int, int]:
    """(width, height) from the header of an NPY file. Raises PictureError."""
    shape = _header(data, name)[0]
    height, width = (shape[axis] for axis in _order(shape, name)[:2])
    check_size(width, height, name)
    return width, height


def array_map(arrays: dict[str, Array], name: str) -> SemanticMap:
    """One array, or several masks by name, as a map.

    (H, W) whole numbers are label numbers; (H, W, M) or (M, H, W) is a picture (uint8, M 3 or 4 at the end), masks
    (booleans, whole numbers, or floats that are all 0 or 1) or an embedding (other floats). The channels are the
    shorter one of the first and the last axis. Raises PictureError.
    """
    if len(arrays) == 1:
        return _map_of(next(iter(arrays.values())), name)
    shapes = {array.shape for array in arrays.values()}
    if len(shapes) > 1 or len(next(iter(shapes))) != 2:
        told = ", ".join(sorted(map(str, shapes)))
        raise PictureError(f"{name} holds arrays of shapes {told}: give masks of one shape (H, W), or a single array")
    height, width = next(iter(shapes))
    check_size(width, height, name)
    return SemanticMap(np.stack([_mask(array) for array in arrays.values()], -1), "masks", names=tuple(arrays))


def _map_of(array: Array, name: str) -> SemanticMap:
    axes = _order(array.shape, name)
    check_size(array.shape[axes[1]], array.shape[axes[0]], name)
    if array.ndim == 2:
        if array.dtype.kind == "f":
            return SemanticMap(_floats(array[..., None], name), "vectors")
        return SemanticMap(_numbers(array, name), "picture")
    array = array.transpose(axes)
    if array.dtype == np.uint8 and array.shape[2] in (3, 4) and axes == (0, 1, 2):
        return SemanticMap(_opaque(array), "picture")
    if array.dtype.kind == "f" and not _all_or_nothing(array):
        return SemanticMap(_floats(array, name), "vectors")
    if array.shape[2] > MOST_MASKS:
        raise PictureError(f"{name} holds {array.shape[2]} masks and {MOST_MASKS} are taken: leave some out")
    return SemanticMap(np.stack([_mask(array[..., index]) for index in range(array.shape[2])], -1), "masks")


def _order(shape: tuple[int, ...], name: str) -> tuple[int, ...]:
    """The axes as height, width and, where there are three, channels."""
    if len(shape) == 2:
        return 0, 1
    if len(shape) != 3 or min(shape) < 1:
        raise PictureError(f"{name} has shape {shape}: give (H, W), or (H, W, M) with M channels")
    return (1, 2, 0) if shape[0] < shape[2] else (0, 1, 2)


def _header(data: bytes, name: str) -> tuple[tuple[int, ...], bool, np.dtype[Any], int]:
    """Shape, Fortran order, type, and where the values begin."""
    file = io.BytesIO(data[:HEADER])
    version = npy.read_magic(file)
    if version not in ((1, 0), (2, 0)):
        raise PictureError(f"{name} is of NPY version {version}: save it again with numpy.save")
    read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, fortran, kind = read(file, max_header_size=HEADER)
    if kind.kind not in "biuf" or kind.itemsize > 8 or min(shape, default=0) < 0:
        raise PictureError(f"{name} holds values of type {kind}: save booleans, whole numbers or floats of one type")
    return shape, fortran, kind, file.tell()


def _numbers(array: Array, name: str) -> NDArray[np.uint8]:
    """(H, W, 3): label numbers as colours, each number another; up to 255 they are greys."""
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= 1 << 24:
        raise PictureError(f"{name} has label numbers from {low} to {high}: keep them from 0 to {(1 << 24) - 1}")
    if array.dtype.kind == "b":
        high = 1
    whole = array.astype(np.uint32)
    parts = [whole] * 3 if high <= 255 else [(whole >> np.uint32(shift)) & np.uint32(255) for shift in (16, 8, 0)]
    return np.stack([part.astype(np.uint8) for part in parts], -1)


def _opaque(array: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """RGB over white of RGB or RGBA."""
    if array.shape[2] == 3:
        return np.ascontiguousarray(array)
    alpha = array[..., 3:].astype(np.uint16)
    laid: NDArray[np.uint8] = ((array[..., :3] * alpha + 255 * (255 - alpha) + 127) // 255).astype(np.uint8)
    return laid


def _mask(array: Array) -> NDArray[np.uint8]:
    """(H, W) uint8, 255 where the label is: whatever number stood for that."""
    if array.dtype == np.uint8 and int(array.max()) > 1:
        return array
    if array.dtype.kind == "f":
        array = array >= 0.5
    return np.where(array > 0, np.uint8(255), np.uint8(0))


def _all_or_nothing(array: Array) -> bool:
    return all(((row == 0) | (row == 1)).all() for row in array)


def _floats(array: Array, name: str) -> NDArray[np.float32]:
    """float32 that is still finite."""
    with np.errstate(over="ignore"):
        small = np.ascontiguousarray(array, np.float32)
    if not np.isfinite(small.sum(dtype=np.float64)):
        raise PictureError(f"{name} has values beyond those of 32-bit floats: scale them, for example to 0..1")
    return small
