"""The network against a plain nn.Sequential of the same weights, and its door."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from engine import InputError, ResourceError
from engine.network import CHANNELS, LAYERS, STRIDES, Network, load_network, pick_device
from engine.network.embedded import FILE, load_embedded

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def network() -> Network:
    return load_network("embedded", CPU)


def reference(picture: Tensor) -> dict[str, Tensor]:
    """VGG-16 written out, on pixels prepared as the weights' own page says."""
    weights = load_file(FILE)
    x = picture.flip(1) * 255 - torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
    found = {}
    for layer in (
        "conv1_1",
        "conv1_2",
        "pool",
        "conv2_1",
        "conv2_2",
        "pool",
        "conv3_1",
        "conv3_2",
        "conv3_3",
        "pool",
        "conv4_1",
    ):
        if layer == "pool":
            x = nn.MaxPool2d(2)(x)
            continue
        weight = weights[f"{layer}.weight"].float()
        convolution = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1)
        convolution.weight.data, convolution.bias.data = weight, weights[f"{layer}.bias"].float()  # type: ignore[union-attr]
        x = found[layer] = torch.relu(convolution(x)).detach()
    return found


def picture_of(height: int, width: int, seed: int = 0) -> Tensor:
    return torch.rand(1, 3, height, width, generator=torch.Generator().manual_seed(seed))


def test_features_are_those_of_vgg16_written_out(network: Network) -> None:
    picture = picture_of(37, 50)
    wanted = reference(picture)
    for layer, found in network.features(picture).items():
        torch.testing.assert_close(found, wanted[layer], rtol=1e-4, atol=1e-4 * wanted[layer].max().item())


@pytest.mark.parametrize(("height", "width"), [(32, 32), (45, 71), (64, 33)])
def test_strides_and_channels(network: Network, height: int, width: int) -> None:
    found = network.features(picture_of(height, width))
    assert tuple(found) == LAYERS
    for layer in LAYERS:
        stride = STRIDES[layer]
        assert found[layer].shape == (1, CHANNELS[layer], height // stride, width // stride)


def test_work_stops_at_the_deepest_layer_asked_for(network: Network) -> None:
    assert tuple(network.features(picture_of(32, 32), ["conv2_1"])) == ("conv2_1",)
    with pytest.raises(KeyError, match="conv5_1"):
        network.features(picture_of(32, 32), ["conv5_1"])


def test_gradient_reaches_the_pixels_and_nothing_else(network: Network) -> None:
    picture = picture_of(32, 40).requires_grad_()
    (gradient,) = torch.autograd.grad(network.features(picture)["conv4_1"].square().mean(), picture)
    assert gradient.abs().sum() > 0
    assert not any(kernel.requires_grad for kernel in network._kernels.values())


def test_a_network_is_loaded_once(network: Network) -> None:
    assert load_network("embedded", CPU) is network
    assert network.device == CPU
    assert network.name == "embedded"


def test_a_changed_weights_file_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / FILE.name
    data = bytearray(FILE.read_bytes())
    data[-1] ^= 1
    changed.write_bytes(data)
    with pytest.raises(ResourceError, match="SHA-256"):
        load_embedded(CPU, changed)
    with pytest.raises(ResourceError, match="install the package again"):
        load_embedded(CPU, tmp_path / "missing.safetensors")


def test_unknown_network_and_missing_device_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="choose one of"):
        load_network("resnet", CPU)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    assert pick_device("auto") == CPU
    with pytest.raises(ResourceError, match="choose device cpu"):
        pick_device("cuda")
