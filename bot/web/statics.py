"""Style sheets and scripts, under an address that changes with their content: cached for ever, never stale."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from bot.web.errors import missing

TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def static_files() -> dict[str, bytes]:
    """All of them by path below static/; there are few and they are small."""
    root = Path(str(files("bot.web").joinpath("static")))
    found = sorted(path for path in root.rglob("*") if path.suffix in TYPES)
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in found}


@cache
def version() -> str:
    """Of all files together: modules import one another by relative address."""
    summary = hashlib.sha256()
    for path, data in static_files().items():
        summary.update(path.encode() + b"\0" + hashlib.sha256(data).digest())
    return summary.hexdigest()[:12]


def address(path: str) -> str:
    """Where a page finds a file. Raises KeyError for one that is not there."""
    _ = static_files()[path]
    return f"/static/{version()}/{path}"


async def static(request: Request) -> Response:
    """`/static/<version>/<path>`."""
    path: str = request.path_params["path"]
    data = static_files().get(path)
    if data is None:
        raise missing("file")
    fresh = request.path_params["version"] == version()
    headers = {"cache-control": "public, max-age=31536000, immutable" if fresh else "no-cache"}
    return Response(data, media_type=TYPES[Path(path).suffix], headers=headers)
