"""What the command line says of Discord's token, and of a Discord that does not answer."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import aiohttp
import discord
import pytest

from twobit.discord import find_token, unreached
from twobit.errors import BadInputError


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("123456789012345678", "an id"),
        ("0123456789abcdef" * 4, "public key"),
        ("aB3-" * 8, "client secret"),
        ("Bot abc", "dots"),
        ("a.b.c.d", "dots"),
    ],
)
def test_what_is_no_token_is_refused_without_asking(monkeypatch: pytest.MonkeyPatch, value: str, said: str) -> None:
    monkeypatch.setenv("TWOBIT_DISCORD_TOKEN", value)
    with pytest.raises(BadInputError, match=said) as refused:
        find_token()
    assert value not in str(refused.value)
    assert "docs/discord.md" in str(refused.value)


def test_a_token_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWOBIT_DISCORD_TOKEN", "MTIz.GaBcDe.f-0_x")
    assert find_token() == "MTIz.GaBcDe.f-0_x"


def answered(status: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="Because")
    return discord.HTTPException(response, "no")


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (answered(503), "trouble of its own"),
        (answered(403), "refused"),
        (TimeoutError(), "no answer in time"),
        (ConnectionRefusedError(111, "Connection refused"), "Connection refused"),
    ],
)
def test_each_trouble_is_said_in_plain_words(error: Exception, said: str) -> None:
    assert said in unreached(error)


def test_no_class_of_a_library_is_named() -> None:
    async def ask() -> None:
        async with aiohttp.ClientSession() as session, session.get("http://discord.invalid"):
            pass

    # In a thread: a browser's tests before may have left this one with a loop.
    with ThreadPoolExecutor(1) as threads, pytest.raises(aiohttp.ClientError) as away:
        threads.submit(lambda: asyncio.run(ask())).result()
    assert "Error" not in unreached(away.value)
    assert "HTTPS to discord.com must be open" in unreached(away.value)
