"""What people share: trays, styles, works, votes, reports, challenges, servers; and what they may take back.

No front: Discord, the web page and the others call it, in a thread, as they call the desk.
"""

from bot.community.bans import Act, Ban
from bot.community.challenges import Announcement, Challenge, Winner
from bot.community.community import Community
from bot.community.errors import NotThereError
from bot.community.gallery import Gallery, Order, Page, Period, Query
from bot.community.library_style import LibraryStyle, Scope, StyleData, StyleName
from bot.community.lineage import Lineage, Node
from bot.community.new_style import NewStyle
from bot.community.reports import Report, Reported
from bot.community.rules import CommunityRules
from bot.community.servers import ServerSettings
from bot.community.tray import NEEDED, ROLES, Role, TrayContents, TrayPicture
from bot.community.votes import Voted
from bot.community.work import Work
from bot.community.works import Publication

__all__ = [
    "NEEDED",
    "ROLES",
    "Act",
    "Announcement",
    "Ban",
    "Challenge",
    "Community",
    "CommunityRules",
    "Gallery",
    "LibraryStyle",
    "Lineage",
    "NewStyle",
    "Node",
    "NotThereError",
    "Order",
    "Page",
    "Period",
    "Publication",
    "Query",
    "Report",
    "Reported",
    "Role",
    "Scope",
    "ServerSettings",
    "StyleData",
    "StyleName",
    "TrayContents",
    "TrayPicture",
    "Voted",
    "Winner",
    "Work",
]
