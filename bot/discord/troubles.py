"""Everything that can go wrong before a person's eyes: one sentence each, what happened and what to do.

The sentences are in the catalogues (`[trouble]` in bot/discord/text); docs/discord-messages.md is made from both by
`twobit bot messages`.
"""

from enum import StrEnum

from bot.discord import words


class Trouble(StrEnum):
    """One distinct message; the value is its key in the catalogues."""

    NO_PICTURE = "no_picture"
    TOO_MANY_PICTURES = "too_many_pictures"
    NOT_A_PICTURE = "not_a_picture"
    FILE_TOO_LARGE = "file_too_large"
    FOREIGN_LINK = "foreign_link"
    LINK_EXPIRED = "link_expired"
    CDN_SILENT = "cdn_silent"
    BAD_CHOICE = "bad_choice"
    UNKNOWN_STYLE = "unknown_style"
    MAP_NEEDED = "map_needed"
    TRAY_INCOMPLETE = "tray_incomplete"
    PAINT_ELSEWHERE = "paint_elsewhere"
    NO_CHALLENGE = "no_challenge"
    NO_PROMPT = "no_prompt"
    NO_PAGE = "no_page"
    NOT_YOURS = "not_yours"
    JOB_GONE = "job_gone"
    NOT_FINISHED = "not_finished"
    NOTHING_TO_CANCEL = "nothing_to_cancel"
    WORK_GONE = "work_gone"
    AGE_GATED = "age_gated"
    MODERATORS_ONLY = "moderators_only"
    SERVER_ONLY = "server_only"
    CHANNEL_CLOSED = "channel_closed"
    TOO_LARGE_TO_SEND = "too_large_to_send"
    OUT_OF_REACH = "out_of_reach"
    TOO_SLOW = "too_slow"
    INTERRUPTED = "interrupted"
    OUTDATED = "outdated"
    FAULT = "fault"


WHEN = {
    Trouble.NO_PICTURE: "A message without pictures was sent or chosen.",
    Trouble.TOO_MANY_PICTURES: "More pictures came in one message than there are places for.",
    Trouble.NOT_A_PICTURE: "An attachment's type is not that of a picture, or its bytes are not.",
    Trouble.FILE_TOO_LARGE: "An attachment is larger than what is read.",
    Trouble.FOREIGN_LINK: "A picture does not lie with Discord; other hosts are never asked.",
    Trouble.LINK_EXPIRED: "Discord no longer has the attachment.",
    Trouble.CDN_SILENT: "Discord did not hand over an attachment.",
    Trouble.BAD_CHOICE: "A choice is out of its range.",
    Trouble.UNKNOWN_STYLE: "No style of that name is visible to the person.",
    Trouble.MAP_NEEDED: "A style picture was sent without its map and none could be suggested.",
    Trouble.TRAY_INCOMPLETE: "Paint was pressed while pictures are missing.",
    Trouble.PAINT_ELSEWHERE: "The server takes paintings in other channels.",
    Trouble.NO_CHALLENGE: "No challenge is open, and none has ended.",
    Trouble.NO_PROMPT: "A challenge was to begin without a prompt.",
    Trouble.NO_PAGE: "A painting was to be shown on the page, and there is none any more.",
    Trouble.NOT_YOURS: "Somebody pressed a button of another's painting.",
    Trouble.JOB_GONE: "The painting was deleted, or never was.",
    Trouble.NOT_FINISHED: "Something was asked of a painting that is not finished.",
    Trouble.NOTHING_TO_CANCEL: "Cancel came after the end.",
    Trouble.WORK_GONE: "The work was deleted, hidden or is not public.",
    Trouble.AGE_GATED: "A work that is not for all ages was asked for in a channel without an age gate.",
    Trouble.MODERATORS_ONLY: "A moderator's action was asked for by somebody else.",
    Trouble.SERVER_ONLY: "A server's command was used in a direct message.",
    Trouble.CHANNEL_CLOSED: "The bot may not write in the channel that was chosen.",
    Trouble.TOO_LARGE_TO_SEND: "A painting is over the upload limit in every form.",
    Trouble.OUT_OF_REACH: "Database or picture store do not answer.",
    Trouble.TOO_SLOW: "An answer took longer than a person waits.",
    Trouble.INTERRUPTED: "The bot was restarted in the middle of something that must not be done twice.",
    Trouble.OUTDATED: "A button, form or command of another release was used.",
    Trouble.FAULT: "Something that nobody thought of; the log has it under the number told.",
}


GROUPS = (
    ("refused", "What desk and community refuse"),
    ("finding", "What is said of a map before painting"),
    ("failure", "Why a painting was not made"),
)


class TroubleError(Exception):
    """Raised anywhere below a command; the client's handler tells the person."""

    def __init__(self, trouble: Trouble, **values: object) -> None:
        """`values`: what the sentence has in braces."""
        super().__init__(trouble.value)
        self.trouble = trouble
        self.values = values

    def __str__(self) -> str:
        """In English, for logs."""
        return self.told(words.ENGLISH)

    def told(self, language: str) -> str:
        """The sentence."""
        return words.say(language, f"trouble.{self.trouble.value}", **self.values)


def page() -> str:
    """docs/discord-messages.md."""
    lines = [
        "# What the bot says when something is wrong",
        "",
        "Made from the code by `twobit bot messages`; a test compares. Words in braces are filled in.",
        "",
        "| message | when |",
        "|---|---|",
    ]
    texts = words.catalogue(words.ENGLISH)
    lines += [f"| {texts[f'trouble.{trouble.value}']} | {WHEN[trouble]} |" for trouble in Trouble]
    for group, title in GROUPS:
        found = [text for key, text in texts.items() if key.startswith(f"{group}.")]
        lines += ["", f"## {title}", "", *(f"- {text}" for text in found)]
    return "\n".join(lines) + "\n"
