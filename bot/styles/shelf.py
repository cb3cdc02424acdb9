"""The styles of a data folder, beside those that come along: found by name, added, removed."""

import os
import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.styles.errors import StyleError
from bot.styles.pack import Pack, slug_of
from bot.styles.style import Style, house_styles, read_style

MOST_STYLES = 500
HIDDEN = "."  # begins the name of what is being added or removed
ABANDONED_SECONDS = 3600.0  # an add that was killed leaves a hidden folder; later adds sweep it away


@dataclass(frozen=True, slots=True)
class Shelf:
    """`folder`: where added styles lie, one folder each; it need not be there yet. Safe for several processes."""

    folder: Path

    def styles(self) -> tuple[Style, ...]:
        """House styles, then the added ones in order; one that somebody broke is left out, see `faults`."""
        return house_styles() + self._read()[0]

    def faults(self) -> tuple[str, ...]:
        """One sentence for each added style that can't be read any more."""
        return self._read()[1]

    def find(self, slug: str) -> Style:
        """The style of that name. Raises StyleError, which lists the known ones."""
        for style in self.styles():
            if style.slug == slug:
                return style
        known = ", ".join(style.slug for style in self.styles())
        raise StyleError(f"there is no style {slug[:60]!a}: choose one of {known}")

    def add(self, pack: Pack, slug: str | None = None) -> Style:
        """Keep a pack under its own name, or under `slug`; all of it or nothing. Raises StyleError."""
        name = pack.slug if slug is None else slug
        if slug is not None and (slug_of(slug) != slug or not slug):
            raise StyleError(f"a style can't be named {slug[:60]!a}: use a-z, 0-9 and -, up to 60 of them")
        others = [style.slug for style in self.styles()]
        if name in others or (self.folder / name).exists():
            raise _taken(name)
        if len(others) - len(house_styles()) >= MOST_STYLES:
            raise StyleError(f"there are {MOST_STYLES} styles already, and no more are taken: remove one first")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            fresh = Path(tempfile.mkdtemp(prefix=f"{HIDDEN}new-", dir=self.folder))
            try:
                for file, data in pack.files().items():
                    _write(fresh / file, data)
                fresh.replace(self.folder / name)  # fails where another process was quicker
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
        except OSError as error:
            if (self.folder / name).exists():
                raise _taken(name) from error
            raise StyleError(f"{self.folder} can't be written ({error.strerror}): choose another --data") from error
        return read_style(self.folder / name)

    def remove(self, slug: str) -> None:
        """Take an added style away, also a broken one. Raises StyleError for a house style or an unknown one."""
        if any(style.slug == slug for style in house_styles()):
            raise StyleError(f"{slug} comes with Twobit and can't be removed: only what was added can")
        if slug_of(slug) != slug or not slug or not (self.folder / slug).is_dir():
            self.find(slug)
        try:
            gone = Path(tempfile.mkdtemp(prefix=f"{HIDDEN}gone-", dir=self.folder))
            (self.folder / slug).replace(gone)
            shutil.rmtree(gone)
        except OSError as error:
            raise StyleError(f"{slug} can't be removed ({error.strerror}): check {self.folder}") from error

    def _read(self) -> tuple[tuple[Style, ...], tuple[str, ...]]:
        styles: list[Style] = []
        faults: list[str] = []
        house = {style.slug for style in house_styles()}
        paths = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        for path in paths:
            if path.name.startswith(HIDDEN) or path.name in house or not path.is_dir():
                continue
            try:
                styles.append(read_style(path))
            except StyleError as error:
                faults.append(str(error))
        return tuple(styles), tuple(faults)

    def _sweep(self) -> None:
        for path in self.folder.glob(f"{HIDDEN}*-*"):
            if time.time() - path.stat().st_mtime > ABANDONED_SECONDS:
                shutil.rmtree(path, ignore_errors=True)


def _taken(slug: str) -> StyleError:
    return StyleError(f"there is a style {slug} already: give this one another --slug, or remove that one first")


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
