"""`twobit map edit` and the refusals of `twobit map suggest`, in this process."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from PIL import Image

from bot.styles import house_style
from tests.pictures import SAND, SEA, SKY, flat, painted, png
from twobit.commands import style
from twobit.commands.map import SUBCOMMANDS, command
from twobit.errors import BadInputError, CommandError, OutOfReachServiceError
from worker.contract.maps import check_maps
from worker.contract.maps.named import read_named, read_names


def run(*words: str | Path) -> str:
    return CliRunner().invoke(command, [str(word) for word in words], catch_exceptions=False).output


@pytest.fixture
def map_file(tmp_path: Path) -> Path:
    path = tmp_path / "map.png"
    path.write_bytes(png(flat(64, 48, [SKY, SEA, SKY, SAND])))
    return path


def test_every_subcommand_can_be_loaded() -> None:
    assert all(name in run("--help") for name in SUBCOMMANDS)


def test_edit_merges_splits_and_renames_in_this_order(map_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    words = ("--merge", "#143c78,#e6c878", "--split", "#508ce6", "--rename", "#508ce6=sky", "--rename", "#143c78=sea")
    report = json.loads(run("edit", map_file, "-o", out, *words, "--json"))
    names = {row["name"] for row in report["labels"]}
    assert names == {"sky", "sea", "light blue 2"}
    assert set(read_named(out.read_bytes(), "The map").names) == names
    assert sum(row["share"] for row in report["labels"]) == pytest.approx(1)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--merge", "#143c78"), "at least two"),
        (("--rename", "#143c78"), "OLD=NEW"),
        (("--split", "moon"), "no label 'moon'"),
        (("--picture", "painting.png"), "--split alone"),
        (("--as", "#143c78=sky"), "--to-style alone"),
        (("--to-style", "coast-dusk", "--as", "sea"), "--as is 'sea': give A=B"),
        (("--to-style", "coast-dusk", "--as", "moon=sky"), "no label 'moon': it has light blue"),
        (("--to-style", "coast-dusk", "--as", "#143c78=moon"), "the style has no label 'moon': it has sky, cloud, sea"),
        (("--to-style", "moon"), "there is no style 'moon': choose one of autumn-lake"),
    ],
)
def test_a_wrong_edit_writes_nothing(map_file: Path, tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(BadInputError, match=said):
        run("edit", map_file, "-o", tmp_path / "out.png", *words)
    assert not (tmp_path / "out.png").exists()


def test_suggest_offline_is_one_line_and_out_of_reach(
    map_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    words = ("--segmenter", "torchvision", "--data", tmp_path / "data")
    with pytest.raises(OutOfReachServiceError, match="can't be fetched") as caught:
        run("suggest", map_file, "-o", tmp_path / "out.png", *words)
    assert (OutOfReachServiceError.code, issubclass(OutOfReachServiceError, CommandError)) == (3, True)
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "out.png").exists()


def test_suggest_names_the_largest_labels_first(map_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    report = json.loads(run("suggest", map_file, "-o", out, "--labels", "2", "--name", "my sky", "--json"))
    assert report["labels"][0]["name"] == "my sky"
    assert "my sky" in read_named(out.read_bytes(), "The map").names
    with pytest.raises(BadInputError, match="name of its own"):
        run("suggest", map_file, "-o", out, "--labels", "2", "--name", "a", "--name", "A")


def test_names_given_to_a_map_are_those_of_the_style_and_of_the_check(map_file: Path, tmp_path: Path) -> None:
    picture, named, data = tmp_path / "picture.png", tmp_path / "named.png", tmp_path / "data"
    picture.write_bytes(png(painted(flat(64, 48, [SKY, SEA, SKY, SAND]))))
    run("edit", map_file, "-o", named, "--rename", "#508ce6=sky", "--rename", "#143c78=sea", "--rename", "#e6c878=sand")
    report = json.loads(run("check", "--map", named, "--doodle", map_file, "--json"))
    assert {row["name"] for row in report["legend"]} == {"sky", "sea", "sand"}
    words = ("add", "--picture", picture, "--map", named, "--name", "Bay", "--data", data)
    CliRunner().invoke(style.command, [str(word) for word in words], catch_exceptions=False)
    shown = CliRunner().invoke(style.command, ["show", "bay", "--data", str(data)], catch_exceptions=False).output
    assert all(name in shown for name in ("sky", "sea", "sand"))


def test_a_map_is_recoloured_into_a_styles_labels(map_file: Path, tmp_path: Path) -> None:
    out = tmp_path / "doodle.png"
    words = ("--rename", "#e6c878=Turf", "--to-style", "coast-dusk", "--as", "#143c78=cloud")
    report = json.loads(run("edit", map_file, "-o", out, *words, "--json"))
    assert {(one["name"], one["label"], one["why"]) for one in report["assigned"]} == {
        ("light blue", "sky", "nearest colour"),
        ("dark blue", "cloud", "said"),
        ("Turf", "turf", "same name"),
    }
    house = house_style("coast-dusk")
    assert read_names(out.read_bytes()) == {
        label.colour: label.name for label in house.label if label.name in ("sky", "cloud", "turf")
    }
    assert check_maps(None, house.map.read_bytes(), out.read_bytes()).ok
    told = run("edit", map_file, "-o", out, *words)
    assert "light blue -> sky  (nearest in colour; --as changes it)" in told
    same = json.loads(run("edit", map_file, "-o", out, "--to-style", house.map, "--json"))
    assert {one["label"] for one in same["assigned"]} == {"sky", "sea", "sand"}


def test_a_map_with_soft_edges_can_be_edited(tmp_path: Path) -> None:
    soft = Image.fromarray(flat(64, 48, [SKY, SEA])).resize((320, 240), Image.Resampling.BICUBIC)
    soft.save(tmp_path / "soft.png")
    out = tmp_path / "out.png"
    report = json.loads(run("edit", tmp_path / "soft.png", "-o", out, "--rename", "#143c78=sea", "--json"))
    assert {row["name"]: round(row["share"], 1) for row in report["labels"]} == {"light blue": 0.5, "sea": 0.5}
