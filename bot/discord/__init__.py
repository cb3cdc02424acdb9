"""The Discord front: discord.py 2.7, slash commands, no privileged intents, and no state that a restart could lose."""
