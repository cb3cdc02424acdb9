"""What is wrong on the command line is one line that says what to do."""

import sys
from pathlib import Path

import pytest

from bot.styles import blank_template, house_style
from twobit.cli import main


def run(words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    monkeypatch.setattr(sys, "argv", ["twobit", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    assert isinstance(ended.value.code, int)
    return ended.value.code, said.out, said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("paint", "Missing option '--style': `twobit paint --help` shows what it takes"),
        ("pain", "No such command 'pain': `twobit --help` shows what it takes"),
        ("map suggest", "Missing argument 'PICTURE': `twobit map suggest --help` shows what it takes"),
        ("paint --size 99999", "--size is 99999: give 8192 or less"),
        ("paint --size 10", "--size is 10: give 32 or more"),
        ("paint --method oil", "--method is 'oil': choose 'fast', 'paper', 'gram', 'mrf' or 'colour'"),
        ("map check", "--map is missing: name the style's semantic map, or a style by --style"),
        ("style add --picture p.png", "`twobit map suggest p.png -o map.png` makes a map"),
        ("style remove coast-dusk", "can't be removed: only what was added can"),
    ],
)
def test_it_says_the_way_out(
    words: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = words.split()
    if words.startswith("paint --"):
        doodle = str(house_style("coast-dusk").doodle)
        given += ["--style", "coast-dusk", "--doodle", doodle, "--out", str(tmp_path / "out.png")]
    if words == "map check":
        given += ["--doodle", "doodle.png"]
    if words.startswith("style"):
        given += ["--data", str(tmp_path)]
    code, _, err = run(given, monkeypatch, capsys)
    assert code == 2
    assert said in err
    assert err.count("\n") == 1


def test_a_map_is_checked_against_a_style_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    style = house_style("coast-dusk")
    doodle = tmp_path / "doodle.png"
    doodle.write_bytes(blank_template(style))
    words = ["map", "check", "--style", "coast-dusk", "--doodle", str(doodle), "--data", str(tmp_path)]
    code, out, _ = run(words, monkeypatch, capsys)
    assert code == 0
    assert all(label.name in out for label in style.label)
    assert "Nothing is drawn" in out
