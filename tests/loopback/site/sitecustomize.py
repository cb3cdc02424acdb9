"""Put on a process's path, this points its bot at the stand-in for Discord.

The library has no setting for another host, so it is told here, before anything else runs; nothing of ours knows of it.
"""

import os
import sys

if "LOOPBACK_API" in os.environ and {"bot", "doctor"} & set(sys.orig_argv):
    import discord.http
    import yarl
    from discord.gateway import DiscordWebSocket

    from bot.discord.reading import Reader

    discord.http.Route.BASE = os.environ["LOOPBACK_API"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["LOOPBACK_GATEWAY"])
    Reader.__init__.__defaults__ = (frozenset({"127.0.0.1"}),)
