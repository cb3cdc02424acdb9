"""Pictures by digest: from the store, and those of the house from their files."""

from functools import lru_cache

from bot.styles import house_styles
from worker.contract import PictureStore
from worker.contract.digest import digest_of


class Pictures:
    """Reads only."""

    def __init__(self, store: PictureStore) -> None:
        """House styles lie in files; they come into the store with the first job that uses them."""
        self._store = store
        paths = [path for style in house_styles() for path in (style.picture, style.map, style.doodle)]
        self._house = {digest_of(path.read_bytes()): path for path in paths}
        self._read = lru_cache(maxsize=32)(self._from_house)

    def get(self, digest: str) -> bytes:
        """The bytes. Raises MissingPictureError, CorruptPictureError, UnreachableError."""
        return self._read(digest) if digest in self._house else self._store.get(digest)

    def _from_house(self, digest: str) -> bytes:
        return self._house[digest].read_bytes()
