"""What a front hands in for a person: a wish for a painting, or for a map."""

from dataclasses import dataclass, field

from worker.contract import PaintOptions, SuggestOptions


@dataclass(frozen=True, slots=True)
class Request:
    """One wish for a painting: pictures as bytes, choices, who asks, and where the answer goes."""

    style: bytes = field(repr=False)
    style_map: bytes = field(repr=False)
    doodle: bytes = field(repr=False)
    content: bytes | None = field(default=None, repr=False)
    options: PaintOptions = field(default_factory=PaintOptions)
    person: str = "anonymous"  # "<front>:<id>", the one who may cancel
    front: str = "cli"  # which front delivers
    address: str = ""  # the front's own words for where to: a path, a channel and message, ...
    request_key: str | None = None  # the front's idempotency key: the same key twice is one job
    names: dict[str, str] = field(default_factory=dict)  # what to call each picture in a message to the person

    server: str | None = None  # "<front>:<id>" of the place it was asked in
    label_names: dict[str, str] = field(default_factory=dict)  # of the style map, by colour `#rrggbb`; {}: its file's
    style_key: str | None = None  # when style and map are one of the library's, see bot.community.styles
    remix_of: str | None = None  # id of the work it was made from

    def pictures(self) -> dict[str, bytes]:
        """The pictures by role, without what is not there."""
        roles = {"style": self.style, "style_map": self.style_map, "doodle": self.doodle, "content": self.content}
        return {role: data for role, data in roles.items() if data is not None}

    def name(self, role: str) -> str:
        """What the person calls this picture."""
        return self.names.get(role, f"the {role.replace('_', ' ')}")


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """One wish for a map: the picture as bytes, how many labels, who asks, and where the answer goes."""

    picture: bytes = field(repr=False)
    options: SuggestOptions = field(default_factory=SuggestOptions)
    person: str = "anonymous"  # "<front>:<id>", the one who may cancel
    front: str = "cli"  # which front delivers
    address: str = ""  # the front's own words for where to
    request_key: str | None = None  # the front's idempotency key: the same key twice is one job
    name: str = "the picture"  # what to call it in a message to the person
    server: str | None = None  # "<front>:<id>" of the place it was asked in

    def pictures(self) -> dict[str, bytes]:
        """The picture, in the role it is going to have."""
        return {"style": self.picture}


Wish = Request | SuggestRequest
