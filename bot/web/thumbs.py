"""Small pictures for lists, made when first asked for and kept in memory: nothing to delete when a person deletes."""

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator

from PIL import features

from bot.desk.questions.copies import Format
from bot.desk.reading import busy, thumb

WIDTHS = (160, 320, 640, 1024)  # px; nothing in between, so that nobody can fill the memory with odd sizes
KEPT = 96 * 2**20  # bytes
WAIT_SECONDS = 45.0  # for a turn; then as long for a reader
TYPES = {"webp": "image/webp", "avif": "image/avif", "jpeg": "image/jpeg"}


def has_avif() -> bool:
    """True when this Pillow can write AVIF."""
    return bool(features.check("avif"))


class Thumbs:
    """Scaled copies by digest, width and format."""

    def __init__(self, get: Callable[[str], bytes], kept: int = KEPT, wait_seconds: float = WAIT_SECONDS) -> None:
        """`get`: the bytes under a digest; `kept`: bytes of memory; `wait_seconds`: for a turn."""
        self._get = get
        self._kept = kept
        self._wait_seconds = wait_seconds
        self._size = 0
        self._made: OrderedDict[tuple[str, int, str], bytes] = OrderedDict()
        self._lock = threading.Lock()
        self._working = threading.BoundedSemaphore(2)  # whole pictures are in memory meanwhile

    def thumb(self, digest: str, width: int, kind: Format) -> bytes:
        """The picture, at most `width` px wide, as WebP, AVIF or JPEG. Raises PictureError, `readers_busy` too."""
        key = (digest, width, kind)
        with self._lock:
            if key in self._made:
                self._made.move_to_end(key)
                return self._made[key]
        with self._turn():
            data = thumb(self._get(digest), width, kind)
        with self._lock:
            if key not in self._made:
                self._made[key] = data
                self._size += len(data)
            while self._size > self._kept:
                self._size -= len(self._made.popitem(last=False)[1])
        return data

    @contextlib.contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._working.acquire(timeout=self._wait_seconds):
            raise busy("The picture")
        try:
            yield
        finally:
            self._working.release()
