"""The files of a stranger's ZIP: few, small once unpacked, and nothing but what a map is made of."""

import io
import zipfile
from collections.abc import Iterator

from worker.contract.errors import PictureError
from worker.contract.maps.semantic_map import MOST_MASKS
from worker.contract.pictures import MAX_BYTES

UNPACKED = 128 * 2**20  # bytes of one file, or of all together
PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others may ask for any amount of memory
MAP_FILES = (".png", ".webp", ".jpg", ".jpeg", ".gif", ".tif", ".tiff", ".npy")


def is_archive(data: bytes) -> bool:
    """True for what begins as a ZIP does; NPZ is one."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def files_of(data: bytes, name: str) -> Iterator[tuple[str, bytes]]:
    """(path, content) of each picture and array in order of names, at least one. Raises PictureError."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = [entry for entry in archive.infolist() if _is_map_file(entry)]
        if not entries:
            raise PictureError(f"{name} is a ZIP without pictures or arrays: put one PNG a label into it")
        if len(entries) > MOST_MASKS:
            raise PictureError(f"{name} holds {len(entries)} files and {MOST_MASKS} are taken: leave some out")
        rest = UNPACKED
        for entry in sorted(entries, key=lambda entry: entry.filename):
            if entry.flag_bits & 1 or entry.compress_type not in PLAIN:
                raise PictureError(f"{name} is encrypted or packed in a rare way: save it as a plain ZIP")
            with archive.open(entry) as file:
                limit = min(rest, UNPACKED if entry.filename.lower().endswith(".npy") else MAX_BYTES)
                content = file.read(limit + 1)
            if len(content) > limit:
                raise PictureError(f"{name} unpacks to more than {limit // 2**20} MiB: make it smaller")
            rest -= len(content)
            yield entry.filename, content


def _is_map_file(entry: zipfile.ZipInfo) -> bool:
    path = entry.filename
    hidden = any(part.startswith((".", "__")) for part in path.split("/"))
    return not entry.is_dir() and not hidden and path.lower().endswith(MAP_FILES)
