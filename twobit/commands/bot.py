"""`twobit bot`: sync | discord | mastodon | bluesky | messages."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import click

from twobit import fediverse, options
from twobit.discord import check_installed, make_parts, needed_token, unreached
from twobit.errors import BadInputError, OutOfReachServiceError
from twobit.logs import configure_logs, quiet_logs
from twobit.tracing import start_tracing
from twobit.wiring import read_apart
from worker.orphan import die_with_parent


@click.group("bot")
def command() -> None:
    """The bots: on Discord, Mastodon and Bluesky."""


@command.command("sync")
@options.with_options(options.SERVICE)
def sync_command(**given: Any) -> None:
    """Tell Discord which commands there are, in all languages; after each change of them."""
    quiet_logs()
    token = needed_token()
    parts = make_parts(options.service(given))
    import aiohttp
    import discord

    from bot.discord.bot import TwobitBot
    from bot.discord.syncing import sync

    async def go() -> list[str]:
        async with TwobitBot(parts, loops=False) as bot:
            await bot.login(token)
            return [one.name for one in await sync(bot)]

    try:
        names = asyncio.run(go())
    except discord.LoginFailure as error:
        raise BadInputError("Discord does not know this token: copy it again, see docs/discord.md") from error
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        raise OutOfReachServiceError(unreached(error)) from error
    click.echo(f"{len(names)} commands synced: {', '.join(sorted(names))}")


@command.command("discord")
@options.with_options(options.SERVICE)
def discord_command(**given: Any) -> None:
    """Run the Discord bot until SIGTERM; `twobit serve` does so by itself when it has a token."""
    configure_logs("discord")
    die_with_parent()
    token = needed_token()
    settings = options.service(given)
    start_tracing(settings, "discord")
    parts = make_parts(settings)
    read_apart()
    import discord

    from bot.discord.bot import TwobitBot
    from bot.discord.running import run

    async def go() -> None:
        stopping = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stopping.set)
        await run(lambda: TwobitBot(parts), token, stopping)

    try:
        asyncio.run(go())
    except discord.LoginFailure as error:
        raise BadInputError("Discord does not know this token: copy it again, see docs/discord.md") from error
    finally:
        parts.threads.close()


@command.command("mastodon")
@options.with_options(options.SERVICE)
def mastodon_command(**given: Any) -> None:
    """Run the Mastodon bot until SIGTERM; `twobit serve` does so by itself when it has an account."""
    _run_on("mastodon", given)


@command.command("bluesky")
@options.with_options(options.SERVICE)
def bluesky_command(**given: Any) -> None:
    """Run the Bluesky bot until SIGTERM; `twobit serve` does so by itself when it has an account."""
    _run_on("bluesky", given)


def _run_on(network: str, given: dict[str, Any]) -> None:
    configure_logs(network)
    die_with_parent()
    settings = options.service(given)
    start_tracing(settings, network)
    fediverse.run(network, settings, fediverse.stopping())


@command.command("messages")
@click.option("--out", type=click.Path(path_type=Path), default=Path("docs/discord-messages.md"), show_default=True)
def messages_command(out: Path) -> None:
    """Write the page of everything the bot says when something is wrong."""
    check_installed()
    from bot.discord.troubles import page

    try:
        out.write_text(page(), encoding="utf-8")
    except OSError as error:
        raise BadInputError(f"--out {out} can't be written ({error.strerror}): name another") from error
    click.echo(out)
