"""`twobit serve`: queue, desk and worker on one machine, until Ctrl-C."""

import contextlib
import fcntl
import json
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import click
from pydantic import SecretStr

from bot.desk import Desk, OutOfReachError
from bot.web.settings import address_here, family_of, is_everywhere, is_loopback
from twobit import fediverse, files, options, valkey
from twobit.discord import check_installed, find_token
from twobit.errors import BadInputError, OutOfReachServiceError
from twobit.logs import configure_logs
from twobit.page import answers
from twobit.settings import SERVE_FILE, ServiceSettings
from twobit.supervisor import Supervisor
from twobit.web import web_settings
from twobit.wiring import open_desk
from worker.contract import UnreachableError
from worker.contract.connection import without_password
from worker.orphan import die_with_parent

LOOK_SECONDS = 0.1
READY_SECONDS = 150.0  # a busy small machine takes most of a minute; who died is told before
PORT_FILE = "web.port"


@click.command("serve")
@options.with_options(options.ADDRESS, options.WEB, options.SERVICE)
def command(**given: Any) -> None:
    """Run everything on this machine: queue, desk, worker, and the bots that have an account, until Ctrl-C."""
    configure_logs("serve")
    die_with_parent()
    settings = options.service(given)
    bots = _bots()
    web_settings(settings)  # an address that would let strangers in is refused before anything starts
    with _only_one(settings.data):
        stopping = _Stopping()
        supervisor = Supervisor()
        try:
            _serve(settings, supervisor, stopping, bots)
        finally:
            supervisor.stop()
            (settings.data / SERVE_FILE).unlink(missing_ok=True)


def _serve(given: ServiceSettings, supervisor: Supervisor, stopping: "_Stopping", bots: list[str]) -> None:
    settings = given.model_copy(
        update={"redis_url": given.redis_url or valkey.url_of(given.data), "port": _free_port(given)}
    )
    assert settings.redis_url is not None
    if given.redis_url is None:
        supervisor.add("valkey", valkey.command(given.data))
    valkey.wait_ready(settings.redis_url, lambda: stopping.asked)
    if stopping.asked:
        return
    desk = open_desk(settings)
    try:
        desk.queue.require()
    except UnreachableError as error:
        raise OutOfReachServiceError(str(error)) from error
    page = address_here(settings.host, settings.port)
    known = {"pid": os.getpid(), "page": page, "redis_url": settings.redis_url, "lasting": settings.lasting}
    files.write_whole(settings.data / SERVE_FILE, json.dumps(known).encode(), mode=0o600)  # the URL has a password
    environment = _environment(settings)
    for part in ("desk", "worker"):
        supervisor.add(part, [sys.executable, "-P", "-m", "twobit", part], environment)
    for bot in bots:
        supervisor.add(bot, [sys.executable, "-P", "-m", "twobit", "bot", bot], environment)
    _wait_ready(desk, page, supervisor, stopping)
    if not stopping.asked:
        for name, where in (
            ("data", str(settings.data)),
            ("queue", without_password(settings.redis_url)),
            ("database", desk.database.shown),
            ("pictures", without_password(settings.store)),
            ("health", f"{page}/readyz"),
        ):
            click.echo(f"{name:>9}  {where}")
        for line in _outside(settings, page):
            click.echo(line)
        click.echo(f"    ready  draw and paint at {settings.public_url or page}/studio; Ctrl-C stops")
        sys.stdout.flush()
    while not stopping.asked:
        supervisor.look()
        time.sleep(LOOK_SECONDS)


def _outside(settings: ServiceSettings, page: str) -> Iterator[str]:
    """What the operator of a page that is open to others should know."""
    if not (settings.open or settings.discord_client_id):
        return
    if is_everywhere(settings.host):
        yield f"  listens  on all of this machine's addresses, port {settings.port}: others open it by its name"
    who = "whoever signs in by Discord" if settings.discord_client_id else "anybody who reaches the page"
    yield f"  painted  by {who}; `twobit moderate` prints your own way in to what is reported"
    if settings.public_url is None and is_loopback(settings.host):
        yield f"  reached  from this machine alone: give --host, or --public-url and a proxy to {page}"


def _bots() -> list[str]:
    """The bots that have an account; what is wrong with one is told before anything starts."""
    found = []
    if find_token() is not None:
        check_installed()
        found.append("discord")
    for network in fediverse.NETWORKS:
        if fediverse.configured(network):
            fediverse.check_installed(network)
            found.append(network)
    return found


class _Stopping:
    """Set by SIGINT or SIGTERM."""

    def __init__(self) -> None:
        self.asked = False
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, _signal: int, _frame: FrameType | None) -> None:
        self.asked = True


@contextmanager
def _only_one(data: Path) -> Iterator[None]:
    """Hold the data folder's lock; the kernel lets go of it however we end."""
    with (data / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BadInputError(
                f"Another `twobit serve` works on {data}: stop it first, or name another folder by --data"
            ) from None
        yield


def _free_port(settings: ServiceSettings) -> int:
    """The port asked for, else that of the last time, else a free one: a browser keeps its doodles by address."""
    last = settings.data / PORT_FILE
    if settings.port == 0 and last.is_file():
        text = last.read_text()[:5]
        known = settings.model_copy(update={"port": int(text)}) if text.isascii() and text.isdecimal() else settings
        with contextlib.suppress(BadInputError):
            return _probed(known)
    port = _probed(settings)
    last.write_text(str(port))
    return port


def _probed(settings: ServiceSettings) -> int:
    try:
        with socket.create_server((settings.host, settings.port), family=family_of(settings.host)) as probe:
            return int(probe.getsockname()[1])
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such port"
        raise BadInputError(
            f"{settings.host}:{settings.port} can't be listened on ({reason}): choose another --host or --port"
        ) from error


def _environment(settings: ServiceSettings) -> dict[str, str]:
    """The children's settings; by environment, since the process list shows arguments to everybody."""
    values = settings.model_dump(mode="json", exclude_none=True)
    secrets = {name: value.get_secret_value() for name, value in settings if isinstance(value, SecretStr)}
    values |= secrets
    return {f"TWOBIT_{name.upper()}": str(value) for name, value in values.items()}


def _wait_ready(desk: Desk, page: str, supervisor: Supervisor, stopping: _Stopping) -> None:
    give_up = time.monotonic() + READY_SECONDS
    while not stopping.asked:
        try:
            # Signs of life of a killed one last for a while; an open page is of this one.
            if desk.running() and desk.queue.workers() and answers(page):
                return
        except (OutOfReachError, UnreachableError):
            pass
        if time.monotonic() > give_up:
            raise OutOfReachServiceError("Desk and worker did not come up: the lines above say why")
        supervisor.look()
        time.sleep(LOOK_SECONDS)
