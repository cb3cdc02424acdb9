"""Why something can't be, or is doubtful, as bot/community says it, with strangers' words as no markup of Discord's."""

from functools import partial

from bot.community import reasons
from bot.discord.reading import escaped

refusal = partial(reasons.refusal, plain=escaped)
doubt = partial(reasons.doubt, plain=escaped)
