"""How much work each preset asks for."""

from dataclasses import dataclass

from engine.settings import Preset


@dataclass(frozen=True, slots=True)
class Effort:
    """The numbers of one run; every weight is in units of the style's own patch distances (see space.py)."""

    coarse_votes: int  # search and vote rounds in each octave but the finest
    fine_votes: int  # the same in the finest octave
    colours: int  # dimensions kept of the 75 of a 5x5 RGB patch
    context: int = 12  # dimensions kept of the surroundings
    guides: int = 8  # dimensions kept of the label guides
    lights: int = 6  # dimensions kept of the content's light and dark
    context_weight: float = 0.9  # surroundings against colours
    guide_weight: float = 2.5  # label guides against colours, at gamma 50
    place_weight: float = 2.0  # relative place in the picture against colours, in the two coarsest octaves
    light_weight: float = 0.8  # the content's light against colours, at alpha 10 and beta 50
    usage_weight: float = 0.7  # price of a style patch that is copied as often as an even spread would have it
    break_weight: float = 1.1  # price of copying from elsewhere than all four neighbours do
    repeat_weight: float = 0.4  # price of copying the same as all four neighbours do
    block_weight: float = 8.0  # price of going on with a copy that fills a cell already
    gate_weight: float = 8.0  # price of a centre pixel of another label
    jitter: float = 1.0  # px of the coarsest octave by which the layout is shaken, by the seed


EFFORTS: dict[Preset, Effort] = {
    "draft": Effort(coarse_votes=3, fine_votes=1, colours=12),
    "fast": Effort(coarse_votes=6, fine_votes=3, colours=20),
    "best": Effort(coarse_votes=8, fine_votes=6, colours=28),
}
