"""Cards of works on a wall: the same work makes the same card, so each is made once."""

from dataclasses import dataclass
from functools import lru_cache

from jinja2 import Environment
from markupsafe import Markup

from bot.community import Work
from bot.web.names import Names

KEPT = 4096  # cards of some 2 kB


@dataclass(frozen=True, slots=True)
class Card:
    """Everything that a card shows."""

    id: str
    title: str
    author: str
    maker: str  # the author's name in addresses
    style_name: str | None
    picture: str  # digest
    alt: str
    width: int
    height: int
    nsfw: bool
    votes: int
    voted: bool
    eager: bool  # within the first view: its picture is not put off


class Cards:
    """Makes and remembers them."""

    def __init__(self, environment: Environment, names: Names) -> None:
        """`environment`: where the template is."""
        self._names = names
        template = environment.get_template("card.html")
        self._made = lru_cache(maxsize=KEPT)(lambda card: Markup(template.render(card=card)))  # noqa: S704 - escaped there

    def card(self, work: Work, *, voted: bool = False, eager: bool = False) -> Markup:
        """The card of a work, as a list item."""
        return self._made(
            Card(
                id=work.id,
                title=work.title,
                author=work.author,
                maker=self._names.of(work) if work.author else "",
                style_name=work.style_name,
                picture=work.result,
                alt=work.alt,
                width=work.width,
                height=work.height,
                nsfw=work.nsfw,
                votes=work.votes,
                voted=voted,
                eager=eager,
            )
        )
