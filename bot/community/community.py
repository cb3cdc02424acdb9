"""The community's parts, put together on one desk."""

from dataclasses import dataclass, field

from bot.community.bans import Bans
from bot.community.challenges import Challenges
from bot.community.gallery import Gallery
from bot.community.limits import Limits
from bot.community.privacy import Privacy
from bot.community.references import References
from bot.community.reports import Reports
from bot.community.rules import CommunityRules
from bot.community.servers import Servers
from bot.community.styles import Styles
from bot.community.sweeper import Sweeper
from bot.community.tray import Tray
from bot.community.votes import Votes
from bot.community.works import Works
from bot.desk import Desk


@dataclass(slots=True)
class Community:
    """Everything beside the painting itself. Any process may have one: the database is what they share.

    From now on `desk.accept` knows caps and bans. Every call raises OutOfReachError when the database or the store
    does not answer, and RefusedError, one sentence for the person, for what can't be done.
    """

    desk: Desk
    rules: CommunityRules = field(default_factory=CommunityRules)
    references: References = field(init=False)
    servers: Servers = field(init=False)
    bans: Bans = field(init=False)
    limits: Limits = field(init=False)
    styles: Styles = field(init=False)
    tray: Tray = field(init=False)
    challenges: Challenges = field(init=False)
    works: Works = field(init=False)
    gallery: Gallery = field(init=False)
    votes: Votes = field(init=False)
    reports: Reports = field(init=False)
    privacy: Privacy = field(init=False)
    sweeper: Sweeper = field(init=False)

    def __post_init__(self) -> None:
        """Put the parts together."""
        desk, rules = self.desk, self.rules
        self.references = References(desk)
        self.servers = Servers(desk)
        self.bans = Bans(desk)
        self.limits = Limits(desk, self.servers)
        self.styles = Styles(desk, self.references, self.servers, rules)
        self.tray = Tray(desk, self.references, self.styles, rules)
        self.challenges = Challenges(desk, self.references, rules)
        self.works = Works(desk, self.references, self.styles, self.bans, self.challenges)
        self.gallery = Gallery(desk)
        self.votes = Votes(desk)
        self.reports = Reports(desk, rules)
        self.privacy = Privacy(desk, self.references)
        self.sweeper = Sweeper(desk, self.references, self.tray, self.challenges, self.privacy, rules)
        desk.guards = (self.bans.guard, self.limits.guard)
