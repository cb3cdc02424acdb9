"""A recipe: everything needed to paint a work again."""

from typing import Any

from worker.contract.digest import digest_of
from worker.contract.options import PaintOptions
from worker.painter import Pictures

RECIPE_VERSION = 1


def recipe_of(pictures: Pictures, options: PaintOptions, network_sha256: str | None, release: str) -> dict[str, Any]:
    """Digests of what went in, the choices, the network's weights (None: no network painted) and the release."""
    return {
        "version": RECIPE_VERSION,
        "twobit": release,
        "style": digest_of(pictures.style),
        "style_map": digest_of(pictures.style_map),
        "doodle": digest_of(pictures.doodle),
        "content": None if pictures.content is None else digest_of(pictures.content),
        "options": options.model_dump(),
        "network_sha256": network_sha256,
    }
