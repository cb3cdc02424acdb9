"""Reading what a person names and writing what they asked for, whole or not at all."""

import os
import tempfile
from pathlib import Path

from twobit.errors import BadInputError
from twobit.options import PictureFiles


def read_picture(path: Path, name: str) -> bytes:
    """A file's bytes. Raises BadInputError naming the file, what is wrong and what to do."""
    if path.is_dir():
        raise BadInputError(f"{name} is a folder: name a picture file")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInputError(f"{name} does not exist: check the file's name") from None
    except OSError as error:
        raise BadInputError(f"{name} can't be read ({error.strerror}): check the file's permissions") from error


def check_writable(path: Path) -> None:
    """Raise BadInputError before any dear work when `path` could not be written."""
    if path.is_dir():
        raise BadInputError(f"--out {path} is a folder: name a file, for example {path / 'painting.png'}")
    if path.suffix.lower() != ".png":
        raise BadInputError(f"--out {path} must end in .png: paintings are written as PNG")
    if not path.parent.is_dir():
        raise BadInputError(f"--out {path}: the folder {path.parent} does not exist; make it first")
    if not os.access(path.parent, os.W_OK):
        raise BadInputError(f"--out {path}: the folder {path.parent} can't be written; name another")


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that nobody ever sees half of it. Raises BadInputError when it can't be written."""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise BadInputError(f"--out {path} can't be written: {error.strerror}") from error
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # noqa: PTH101 - mkstemp makes it private; a painting is not
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise BadInputError(f"--out {path} can't be written: {error.strerror}") from error
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_pictures(paths: PictureFiles) -> dict[str, bytes]:
    """The bytes of each picture by role. Raises BadInputError."""
    return {role: read_picture(getattr(paths, role), name) for role, name in paths.named().items()}
