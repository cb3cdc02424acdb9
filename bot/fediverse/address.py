"""Where the answer to a request goes: everything that is needed after a restart, as JSON in the job's row."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Address:
    """The mention, and what the answer takes over from it."""

    post: str  # id of the mention
    account: str  # Account.id of who asked
    place: str  # Platform.place: the account of ours that was asked
    author: str = ""  # the name to show in the gallery
    visibility: str = "unlisted"
    warning: str = ""
    sensitive: bool = False
    labels: tuple[str, ...] = ()  # of adult content
    language: str = "en"
    style: str = ""  # its name
    doodle_labels: tuple[str, ...] = ()  # names of the labels that occur in the doodle
    challenge: int | None = None  # to take part in

    @property
    def adult(self) -> bool:
        """Whether the question said that it is not for every eye: its work gets the NSFW flag."""
        return self.sensitive or bool(self.labels)

    @property
    def veiled(self) -> bool:
        """Whether it waits behind a click. A warning alone may be of anything, so it bars no work from the walls."""
        return self.adult or bool(self.warning)

    def to_text(self) -> str:
        """For bot.desk.Request.address."""
        return json.dumps(asdict(self), ensure_ascii=False)


def address_from(text: str) -> Address:
    """Read it back; fields of a later release are left out. Raises ValueError for what is no address."""
    found = json.loads(text)
    if not isinstance(found, dict) or not {"post", "account", "place"} <= set(found):
        raise ValueError(f"no address: {text[:40]!r}")
    known = {name: value for name, value in found.items() if name in Address.__slots__}
    for name in ("labels", "doodle_labels"):
        known[name] = tuple(known.get(name, ()))
    return Address(**known)
