"""What an operator reads when a network can't be reached: words, not a library's layers."""

import json
import socket
from pathlib import Path

import pytest

from bot.fediverse.bluesky.network import BlueskyPlatform
from bot.fediverse.mastodon.network import MastodonPlatform
from bot.fediverse.outage import why
from bot.fediverse.platform import PlatformError, TokenError
from tests.bot.fediverse.stage import Net, OnMastodon
from tests.networks.serving import Instead, free_port


def wrapped(error: BaseException) -> BaseException:
    """As clients' libraries raise it."""
    try:
        try:
            raise error
        except OSError as cause:
            raise RuntimeError("HTTPSConnectionPool(host='x', port=443): Max retries exceeded") from cause
    except RuntimeError as outer:
        return outer


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (socket.gaierror(-2, "Name or service not known"), "its name can't be looked up"),
        (ConnectionRefusedError(111, "Connection refused"), "nothing listens there"),
        (TimeoutError("timed out"), "it takes too long"),
        (OSError(101, "Network is unreachable"), "[Errno 101] Network is unreachable"),
    ],
)
def test_the_cause_is_told(error: OSError, words: str) -> None:
    assert why(wrapped(error)) == words


def test_an_error_without_words_has_its_name() -> None:
    assert why(RuntimeError()) == "RuntimeError"


@pytest.mark.parametrize("network", ["mastodon", "bluesky"])
def test_nobody_at_the_address(network: str, tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    platform = (
        MastodonPlatform(url, "token")
        if network == "mastodon"
        else BlueskyPlatform(url, "twobit.test", "password", tmp_path / "session")
    )
    with pytest.raises(PlatformError, match=r"does not answer \(nothing listens there\)$"):
        platform.me()
    platform.close()


def test_what_answers_is_no_network(net: Net) -> None:
    net.server.instead[""] = Instead(404, b"<!doctype html><html>A page of somebody's</html>")
    platform = net.platform()
    with pytest.raises(PlatformError, match=r"does not answer as one \(404\)$"):
        platform.me()
    net.server.instead.clear()
    platform.close()


@pytest.mark.parametrize("net", ["mastodon"], indirect=True)
def test_a_code_instead_of_words(net: Net) -> None:
    assert isinstance(net, OnMastodon)
    net.server.instead["/api/"] = Instead(401, json.dumps({"error": {"code": "bad_token"}}).encode())
    platform = net.platform()
    with pytest.raises(TokenError, match=r"\(401, bad_token\)"):
        platform.me()
    net.server.instead.clear()
    platform.close()
