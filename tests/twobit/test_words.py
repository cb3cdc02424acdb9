"""Small things of the command line."""

from pathlib import Path

import pytest

from twobit import files, valkey
from twobit.errors import BadInputError
from twobit.options import output_size
from twobit.settings import load_settings, make_data_folder
from twobit.show import duration


@pytest.mark.parametrize(
    ("size", "wanted"),
    [(None, (None, None)), ("256", (256, 192)), ("512X384", (512, 384)), ("100", (100, 75))],
)
def test_sizes_are_the_longest_side_or_both(size: str | None, wanted: tuple[int | None, int | None]) -> None:
    assert output_size(size, (640, 480)) == wanted


@pytest.mark.parametrize("size", ["", "x", "axb", "1x2x3", "12.5", "512 x"])
def test_what_is_no_size_is_refused(size: str) -> None:
    with pytest.raises(BadInputError, match="--size"):
        output_size(size, (640, 480))


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "0 s"), (59.4, "59 s"), (125, "2 min 5 s"), (-3, "0 s")])
def test_durations_are_for_people(seconds: float, words: str) -> None:
    assert duration(seconds) == words


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.png"
    out.write_bytes(b"before")

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(BadInputError, match="No space left"):
        files.write_out(out, b"after")
    assert [path.name for path in tmp_path.iterdir()] == ["out.png"]
    assert out.read_bytes() == b"before"


def test_settings_come_from_the_command_line_then_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWOBIT_DATA", str(tmp_path / "environment"))
    monkeypatch.setenv("TWOBIT_REDIS_URL", "redis://somewhere")
    assert load_settings().data == tmp_path / "environment"
    assert load_settings(data=tmp_path / "given").data == tmp_path / "given"
    assert load_settings().redis == "redis://somewhere"
    monkeypatch.setenv("TWOBIT_PORT", "many")
    with pytest.raises(BadInputError, match="TWOBIT_PORT"):
        load_settings()


@pytest.mark.parametrize(
    ("kind", "why"),
    [("nothing", "there is no such file"), ("folder", "is a directory"), ("bytes", "it is no text")],
)
def test_a_secrets_file_that_can_not_be_read_is_told_in_words(
    kind: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "token"
    if kind == "folder":
        file.mkdir()
    elif kind == "bytes":
        file.write_bytes(b"\xff\xfe")
    monkeypatch.setenv("TWOBIT_TOKEN_FILE", str(file))
    with pytest.raises(BadInputError) as told:
        load_settings()
    assert str(told.value) == (
        f"TWOBIT_TOKEN_FILE names {file}, which can't be read ({why}): name a text file that has the secret"
    )


def test_a_data_folder_that_can_not_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(BadInputError, match="--data"):
        make_data_folder(tmp_path / "file" / "below")


def test_a_long_data_folder_gets_a_socket_that_fits() -> None:
    assert valkey.socket_path(Path("/srv/twobit")) == Path("/srv/twobit/valkey/valkey.sock")
    for odd in ("x" * 200, "a b", "a#b", "a?b", "a%20b"):
        assert len(str(valkey.socket_path(Path("/srv") / odd))) < valkey.SOCKET_PATH_LIMIT
        assert odd not in str(valkey.socket_path(Path("/srv") / odd))
