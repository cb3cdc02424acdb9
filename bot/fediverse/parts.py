"""What a front of this kind is put together from; made in main and passed down."""

from dataclasses import dataclass

from bot.community import Community
from bot.desk import Desk
from bot.fediverse.inbox import Inbox
from bot.fediverse.platform import Platform


@dataclass(frozen=True, slots=True)
class Parts:
    """All its calls block."""

    desk: Desk
    community: Community
    platform: Platform
    inbox: Inbox
    public_url: str | None = None  # of the web gallery, when there is one

    @property
    def front(self) -> str:
        """The desk's name for us."""
        return self.platform.name

    def person(self, account_id: str) -> str:
        """Somebody of the network as the desk and the community know them."""
        return f"{self.front}:{account_id}"[:200]

    def work_link(self, work_id: str) -> str | None:
        """A published work's page."""
        return None if self.public_url is None else f"{self.public_url.rstrip('/')}/work/{work_id}"


def make_parts(desk: Desk, platform: Platform, public_url: str | None = None) -> Parts:
    """Log in and put them together. Raises PlatformError."""
    return Parts(desk, Community(desk), platform, Inbox(desk, platform.place()), public_url)
