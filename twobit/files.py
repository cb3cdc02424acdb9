"""Reading what a person names and writing what they asked for, whole or not at all."""

import os
import tempfile
from pathlib import Path

from twobit.errors import BadInputError
from twobit.options import PictureFiles
from worker.contract.pictures import MAX_BYTES


def read_picture(path: Path, name: str) -> bytes:
    """A file's bytes. Raises BadInputError naming the file, what is wrong and what to do."""
    if path.exists() and not path.is_file():
        raise BadInputError(f"{name} is no file: name a picture file")
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)  # one more than is taken, so that too much is noticed
    except FileNotFoundError:
        raise BadInputError(f"{name} does not exist: check the file's name") from None
    except OSError as error:
        raise BadInputError(f"{name} can't be read ({error.strerror}): check the file's permissions") from error


def check_writable(path: Path, example: str = "painting.png", why: str = "paintings are written as PNG") -> None:
    """Raise BadInputError before any dear work when `path` could not be written, or doesn't end as `example`."""
    if path.is_dir():
        raise BadInputError(f"--out {path} is a folder: name a file, for example {path / example}")
    if path.suffix.lower() != Path(example).suffix:
        raise BadInputError(f"--out {path} must end in {Path(example).suffix}: {why}")
    if not path.parent.is_dir():
        raise BadInputError(f"--out {path}: the folder {path.parent} does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise BadInputError(f"--out {path}: the folder {path.parent} can't be written; name another")


def write_out(path: Path, data: bytes) -> None:
    """Write what --out names, readable as the user's other files. Raises BadInputError."""
    umask = os.umask(0)
    os.umask(umask)
    try:
        write_whole(path, data, mode=0o666 & ~umask)
    except OSError as error:
        raise BadInputError(f"--out {path} can't be written ({error.strerror}): name another") from error


def write_whole(path: Path, data: bytes, mode: int) -> None:
    """Write a file so that nobody ever sees half of it. Raises OSError."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_pictures(paths: PictureFiles) -> dict[str, bytes]:
    """The bytes of each picture by role. Raises BadInputError."""
    return {role: read_picture(getattr(paths, role), name) for role, name in paths.named().items()}
