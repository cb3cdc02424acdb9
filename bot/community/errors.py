"""What the community tells a front, besides the desk's own errors.

bot.desk.RefusedError
└── NotThereError   no style, work, challenge, ... of that name; a web page answers 404
"""

from bot.desk.errors import RefusedError


class NotThereError(RefusedError):
    """There is nothing of that name, or not for this person."""
