"""What an app password must allow, tried without leaving a trace."""

from collections.abc import Callable

from bot.fediverse.bluesky.client import Client


def scopes(client: Client) -> dict[str, Callable[[], None]]:
    """An app password may do all that a bot does; what is looked at is whether the server does it for us."""

    def notifications() -> None:
        client.get("app.bsky.notification.listNotifications", limit=1)

    def writing() -> None:
        client.post("com.atproto.repo.applyWrites", {"repo": client.did, "writes": []})

    return {"mentions": notifications, "posts": writing}
