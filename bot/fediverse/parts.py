"""What a front of this kind is put together from; made in main and passed down."""

from dataclasses import dataclass, field

from bot.community import Community
from bot.desk import Desk
from bot.fediverse.inbox import Inbox
from bot.fediverse.platform import Platform
from bot.web.unlisted import unlisted_address


@dataclass(frozen=True, slots=True)
class Parts:
    """All its calls block."""

    desk: Desk
    community: Community
    platform: Platform
    inbox: Inbox
    public_url: str | None = None  # of the web gallery, when there is one
    link_secret: bytes = field(default=b"", repr=False)  # the page's

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

    def painting_link(self, job_id: str, *, adult: bool) -> str | None:
        """A page that shows a painting and its recipe without publishing it; None when there is no page."""
        if self.public_url is None or not self.link_secret:
            return None
        return unlisted_address(self.link_secret, self.public_url, job_id, adult=adult)


def make_parts(desk: Desk, platform: Platform, public_url: str | None = None, link_secret: bytes = b"") -> Parts:
    """Log in and put them together. Raises PlatformError."""
    return Parts(desk, Community(desk), platform, Inbox(desk, platform.place()), public_url, link_secret)
