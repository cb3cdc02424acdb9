"""What `twobit doctor` asks a network: whether it knows us, and whether the token may do what a bot does."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.fediverse.platform import Platform, PlatformError, TokenError


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at; `way_out` is empty when it is in order."""

    what: str
    found: str
    way_out: str = ""


def check(platform: Platform) -> Iterator[Checked]:
    """All of it, without posting anything."""
    try:
        me = platform.me()
    except TokenError as error:
        yield Checked("account", str(error)[:200], "make a new token, see docs/fediverse.md")
        return
    except PlatformError as error:
        yield Checked("account", f"out of reach ({error})"[:300], "look at the address and the network")
        return
    if me.moved_to:
        yield Checked(
            "account", f"@{me.handle} has moved to @{me.moved_to}", "give the address and a token of that account"
        )
    else:
        yield Checked("account", f"it is @{me.handle}")
    if me.bot:
        yield Checked("bot mark", "the profile says that it is a bot")
    else:
        yield Checked("bot mark", "the profile does not say that it is a bot", platform.how_to_mark)
    for scope, try_it in platform.scopes().items():
        try:
            try_it()
        except PlatformError as error:
            way_out = "make a token that has it" if isinstance(error, TokenError) else "look at the network"
            yield Checked(scope, str(error)[:200], way_out)
        else:
            yield Checked(scope, "granted")
