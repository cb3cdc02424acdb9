"""Pictures under their digests."""

from pathlib import Path

import pytest

from worker.contract import CorruptPictureError, MissingPictureError, PictureStore, UnreachableError
from worker.contract.digest import digest_of


def test_bytes_come_back_and_lie_there_once(store: PictureStore) -> None:
    assert store.put(b"paint") == store.put(b"paint") == digest_of(b"paint")
    assert store.get(digest_of(b"paint")) == b"paint"
    assert store.digests() == [digest_of(b"paint")]


def test_damage_is_noticed_on_reading(store: PictureStore, tmp_path: Path) -> None:
    digest = store.put(b"paint")
    (file,) = (tmp_path / "pictures").rglob(digest)
    file.write_bytes(b"pain!")
    with pytest.raises(CorruptPictureError):
        store.get(digest)


def test_what_is_deleted_is_missing(store: PictureStore) -> None:
    digest = store.put(b"paint")
    store.delete(digest)
    store.delete(digest)
    with pytest.raises(MissingPictureError):
        store.get(digest)


def test_a_folder_that_can_not_be_made_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnreachableError):
        PictureStore((tmp_path / "file" / "below").as_uri()).put(b"x")


def test_an_address_nobody_understands_is_out_of_reach() -> None:
    with pytest.raises(UnreachableError):
        PictureStore("nonsense://x")
