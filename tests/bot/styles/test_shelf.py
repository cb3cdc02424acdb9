"""The styles of a data folder: added whole or not at all, found, removed."""

import os
import time
from pathlib import Path

import pytest

from bot.styles import Pack, Shelf, StyleError, house_styles, pack_from_files, pack_from_zip, zip_of
from bot.styles import shelf as shelf_module
from tests.bot.styles.packs import TOML, pack_files


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data" / "styles")


@pytest.fixture(scope="module")
def pack() -> Pack:
    return pack_from_files(pack_files())


def test_without_a_folder_the_house_styles_are_there(shelf: Shelf) -> None:
    assert shelf.styles() == house_styles()
    assert not shelf.folder.exists()


def test_an_added_style_is_found_and_its_export_is_the_same_for_ever(shelf: Shelf, pack: Pack) -> None:
    style = shelf.add(pack)
    assert shelf.find("two-fields") == style
    assert style.palette["sky"] == (80, 140, 230)
    assert {path.name for path in style.folder.iterdir()} == set(pack.files())
    again = Shelf(shelf.folder.parent / "other")
    assert zip_of(again.add(pack_from_zip(zip_of(style)))) == zip_of(style)


@pytest.mark.parametrize("slug", ["two-fields", "night-harbour"])
def test_a_name_is_given_once(shelf: Shelf, pack: Pack, slug: str) -> None:
    shelf.add(pack)
    with pytest.raises(StyleError, match=f"{slug} already.*--slug"):
        shelf.add(pack, slug)
    assert shelf.add(pack, "second").slug == "second"


@pytest.mark.parametrize("slug", ["", "../x", "A", "a_b", "-a", "x" * 61, ".new-x", "con", "nul", "lpt1"])
def test_a_name_that_is_no_slug_is_refused(shelf: Shelf, pack: Pack, slug: str) -> None:
    with pytest.raises(StyleError, match="a-z, 0-9"):
        shelf.add(pack, slug)
    assert not shelf.folder.exists()


def test_a_full_disk_leaves_nothing_behind(shelf: Shelf, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[int] = []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StyleError, match="No space left"):
        shelf.add(pack)
    assert list(shelf.folder.iterdir()) == []


def test_an_interrupt_leaves_nothing_behind(shelf: Shelf, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        shelf.add(pack)
    assert list(shelf.folder.iterdir()) == []


def test_of_two_at_once_one_wins_and_nothing_is_mixed(
    shelf: Shelf, pack: Pack, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = pack_from_files(pack_files(toml=TOML.replace("Alice", "Bob").encode()))
    replace = Path.replace

    def late(self: Path, target: Path) -> Path:
        monkeypatch.setattr(Path, "replace", replace)
        Shelf(shelf.folder).add(other)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", late)
    with pytest.raises(StyleError, match="already"):
        shelf.add(pack)
    assert shelf.find("two-fields").artist == "Bob"
    assert len(list(shelf.folder.iterdir())) == 1


def test_what_a_killed_add_left_is_no_style_and_is_swept_away(shelf: Shelf, pack: Pack) -> None:
    left = shelf.folder / ".new-abc"
    left.mkdir(parents=True)
    long_ago = time.time() - 2 * shelf_module.ABANDONED_SECONDS
    os.utime(left, (long_ago, long_ago))
    assert shelf.styles() == house_styles()
    shelf.add(pack)
    assert not left.exists()


def test_removing(shelf: Shelf, pack: Pack) -> None:
    shelf.add(pack)
    shelf.remove("two-fields")
    assert list(shelf.folder.iterdir()) == []
    for slug in ("two-fields", "..", "", "."):
        with pytest.raises(StyleError, match="there is no style"):
            shelf.remove(slug)
    with pytest.raises(StyleError, match="comes with Twobit"):
        shelf.remove("night-harbour")


def test_a_style_that_somebody_broke_is_told_left_out_and_can_be_removed(shelf: Shelf, pack: Pack) -> None:
    shelf.add(pack)
    shelf.add(pack, "second")
    (shelf.folder / "second" / "style.toml").write_text("name = ")
    assert [style.slug for style in shelf.styles()][-1] == "two-fields"
    assert "second" in shelf.faults()[0]
    shelf.remove("second")
    assert shelf.faults() == ()


def test_there_is_an_end_to_it(shelf: Shelf, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf_module, "MOST_STYLES", 1)
    shelf.add(pack)
    with pytest.raises(StyleError, match="1 styles already"):
        shelf.add(pack, "second")


def test_a_folder_that_can_not_be_written_is_told(tmp_path: Path, pack: Pack) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StyleError, match="--data"):
        Shelf(tmp_path / "file" / "styles").add(pack)
