"""`twobit` on the stand-in for Discord: the library has no setting for another host, so it is told here."""

import os

import discord.http
import yarl
from discord.gateway import DiscordWebSocket

from bot.discord import reading
from twobit.cli import main

discord.http.Route.BASE = os.environ["LOOPBACK_API"]
DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["LOOPBACK_GATEWAY"])
reading.Reader.__init__.__defaults__ = (frozenset({"127.0.0.1"}),)

if __name__ == "__main__":
    main()
