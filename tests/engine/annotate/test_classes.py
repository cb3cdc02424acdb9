"""torchvision's segmenter from a made-up file of the right shapes; nothing is fetched."""

import importlib
from pathlib import Path
from urllib.error import URLError

import pytest
import torch
from torch import Tensor, hub, nn

import engine
from engine.annotate.classes import Segmenter, classes_of, load_segmenter, read_segmenter
from engine.network.digest import sha256_of

segmentation = pytest.importorskip("torchvision.models.segmentation")
classes = importlib.import_module("engine.annotate.classes")  # `engine.annotate` itself is the function
CLASSES = tuple(f"class {k}" for k in range(21))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    model = segmentation.lraspp_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=21)
    path = tmp_path_factory.mktemp("networks") / "made-up.pth"
    torch.save(model.state_dict(), path)
    return path


class HalfAndHalf(nn.Module):
    """Sees a cat on the left, nothing on the right."""

    def forward(self, picture: Tensor) -> dict[str, Tensor]:
        belief = torch.zeros(1, 21, picture.shape[2], picture.shape[3])
        belief[:, 8, :, : picture.shape[3] // 2] = 1
        belief[:, 0, :, picture.shape[3] // 2 :] = 1
        return {"out": belief}


def test_a_file_of_the_right_shapes_gives_beliefs_in_each_class(file: Path) -> None:
    segmenter = read_segmenter(file, sha256_of(file)[:8], CLASSES)
    with torch.no_grad():
        assert segmenter.model(torch.rand(1, 3, 64, 96))["out"].shape == (1, 21, 64, 96)
    assert not segmenter.model.training


def test_things_are_labels_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = torch.zeros(1, 3, 60, 80)
    picture[..., :40] = 0.8
    names = ["background", *CLASSES[1:]]
    names[8] = "cat"
    label, found = classes_of(Segmenter(HalfAndHalf(), tuple(names)), picture, None)
    assert set(found) == {"background", "cat"}
    assert (label[:, :40] == found.index("cat")).all()
    assert (label[:, 40:] == found.index("background")).all()
    with pytest.raises(engine.InputError, match="nothing but"):
        classes_of(Segmenter(HalfAndHalf(), tuple(names)), picture, 1)
    loaded = Segmenter(HalfAndHalf(), tuple(names))
    monkeypatch.setattr(classes, "load_segmenter", lambda _folder: loaded)
    suggestion = engine.annotate(picture, segmenter="torchvision")
    assert (set(suggestion.classes), suggestion.segmenter) == ({"background", "cat"}, "torchvision")


def test_another_file_is_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(engine.ResourceError, match="SHA-256"):
        read_segmenter(file, "00000000", CLASSES)
    for name, content in {"text": b"no weights", "empty": b""}.items():
        (tmp_path / name).write_bytes(content)
        with pytest.raises(engine.ResourceError, match="no LR-ASPP"):
            read_segmenter(tmp_path / name, "", CLASSES)
    torch.save({"a": torch.zeros(3)}, tmp_path / "other")
    with pytest.raises(engine.ResourceError, match="no LR-ASPP"):
        read_segmenter(tmp_path / "other", "", CLASSES)


def test_offline_says_what_to_do_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise URLError("no route")

    monkeypatch.setattr(hub, "download_url_to_file", refuse)
    with pytest.raises(engine.OfflineError, match="leave --segmenter torchvision out") as caught:
        load_segmenter(tmp_path)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
