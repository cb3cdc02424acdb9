"""Maps that are kept as they are: colours between labels, and embeddings."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from worker.contract.maps.report import Finding
from worker.contract.maps.semantic_map import SemanticMap, Values

SAMPLES = 1500  # pixels of each map that are compared
FAR = 0.2  # of the range: what has nothing nearer in the style map will be a guess
UNLIKE = 0.02  # share of the doodle that is far from all of the style map and worth a word
OPAQUE = 255


def equal_channels(style: SemanticMap, doodle: SemanticMap) -> tuple[Values, Values]:
    """The values of both, grey made RGB and RGB made RGBA where the other one is; else M stays as it is."""
    most = max(style.channels, doodle.channels)
    if style.kind == doodle.kind == "picture":
        return _with_channels(style.values, most), _with_channels(doodle.values, most)
    return style.values, doodle.values


def far_from_style(style: Values, doodle: Values, called: Mapping[str, str]) -> tuple[Finding, ...]:
    """A warning where much of the doodle has nothing like it in the style map; (H, W, M) each."""
    one, other = _sampled(style), _sampled(doodle)
    both = np.concatenate([one, other])
    span = float((both.max(0) - both.min(0)).max())
    if span == 0:
        text = f"{called['style_map']} and the doodle are the same everywhere: nothing tells their parts apart."
        return (Finding(code="one label", text=text, role="style_map"),)
    one, other = (one - both.min(0)) / span, (other - both.min(0)) / span
    away = (other**2).sum(1)[:, None] - 2 * other @ one.T + (one**2).sum(1)[None]
    share = float((away.min(1) > FAR**2).mean())
    if share <= UNLIKE:
        return ()
    text = (
        f"{share:.0%} of {called['doodle'][:1].lower() + called['doodle'][1:]} has nothing within {FAR:.0%} of the "
        "range in the style map: what is painted there is a guess."
    )
    return (Finding(code="far", text=text, role="doodle"),)


def _with_channels(values: Values, most: int) -> Values:
    if values.shape[2] == 1 and most > 1:
        values = np.concatenate([values] * 3, axis=2)
    if values.shape[2] == 3 and most == 4:
        alpha = np.full((*values.shape[:2], 1), OPAQUE, values.dtype)
        values = np.concatenate([values, alpha], axis=2)
    return values


def _sampled(values: Values) -> NDArray[np.float64]:
    """(N, M) of an even grid of pixels."""
    rows = values.reshape(-1, values.shape[2])
    step = max(1, len(rows) // SAMPLES)
    return rows[step // 2 :: step].astype(np.float64)
