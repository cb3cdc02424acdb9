"""Which labels a doodle has, by the names of its style."""

import numpy as np

from bot.desk.reading import decode
from bot.web.parts import Parts

FEW = 0.002  # share of the doodle below which a label is a slip of the pen


def labels_in(parts: Parts, job_id: str) -> list[str]:
    """Names of the style's labels that the job's doodle has, the largest first; empty for a style of no library."""
    recipe = parts.desk.recipe(job_id)
    style = parts.community.styles.of_job(recipe.style_key)
    if style is None:
        return []
    pixels = decode(parts.pictures.get(recipe.doodle), "The doodle", stored=True).reshape(-1, 3).astype(np.int32)
    colours = np.array([label.rgb for label in style.labels], np.int32)
    codes, counts = np.unique(pixels @ (1 << 16, 1 << 8, 1), return_counts=True)
    found = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], 1)
    nearest = ((found[:, None] - colours[None]) ** 2).sum(-1).argmin(1)
    shares = np.bincount(nearest, counts, len(colours)) / len(pixels)
    return [style.labels[index].name for index in np.argsort(-shares, kind="stable") if shares[index] > FEW]
