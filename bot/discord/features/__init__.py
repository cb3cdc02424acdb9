"""What people can do, one file for each group of commands, buttons and forms."""

from bot.discord.features.feature import Feature
from bot.discord.features.form import Form
from bot.discord.features.gallery import GalleryPages
from bot.discord.features.information import Information
from bot.discord.features.jobs import Jobs
from bot.discord.features.paint import Paint
from bot.discord.features.privacy import Privacy
from bot.discord.features.report import Report
from bot.discord.features.settings import Settings
from bot.discord.features.styles import Styles
from bot.discord.features.tray import Tray
from bot.discord.features.works import Works

FEATURES: tuple[type[Feature], ...] = (
    Paint,
    Form,
    Report,
    Tray,
    Jobs,
    GalleryPages,
    Works,
    Styles,
    Privacy,
    Settings,
    Information,
)

__all__ = ["FEATURES", "Feature"]
