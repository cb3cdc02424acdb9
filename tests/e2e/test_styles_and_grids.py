"""`twobit style` and `twobit grid` as a person meets them, from a painting alone to a painted doodle."""

import signal
import subprocess
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.bot.styles.packs import pack_files, write_folder, zipped
from tests.e2e.service import TWOBIT
from tests.e2e.test_command_line import refused, twobit
from tests.pictures import Scene


def done(*words: str | Path | int) -> "subprocess.CompletedProcess[str]":
    ended = twobit(*words)
    assert ended.returncode == 0, ended.stderr
    return ended


def test_from_a_picture_and_its_map_to_a_painted_doodle(scene: Scene, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    labels = ("--label", "#508ce6=sky", "--label", "#143C78=sea", "--label", "#e6c878=sand")
    said = ("--name", "Quiet bay", "--artist", "Alice", "--year", 1887)
    done("style", "add", "--picture", scene.style, "--map", scene.style_map, *said, *labels, *data)
    assert "quiet-bay" in done("style", "list", *data).stdout
    shown = done("style", "show", "quiet-bay", *data).stdout
    assert all(word in shown for word in ("Quiet bay", "Alice, 1887", "#143c78", "33.3%", "sea"))
    done("style", "show", "quiet-bay", "-o", tmp_path / "sheet", *data)
    made = {path.name for path in (tmp_path / "sheet").iterdir()}
    assert made == {"quiet-bay-sheet.png", "quiet-bay-template.png", "quiet-bay.gpl"}
    refused(twobit("style", "show", "quiet-bay", "-o", tmp_path / "sheet.jpg", *data), "sheet.png")
    assert not (tmp_path / "sheet.jpg").exists()
    template = tmp_path / "sheet" / "quiet-bay-template.png"
    words = ("--style", "quiet-bay", "--doodle", template, "--method", "colour")
    done("paint", *words, "--out", tmp_path / "o.png", *data)
    with Image.open(tmp_path / "o.png") as painting:
        assert painting.size == (128, 96)
    Image.new("RGB", (128, 96), "#508ce6").save(tmp_path / "sky.png")
    words = ("--style", "quiet-bay", "--doodle", tmp_path / "sky.png", "--method", "colour")
    notes = done("paint", *words, "--out", tmp_path / "o.png", *data).stderr
    assert "sea" in notes
    assert "sand" in notes


def test_a_pack_goes_from_one_to_another(tmp_path: Path) -> None:
    alice, bob = ("--data", tmp_path / "alice"), ("--data", tmp_path / "bob")
    done("style", "add", write_folder(tmp_path / "two-fields"), *alice)
    done("style", "export", "two-fields", "-o", tmp_path / "p.zip", *alice)
    done("style", "add", tmp_path / "p.zip", *bob)
    done("style", "export", "two-fields", "-o", tmp_path / "again.zip", *bob)
    assert (tmp_path / "p.zip").read_bytes() == (tmp_path / "again.zip").read_bytes()
    done("style", "remove", "two-fields", *bob)
    refused(twobit("style", "show", "two-fields", *bob), "two-fields", "night-harbour")


def test_labels_not_said_are_called_by_their_colours(scene: Scene, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    pictures = ("--picture", scene.style, "--map", scene.style_map)
    done("style", "add", *pictures, "--name", "Bay", *data)
    shown = done("style", "show", "bay", *data).stdout
    assert all(name in shown for name in ("light blue", "dark blue", "light yellow")), shown
    done("style", "add", *pictures, "--name", "Zwölf Buchten", "--label", "#143c78=dark blue", *data)
    shown = done("style", "show", "zwolf-buchten", *data).stdout
    assert all(name in shown for name in ("light blue", "dark blue", "light yellow")), shown


def test_bad_packs_are_refused_and_nothing_is_kept(scene: Scene, tmp_path: Path) -> None:
    data = ("--data", tmp_path / "data")
    (tmp_path / "p.zip").write_bytes(zipped({**pack_files(), "../../evil.png": b"x"}))
    refused(twobit("style", "add", tmp_path / "p.zip", *data), "evil.png")
    (tmp_path / "t.zip").write_text("hello")
    refused(twobit("style", "add", tmp_path / "t.zip", *data), "zip")
    refused(twobit("style", "add", tmp_path / "none.zip", *data), "does not exist")
    refused(twobit("style", "add", scene.style, *data), "--picture")
    refused(twobit("style", "add", *data), "--picture")
    words = ("--picture", scene.style, "--map", scene.style_map, "--name", "Bay", *data)
    refused(twobit("style", "add", *words, "--label", "sea=#123456"), "colour")
    refused(twobit("style", "add", *words, "--label", "#ffffff=snow"), "nothing in the colour of snow")
    refused(twobit("style", "add", *words, "--label", "sea"), "--label is 'sea'", "#2b4a6f=sea")
    photo = ("--picture", scene.style, "--map", scene.style, "--name", "Bay", *data)
    refused(twobit("style", "add", *photo), "no flat colours", "map suggest")
    pack = write_folder(tmp_path / "two-fields")
    for fact in (("--artist", "Bob"), ("--year", 1887), ("--label", "#508ce6=sky"), ("--doodle", scene.doodle)):
        refused(twobit("style", "add", pack, *fact, *data), "not both")
    assert not (tmp_path / "data" / "styles").exists()


def test_a_style_is_named_or_is_a_file_with_its_map(scene: Scene, tmp_path: Path) -> None:
    out = ("--out", tmp_path / "o.png", "--data", tmp_path / "data")
    refused(twobit("paint", "--style", scene.style, "--doodle", scene.doodle, *out), "--map", "map suggest")
    refused(twobit("paint", "--style", "mona-lisa", "--doodle", scene.doodle, *out), "mona-lisa", "night-harbour")
    refused(twobit("paint", "--style", "mona.png", "--doodle", scene.doodle, *out), "mona.png", "does not exist")


def test_an_export_must_be_a_zip(tmp_path: Path) -> None:
    refused(twobit("style", "export", "portrait", "-o", tmp_path / "p.png"), ".zip")
    done("style", "export", "portrait", "-o", tmp_path / "p.zip", "--data", tmp_path)
    with zipfile.ZipFile(tmp_path / "p.zip") as pack:
        assert pack.testzip() is None


def test_the_preview_needs_no_torch_and_is_the_same_each_time(scene: Scene, tmp_path: Path) -> None:
    outs = [tmp_path / "1.png", tmp_path / "2.png"]
    for out in outs:
        words = ["paint", *scene.arguments(out), "--method", "colour", "--data", str(tmp_path)]
        code = f"import sys\nsys.modules['torch'] = None\nsys.argv = {['twobit', *words]!r}\nimport twobit.__main__"
        ended = subprocess.run([TWOBIT[0], "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert ended.returncode == 0, ended.stderr
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_a_grid_is_one_sheet(scene: Scene, tmp_path: Path) -> None:
    words = ("--method", "colour", "--gamma", "0,50", "--seed", "1,2,3", "--json", "--data", tmp_path)
    report = done("grid", *scene.arguments(tmp_path / "g.png"), *words).stdout
    assert '"gamma": "0"' in report
    with Image.open(tmp_path / "g.png") as sheet:
        assert sheet.width > 2 * 128
        assert sheet.height > 3 * 96
        assert np.asarray(sheet).std() > 10


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--beta", "1,x"), "--beta"),
        (("--beta", "1,-5"), "--beta"),
        (("--beta", "1,2,3,4,5,6,7,8,9", "--gamma", "1,2,3,4,5,6,7,8"), "72 paintings"),
        (("--seed", "0.5"), "--seed"),
        (("--size", "large"), "--size"),
    ],
)
def test_a_wrong_grid_is_told_before_painting(scene: Scene, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    refused(twobit("grid", *scene.arguments(tmp_path / "g.png"), *words), told)
    assert not (tmp_path / "g.png").exists()


def test_an_interrupted_grid_leaves_no_file(scene: Scene, tmp_path: Path) -> None:
    seeds = ",".join(map(str, range(64)))
    words = [*scene.arguments(tmp_path / "g.png"), "--method", "colour", "--size", "2048", "--seed", seeds]
    command = [*TWOBIT, "grid", *words, "--data", str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert "painted" in process.stderr.readline()
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(30) == 130
    assert "interrupted" in said
    assert [path.name for path in tmp_path.iterdir() if path.suffix == ".png" or path.name.startswith(".")] == []
