"""Ids as Discord describes them: strings, where the library sends numbers."""

from typing import Any

import discord


class Upload(discord.File):
    """A file to send."""

    def to_dict(self, index: int) -> dict[str, Any]:
        """Its entry among a message's attachments."""
        return {**super().to_dict(index), "id": str(index)}


class Reply(discord.MessageReference):
    """The message that is answered; none at all when it is gone."""

    def __init__(self, message_id: int, channel_id: int, guild_id: int | None) -> None:
        """Ids of the message and where it is."""
        super().__init__(message_id=message_id, channel_id=channel_id, guild_id=guild_id, fail_if_not_exists=False)

    def to_message_reference_dict(self) -> Any:
        """The entry in a new message."""
        found: dict[str, Any] = {"message_id": str(self.message_id), "channel_id": str(self.channel_id)}
        if self.guild_id is not None:
            found["guild_id"] = str(self.guild_id)
        return {**found, "fail_if_not_exists": False, "type": 0}

    to_dict = to_message_reference_dict
