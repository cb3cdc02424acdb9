"""Golden pictures: what each method painted when somebody last looked.

The rule for renewing them: after a change that is meant to change pictures, run `python -m tests.engine.golden`, look
at every new picture beside the old one (`git diff` shows both), and commit them with the change and a word on why. A
change that is not meant to change pictures renews nothing.

Another processor rounds otherwise, and a match may tip over; so pictures are compared blurred, within NEAR.
"""

from pathlib import Path

import torch
from torch import Tensor

import engine
from benchmarks.cases import load_picture, save_picture
from tests.engine.fast.scene import draw_doodle, paint_style

FOLDER = Path(__file__).parent / "golden"
NEAR = 0.01  # mean difference of the blurred pictures, of 1
BLUR = 4  # px
CASES: dict[str, engine.Settings] = {
    "fast-draft": engine.Settings(preset="draft", seed=1),
    "fast": engine.Settings(seed=1),
    "fast-best": engine.Settings(preset="best", seed=1),
    "fast-large": engine.Settings(seed=1, width=224, height=160),
    "paper": engine.Settings(method="paper", preset="draft", seed=1),
    "mrf": engine.Settings(method="mrf", preset="draft", seed=1),
    "gram": engine.Settings(method="gram", preset="draft", seed=1),
    "fast-content": engine.Settings(seed=1),
    "paper-content": engine.Settings(method="paper", preset="draft", seed=1),
}

SLOW = ("gram", "mrf")  # `paper` goes through the same loops, and what they share with it


def paint_case(name: str) -> Tensor:
    """(1, 3, H, W) of one case; the doodle of the small scene, its content a grey photo of it in a fading light."""
    style, style_map = paint_style()
    doodle = draw_doodle()
    grain = torch.rand(1, 1, *doodle.shape[2:], generator=torch.Generator().manual_seed(4))
    photo = (0.2 + 0.4 * doodle.mean(1, keepdim=True) + 0.1 * grain) * torch.linspace(1.2, 0.6, doodle.shape[3])
    content = photo.expand(1, 3, -1, -1).contiguous() if name.endswith("content") else None
    return engine.paint(style, style_map, doodle, CASES[name], content=content).picture


def difference(one: Tensor, other: Tensor) -> float:
    """Mean absolute difference of two pictures, blurred."""
    blurred = [torch.nn.functional.avg_pool2d(picture, BLUR, 1) for picture in (one, other)]
    return float((blurred[0] - blurred[1]).abs().mean())


def load_golden(name: str) -> Tensor:
    """The picture as it was."""
    return load_picture(FOLDER / f"{name}.png")


if __name__ == "__main__":
    for case in CASES:
        save_picture(paint_case(case), FOLDER / f"{case}.png")
