"""What a Mastodon token must allow, tried without leaving a trace."""

from collections.abc import Callable

from mastodon import Mastodon

from bot.fediverse.mastodon.client import Client
from bot.fediverse.platform import GoneError, PlatformError, TokenError


def scopes(client: Client) -> dict[str, Callable[[], None]]:
    """By the names that Mastodon's own form has."""

    def reads(what: Callable[[Mastodon], object]) -> Callable[[], None]:
        return lambda: _quietly(client, what)

    return {
        "read:notifications": reads(lambda api: api.notifications(limit=1)),
        "read:statuses": reads(lambda api: api.timeline_home(limit=1)),
        "write:statuses": reads(lambda api: api.status_post("")),
        "write:media": reads(lambda api: api.media_post(b"", mime_type="image/png")),
    }


def _quietly(client: Client, what: Callable[[Mastodon], object]) -> None:
    """Only a refusal for want of a scope counts: an empty post is refused by everybody. Raises TokenError."""
    try:
        client.call(what)
    except TokenError:
        raise
    except GoneError:
        return
    except PlatformError as error:
        if not error.permanent:
            raise
