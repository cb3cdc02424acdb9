"""`--style`: what a message calls a style that was named, and one that is a file."""

from pathlib import Path

from twobit.options import PictureFiles
from twobit.settings import load_settings
from twobit.style_choice import with_style


def test_a_style_is_called_by_its_name_and_never_by_its_files(tmp_path: Path) -> None:
    given = PictureFiles(Path("coast-dusk"), None, tmp_path / "doodle.png", tmp_path / "out.png", None)
    named = with_style(given, load_settings(data=tmp_path)).named()
    assert (named["style"], named["style_map"]) == ("The style coast-dusk", "The map of coast-dusk")
    assert named["doodle"] == f"The doodle {tmp_path / 'doodle.png'}"


def test_another_map_for_a_named_style_keeps_its_files_name(tmp_path: Path) -> None:
    given = PictureFiles(Path("coast-dusk"), tmp_path / "map.png", tmp_path / "doodle.png", tmp_path / "out.png", None)
    named = with_style(given, load_settings(data=tmp_path)).named()
    assert (named["style"], named["style_map"]) == ("The style coast-dusk", f"The style map {tmp_path / 'map.png'}")
