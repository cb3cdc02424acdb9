"""A painting over the upload limit, made smaller: first other encodings, then fewer pixels."""

from collections.abc import Sequence

from bot.desk import reading

ENDINGS = (".webp", ".jpg")


def shrunk(png: bytes, limit: int, endings: Sequence[str] = ENDINGS) -> tuple[bytes, str] | None:
    """(bytes, file name ending) of at most `limit` bytes as WebP or JPEG, with the recipe; None when nothing fits.

    Raises PictureError for what can't be read.
    """
    found = reading.shrunk(png, limit, endings)
    return None if found is None else (found.data, found.ending)
