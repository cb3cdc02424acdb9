"""How the API tells jobs and works."""

from typing import Any

from bot.community import Work
from bot.desk import Recipe, Standing
from bot.web.settings import WebSettings
from bot.web.styles import picture_address


def job_said(standing: Standing, recipe: Recipe | None) -> dict[str, Any]:
    """A job and where it stands; `recipe` is None for a suggested map."""
    progress = standing.progress
    return {
        "id": standing.job_id,
        "kind": standing.kind,
        "state": standing.state,
        "created": standing.created.isoformat(),
        "ahead": standing.ahead,
        "eta_seconds": standing.eta_seconds,
        "progress": None
        if progress is None
        else {
            "octave": progress.octave,
            "octaves": progress.octaves,
            "iteration": progress.iteration,
            "iterations": progress.iterations,
            "done": progress.done,
            "seconds": progress.seconds,
        },
        "preview": None
        if standing.preview is None
        else f"/api/v1/jobs/{standing.job_id}/preview?of={standing.preview[:16]}",
        "painting": None if standing.result is None or recipe is None else picture_address(standing.result),
        "map": None if standing.result is None or recipe is not None else f"/api/v1/jobs/{standing.job_id}/map",
        "doodle": None if recipe is None else picture_address(recipe.doodle),
        "width": standing.width,
        "height": standing.height,
        "seconds": standing.seconds,
        "notes": list(standing.notes),
        "failure": standing.failure,
        "message": standing.message,
        "style": None if recipe is None else recipe.style_key,
        "remix_of": None if recipe is None else recipe.remix_of,
        "options": {} if recipe is None else recipe.options.model_dump(),
    }


def work_said(work: Work, settings: WebSettings) -> dict[str, Any]:
    """A published work. Nobody's id is told, only the name that its maker gave."""
    base = (settings.public_url or "").rstrip("/")
    return {
        "id": work.id,
        "title": work.title,
        "author": work.author,
        "alt": work.alt,
        "nsfw": work.nsfw,
        "page": f"{base}/work/{work.id}",
        "painting": base + picture_address(work.result),
        "doodle": base + picture_address(work.doodle),
        "width": work.width,
        "height": work.height,
        "votes": work.votes,
        "style": work.style_key,
        "style_name": work.style_name,
        "credit": work.credit,
        "labels": list(work.labels),
        "parent": work.parent,
        "challenge": work.challenge,
        "published": work.published.isoformat(),
        "recipe": {
            "style": work.style,
            "style_map": work.style_map,
            "doodle": work.doodle,
            "options": work.options.model_dump(),
        },
    }
