"""Weights that are fetched once, and checked before they lie where they are looked for."""

from pathlib import Path

from torch import hub

from engine.errors import OfflineError


def fetch(url: str, file: Path, prefix: str, what: str, way_out: str) -> None:
    """Download `url`, check that its SHA-256 begins with `prefix`, and only then put it at `file`.

    what, way_out  for the OfflineError's sentence: what can't be fetched, and what to do without it
    """
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        hub.download_url_to_file(url, str(file), hash_prefix=prefix, progress=False)
    except (OSError, RuntimeError) as error:
        raise OfflineError(
            f"{what} can't be fetched ({error}): go online, put {url} at {file}, or {way_out}"
        ) from error
