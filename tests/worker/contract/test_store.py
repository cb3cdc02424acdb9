"""Pictures under their digests, in a folder and on a real S3 server."""

import os
from pathlib import Path

import pytest

from worker.contract import CorruptPictureError, MissingPictureError, PictureStore, UnreachableError
from worker.contract.digest import digest_of


@pytest.fixture(params=["folder", "s3"])
def any_store(request: pytest.FixtureRequest, tmp_path: Path) -> PictureStore:
    """An empty store of either kind."""
    if request.param == "folder":
        return PictureStore((tmp_path / "pictures").as_uri())
    return PictureStore(f"{request.getfixturevalue('s3_bucket')}/{tmp_path.name}")


def test_bytes_come_back_and_lie_there_once(any_store: PictureStore) -> None:
    store = any_store
    assert store.put(b"paint") == store.put(b"paint") == digest_of(b"paint")
    assert store.get(digest_of(b"paint")) == b"paint"
    assert store.digests() == [digest_of(b"paint")]


def test_what_lies_there_is_not_written_again_unless_it_is_old(store: PictureStore, tmp_path: Path) -> None:
    digest = store.put(b"paint")
    (file,) = (tmp_path / "pictures").rglob(digest)
    young = file.stat().st_mtime_ns
    store.put(b"paint")
    assert file.stat().st_mtime_ns == young
    os.utime(file, (1, 1))
    store.put(b"paint")
    assert file.stat().st_mtime_ns > young


def test_damage_is_noticed_on_reading(store: PictureStore, tmp_path: Path) -> None:
    digest = store.put(b"paint")
    (file,) = (tmp_path / "pictures").rglob(digest)
    file.write_bytes(b"pain!")
    with pytest.raises(CorruptPictureError):
        store.get(digest)


def test_what_is_deleted_is_missing(any_store: PictureStore) -> None:
    store = any_store
    digest = store.put(b"paint")
    store.delete(digest)
    store.delete(digest)
    with pytest.raises(MissingPictureError):
        store.get(digest)


def test_wrong_credentials_are_told_in_one_line(s3_bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(UnreachableError, match="privileges") as caught:
        PictureStore(s3_bucket).put(b"paint")
    assert "\n" not in str(caught.value)


def test_a_folder_that_can_not_be_made_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnreachableError):
        PictureStore((tmp_path / "file" / "below").as_uri()).put(b"x")


def test_an_address_nobody_understands_is_out_of_reach() -> None:
    with pytest.raises(UnreachableError):
        PictureStore("nonsense://x")
