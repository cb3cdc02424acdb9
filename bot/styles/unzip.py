"""Reading a zip that a stranger sent: every limit holds while it is read, whatever its headers say.

Nothing is ever written by a name that stands in the zip.
"""

import io
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from bot.styles.errors import StyleError

MAX_BYTES = 64 * 2**20  # of the zip, and of all that comes out of it
MAX_ENTRIES = 24
MAX_NAME = 100  # characters
DIRECTORY_BYTES = 16 * 2**10  # of the zip's table of contents: far more than MAX_ENTRIES names need
END, END_BYTES = b"PK\x05\x06", 22
LOCATOR, LOCATOR_BYTES = b"PK\x06\x07", 20  # of zip64, for archives beyond 4 GiB
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, LookupError, struct.error)


def unzipped(data: bytes) -> dict[str, bytes]:
    """The files in a zip by their path there, without folders. Raises StyleError."""
    if len(data) > MAX_BYTES:
        raise StyleError(f"the pack has more than the {MAX_BYTES // 2**20} MiB that are taken: use smaller pictures")
    _check_directory(data)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except StyleError:
        raise
    except DAMAGE as error:
        reason = " ".join(ascii(str(error)).split())[:120]
        raise StyleError(f"the pack is damaged ({reason}): zip the style's folder again") from error


def _check_directory(data: bytes) -> None:
    """Refuse a table of contents that would fill the memory as it is parsed."""
    end = data[-END_BYTES:]
    if not data.startswith(b"PK") or len(data) < END_BYTES or not end.startswith(END) or end[-2:] != b"\0\0":
        raise StyleError("the pack is no plain zip file: zip the style's folder, without a comment")
    size = struct.unpack("<L", end[12:16])[0]
    zip64 = data[-END_BYTES - LOCATOR_BYTES : -END_BYTES].startswith(LOCATOR)
    if zip64 or size > DIRECTORY_BYTES:
        raise StyleError(f"the pack holds more than the {MAX_ENTRIES} files that are taken: pack one style alone")


def _read(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise StyleError(f"the pack holds {len(entries)} files and {MAX_ENTRIES} are taken: pack one style alone")
    files: dict[str, bytes] = {}
    left = MAX_BYTES
    for entry in entries:
        _check_entry(entry)
        if entry.is_dir():
            continue
        with archive.open(entry) as file:
            found = file.read(left + 1)  # never what the header promises: that may be a lie
        left -= len(found)
        if left < 0:
            limit = f"the {MAX_BYTES // 2**20} MiB that are taken"
            raise StyleError(f"the pack unpacks to more than {limit}: use smaller pictures")
        if entry.filename in files:
            raise StyleError(f"the pack holds {entry.filename!a} twice: keep one of them")
        files[entry.filename] = found
    return files


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename
    check_path(name)
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise StyleError(f"{name!a} in the pack is a link or a device: put a plain file in its place")
    if entry.flag_bits & 1:
        raise StyleError(f"{name!a} in the pack is locked by a password: zip it without")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise StyleError(f"{name!a} is compressed in a way that is not taken: zip it the usual way (deflate)")


def check_path(name: str) -> None:
    """Refuse names that lead elsewhere, hide something, or are read in two ways. Raises StyleError."""
    path = PurePosixPath(name)
    leads_away = path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name
    if not name or len(name) > MAX_NAME or not name.isprintable() or leads_away or "//" in name:
        shown = ascii(name[:MAX_NAME])
        raise StyleError(f"the pack holds a file named {shown}: use plain names such as picture.png in one folder")
