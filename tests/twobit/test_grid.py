"""The sweep of `twobit grid`: what varies along which side, and that every painting lies at its place."""

import itertools
from pathlib import Path

import numpy as np
import pytest
import torch

import engine
from engine.painting import Painting
from tests.pictures import SAND, SEA, SKY, flat
from twobit.commands.grid import MOST, paint_all, sweep_of, values_of
from twobit.contact_sheet import MOST_PIXELS, lay_out
from twobit.easel import Easel, Painted
from twobit.errors import BadInputError
from twobit.show import Waiting
from worker.contract import PaintOptions
from worker.contract.pictures import Rgb

DEFAULTS = {"beta": "50", "gamma": "50", "alpha": "10", "seed": "0"}
PICTURE = flat(64, 48, [SKY, SEA, SAND])
PICTURES = {"style": PICTURE, "style_map": PICTURE, "doodle": PICTURE}


def test_beta_runs_across_and_gamma_down() -> None:
    sweep = sweep_of({**DEFAULTS, "beta": "0,10, 250", "gamma": "0,50"})
    assert [column["beta"] for column in sweep.columns] == ["0", "10", "250"]
    assert [row["gamma"] for row in sweep.rows] == ["0", "50"]
    assert all((row["alpha"], row["seed"]) == ("10", "0") for row in sweep.rows)


def test_a_third_list_makes_more_rows() -> None:
    sweep = sweep_of({**DEFAULTS, "gamma": "0,50", "alpha": "1,2", "seed": "1,2,3"})
    assert [column["gamma"] for column in sweep.columns] == ["0", "50"]
    assert [(row["alpha"], row["seed"]) for row in sweep.rows] == list(itertools.product("12", "123"))


def test_one_value_each_is_one_painting() -> None:
    assert sweep_of(DEFAULTS).count == 1


def test_too_many_paintings_are_told_with_numbers() -> None:
    many = ",".join(map(str, range(9)))
    with pytest.raises(BadInputError, match=f"9 x 9 values are 81 paintings and {MOST}"):
        sweep_of({**DEFAULTS, "beta": many, "gamma": many})


@pytest.mark.parametrize(
    ("name", "text"), [("beta", ""), ("beta", "1,,2"), ("gamma", "a"), ("seed", "1.5"), ("beta", "5,5")]
)
def test_a_list_that_is_none_is_named(name: str, text: str) -> None:
    with pytest.raises(BadInputError, match=f"--{name} is"):
        values_of(name, text)


class MarkedEasel(Easel):
    """Paints a flat colour that tells the choices."""

    def paint(self, pictures: dict[str, Rgb], choices: PaintOptions, on_step: object = None) -> Painted:
        colour = (int(choices.beta), int(choices.gamma), choices.seed)
        return Painted(np.full((48, 64, 3), colour, np.uint8), 0.0, "cpu")


def test_every_painting_lies_at_its_place(tmp_path: Path) -> None:
    sweep = sweep_of({**DEFAULTS, "beta": "10,90,200", "gamma": "20,120", "seed": "1,99"})
    choices = [
        [
            PaintOptions(beta=float(column["beta"]), gamma=float(row["gamma"]), seed=int(row["seed"]))
            for column in sweep.columns
        ]
        for row in sweep.rows
    ]
    with Waiting(silent=True) as waiting:
        sheet = paint_all(sweep, choices, PICTURES, MarkedEasel("cpu", tmp_path), waiting)
    pixels = sheet.pixels()
    for row, column in itertools.product(range(4), range(3)):
        y = sheet.top + row * (sheet.cell[1] + sheet.letter // 2)
        x = sheet.left + column * sheet.pitch
        cell = pixels[y : y + 48, x : x + 64]
        wanted = choices[row][column]
        assert (cell == (wanted.beta, wanted.gamma, wanted.seed)).all(), (row, column)
    assert (pixels[sheet.letter : sheet.letter + 12, sheet.letter : sheet.letter + 12] == SKY).all()  # the corner


def test_a_sheet_of_large_paintings_stays_within_bounds() -> None:
    names = tuple(f"beta {n}" for n in range(8))
    sheet = lay_out(names, names, (4096, 4096), PICTURES, "words")
    assert sheet.image.width * sheet.image.height < 1.5 * MOST_PIXELS
    assert sheet.cell[0] == sheet.cell[1]


def test_long_words_and_small_paintings_have_room() -> None:
    sheet = lay_out(("beta 1000000",), ("alpha 1000000\nseed 4294967295",), (32, 32), PICTURES, "w" * 100)
    margin = sheet.pixels()[:, -4:]
    assert (margin == margin[0, 0]).all()


def test_the_network_is_loaded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, seen = [], []
    load = engine.network.load_network

    def counted(name: engine.settings.NetworkName, *rest: object) -> engine.network.Network:
        loaded.append(name)
        return load(name, *rest)  # type: ignore[arg-type]

    def paint(*_pictures: object, network: engine.network.Network, **_more: object) -> Painting:
        seen.append(network)
        return Painting(torch.zeros(1, 3, 48, 64), 0.1, "cpu", network.name, stopped=False)

    monkeypatch.setattr("engine.network.load_network", counted)
    monkeypatch.setattr("engine.paint", paint)
    easel = Easel("cpu", tmp_path)
    for seed in range(3):
        easel.paint(PICTURES, PaintOptions(seed=seed))
    assert loaded == ["embedded"]
    assert seen[0] is seen[1] is seen[2]
