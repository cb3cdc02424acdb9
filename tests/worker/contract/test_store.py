"""Pictures under their digests, in a folder and on a real S3 server."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import s3
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


def test_keys_come_from_files_too(s3_bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        (tmp_path / name).write_text(f"{os.environ[name]}\n")
        monkeypatch.setenv(f"{name}_FILE", str(tmp_path / name))
        monkeypatch.delenv(name)
    store = PictureStore(f"{s3_bucket}/files")
    assert store.get(store.put(b"paint")) == b"paint"
    (tmp_path / name).write_text("\n")
    with pytest.raises(UnreachableError, match=r"AWS_SECRET_ACCESS_KEY_FILE: .* is empty"):
        PictureStore(s3_bucket)
    (tmp_path / name).unlink()
    with pytest.raises(UnreachableError, match="AWS_SECRET_ACCESS_KEY_FILE"):
        PictureStore(s3_bucket)


def test_a_server_that_repeats_what_it_was_sent_tells_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    secrets = {"AWS_ACCESS_KEY_ID": "hushid", "AWS_SECRET_ACCESS_KEY": "hushkey", "AWS_SESSION_TOKEN": "hushtoken"}
    for name, value in {**secrets, "AWS_REGION": "us-east-1"}.items():
        monkeypatch.setenv(name, value)
    with s3.refusing() as address:
        monkeypatch.setenv("AWS_ENDPOINT", address)
        store = PictureStore("s3://twobit")
        calls: tuple[Callable[[], object], ...] = (
            lambda: store.put(b"paint"),
            lambda: store.get(digest_of(b"paint")),
            lambda: store.delete(digest_of(b"paint")),
            lambda: store.has(digest_of(b"paint")),
            store.digests,
        )
        said = []
        for call in calls:
            with pytest.raises(UnreachableError, match="403 Forbidden") as caught:
                call()
            said.append(str(caught.value))
    assert any("(InvalidToken)" in each for each in said)
    for each in said:
        assert "hush" not in each
        assert "Signature" not in each
        assert "\n" not in each


def test_a_folder_that_can_not_be_made_is_out_of_reach(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnreachableError):
        PictureStore((tmp_path / "file" / "below").as_uri()).put(b"x")


def test_an_address_nobody_understands_is_out_of_reach() -> None:
    with pytest.raises(UnreachableError):
        PictureStore("nonsense://x")
