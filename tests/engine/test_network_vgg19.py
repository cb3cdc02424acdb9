"""VGG-19 from a made-up file of the right shapes; nothing is fetched."""

from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError

import pytest
import torch
from torch import Tensor, hub, nn

from engine import ResourceError
from engine.network.digest import sha256_of
from engine.network.vgg19 import load_vgg19, read_vgg19

torchvision = pytest.importorskip("torchvision")
CPU = torch.device("cpu")
PLAN = (64, 64, 0, 128, 128, 0, 256, 256, 256, 256, 0, 512)  # 0: pooling


def layers() -> Iterator[nn.Module]:
    channels = 3
    for width in PLAN:
        if width == 0:
            yield nn.MaxPool2d(2)
            continue
        yield nn.Conv2d(channels, width, 3, padding=1)
        yield nn.ReLU()
        channels = width


@pytest.fixture(scope="module")
def made_up() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(*layers()).eval()


@pytest.fixture
def file(made_up: nn.Sequential, tmp_path: Path) -> Path:
    state: dict[str, Tensor] = {f"features.{name}": value for name, value in made_up.state_dict().items()}
    path = tmp_path / "vgg19-made-up.pth"
    torch.save(state, path)
    return path


def test_features_are_those_of_the_same_layers_in_torch(made_up: nn.Sequential, file: Path) -> None:
    digest = sha256_of(file)
    network = read_vgg19(file, digest[:8], CPU)
    picture = torch.rand(1, 3, 40, 48, generator=torch.Generator().manual_seed(1))
    mean = torch.tensor([0.485, 0.456, 0.406]).view(1, 3, 1, 1)
    deviation = torch.tensor([0.229, 0.224, 0.225]).view(1, 3, 1, 1)
    with torch.no_grad():
        prepared = (picture - mean) / deviation
        found = network.features(picture)
        torch.testing.assert_close(found["conv3_1"], made_up[:12](prepared), rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(found["conv4_1"], made_up(prepared), rtol=1e-4, atol=1e-5)
    assert (network.name, network.sha256) == ("vgg19", digest)


def test_another_file_is_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(ResourceError, match="SHA-256"):
        read_vgg19(file, "00000000", CPU)
    text = tmp_path / "text.pth"
    text.write_text("no weights")
    with pytest.raises(ResourceError, match="no VGG-19"):
        read_vgg19(text, "", CPU)
    other = tmp_path / "other.pth"
    torch.save({"features.0.weight": torch.zeros(64, 3, 3, 3)}, other)
    with pytest.raises(ResourceError, match="no VGG-19"):
        read_vgg19(other, "", CPU)


def test_offline_says_what_to_do_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise URLError("no route")

    monkeypatch.setattr(hub, "download_url_to_file", refuse)
    with pytest.raises(ResourceError, match="choose network embedded") as caught:
        load_vgg19(CPU, tmp_path)
    assert "\n" not in str(caught.value)
    assert list(tmp_path.iterdir()) == []
