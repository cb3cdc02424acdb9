"""The catalogues, what is heard in a post, and the limits of a reply."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from bot.community.catalogues import ENGLISH, LANGUAGES, SHARED
from bot.community.library_style import house
from bot.fediverse.answering import fitting
from bot.fediverse.challenges import tag_of
from bot.fediverse.commands import hear, role_named, roles_in_order, style_named
from bot.fediverse.mastodon.reading import plain, post_of
from bot.fediverse.words import CATALOGUES, heard

ROOT = Path(__file__).parents[3]


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_catalogues_have_the_same_keys_and_values(language: str) -> None:
    english, other = CATALOGUES.texts(ENGLISH), CATALOGUES.texts(language)
    assert set(other) == set(english)
    assert {key: fields(text) for key, text in other.items()} == {key: fields(text) for key, text in english.items()}


@pytest.mark.parametrize("section", ["command", "role", "way"])
def test_no_phrase_means_two_things(section: str) -> None:
    meanings: dict[str, set[str]] = {}
    for language in LANGUAGES:
        for key, phrases in CATALOGUES.texts(language).items():
            where, _, meaning = key.partition(".")
            if where == section:
                for phrase in phrases.split("|"):
                    meanings.setdefault(phrase.strip().casefold(), set()).add(meaning)
    assert {phrase: found for phrase, found in meanings.items() if len(found) > 1} == {}
    assert set(meanings) == set(heard(section))


@pytest.mark.parametrize(
    ("text", "act", "rest"),
    [
        ("@twobit@some.host styles", "styles", ""),
        ("@twobit Delete everything", "forget", ""),
        ("@twobit delete", "delete", ""),
        ("@twobit show night-harbour", "show", "night-harbour"),
        ("@twobit publish My bay at noon", "publish", "My bay at noon"),
        ("@twobit stopping by to say hello", None, "stopping by to say hello"),
        ("@twobit again, what a lovely little painting", None, "again, what a lovely little painting"),
        ("@twobit lösche alles", "forget", ""),
        ("@twobit 全部消して", "forget", ""),
        ("Hey @twobit, please stop!", "stop", ""),
        ("@twobit bitte lösche alles", "forget", ""),
        ("@twobit por favor: basta", "stop", ""),
        ("@twobit please, the bus stop at night", None, "please, the bus stop at night"),
        ("@twobit hi", None, "hi"),
        ("@twobit para mi gato", None, "para mi gato"),  # "for" as well as "stop"
        ("@twobit もう一度", "again", ""),
        ("@twobit #doodleweek coast https://example.com", None, "coast"),
    ],
)
def test_commands(text: str, act: str | None, rest: str) -> None:
    found = hear(text)
    assert (found.act, found.rest) == (act, rest)


def test_choices() -> None:
    found = hear("@twobit coast dusk, seed 7 size: 640 best gamma 25.5")
    assert found.choices == {"seed": 7, "size": 640, "preset": "best", "gamma": 25.5}
    assert found.words == ["coast", "dusk"]


@pytest.mark.parametrize(
    ("alt", "role"),
    [
        ("style map", "style_map"),
        ("My doodle", "doodle"),
        ("Stilkarte", "style_map"),
        ("croquis", "doodle"),
        ("下絵", "doodle"),
        ("the style", "style"),
        ("a lake with a treasure map on the shore", None),
        ("", None),
    ],
)
def test_roles_by_description(alt: str, role: str | None) -> None:
    assert role_named(alt) == role


def test_roles_by_order() -> None:
    assert roles_in_order("style, style map and doodle", 3) == ["style", "style_map", "doodle"]
    assert roles_in_order("doodle map style", 3) == ["doodle", "style_map", "style"]
    assert roles_in_order("map", 3) is None


@pytest.mark.parametrize(
    ("words", "slug"),
    [
        ("in the night harbour please", "night-harbour"),
        ("Night city by the water", "night-harbour"),
        ("harbour", "night-harbour"),
        ("coast-dusk", "coast-dusk"),
        ("monet", None),
    ],
)
def test_styles_by_name(words: str, slug: str | None) -> None:
    found = style_named(words, house())
    assert (None if found is None else found.slug) == slug


def test_a_reply_fits() -> None:
    assert fitting("@alice", ["first", "x" * 30, "last"], 20) == "@alice first\nlast"
    assert fitting("", ["0123456789"], 5) == "0123…"
    assert fitting("@alice", [], 20) == "@alice"
    assert fitting("@alice", [""], 8, "[aaaa]") == "@alice [aaaa]"


def test_a_reply_ends_between_words() -> None:
    assert fitting("@alice", ["coast-dusk, night-harbour"], 30) == "@alice coast-dusk…"
    assert fitting("@alice", ["coast-dusk, night-harbour"], 32) == "@alice coast-dusk, night-harbour"
    assert fitting("", ["one two three"], 8) == "one two…"
    assert fitting("", ["もう一度描いてください"], 5) == "もう一度…"


def test_what_a_reply_is_found_by_is_not_cut() -> None:
    said = fitting("@alice", ["why not: " + "because " * 40, "more"], 60, "[aaaabbbbcccc]")
    assert said.endswith("because… [aaaabbbbcccc]\nmore")
    assert len(said) <= 60
    assert fitting("@alice", ["done", "more"], 60, "[aaaabbbbcccc]") == "@alice done [aaaabbbbcccc]\nmore"


JOINED = "@\u2060"  # looks like @, and calls nobody


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no style is called @bob@there.example", f"no style is called {JOINED}bob@there.example"),
        ("me@there.example", "me@there.example"),
        ("https://here.example/@bob, ?q=@bob", f"https://here.example/@bob, ?q={JOINED}bob"),
        ("https://here.example/?q=@bob#x", "https://here.example/?q=@bob#x"),
        # Mastodon finds a mention within an address too, if no letter, / or = stands before it.
        ("https://here.example/.@bob", f"https://here.example/.{JOINED}bob"),
        # GoToSocial and others find it behind anything that is no letter of English.
        ("by/@bob =@bob é@bob", f"by/{JOINED}bob ={JOINED}bob é{JOINED}bob"),
        ("-@bob (@bob) @@bob", f"-{JOINED}bob ({JOINED}bob) {JOINED}{JOINED}bob"),
        ("https://@bob@there.example", f"https://{JOINED}bob@there.example"),
        ("two cats @ home", "two cats @ home"),
    ],
)
def test_strangers_words_in_an_answer_call_nobody(line: str, said: str) -> None:
    assert fitting("@alice", [line, line], 200) == f"@alice {said}\n{said}"


def test_html_is_read_as_words() -> None:
    html = '<p><span class="h-card"><a href="#">@<span>twobit</span></a></span> a &amp; b<br />c</p><p>d</p>'
    assert plain(html) == "@twobit a & b\nc\nd"


def test_a_challenges_hashtag() -> None:
    assert tag_of("Doodle Week: rain_2026!") == "doodleweekrain2026"


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_all_fronts_say_is_of_no_front_in_particular(language: str) -> None:
    """Mastodon and Bluesky have no slash commands, and show markup as it is written."""
    of_discord = re.compile(r"`|(?<![\w{}])/[a-z]|\*\*")
    assert [text for text in SHARED.texts(language).values() if of_discord.search(text)] == []


def test_every_command_of_discord_has_its_row() -> None:
    commands = tomllib.loads((ROOT / "bot/discord/text/en.toml").read_text())["command"]
    page = (ROOT / "docs/fediverse.md").read_text()
    rows = page.partition("## What Discord has")[2].partition("\n## ")[0].splitlines()
    names = [key for key in commands if not any(other.startswith(f"{key}_") for other in commands)]
    assert len(names) > 20
    for name in set(names) - {"pick"}:  # no command, but what several of them offer
        group, _, rest = name.partition("_")
        if group in ("style", "privacy"):
            found = [row for row in rows if f"`/{group}" in row and re.search(rf"\b{rest}`", row)]
        else:  # one row for all that is in it
            found = [row for row in rows if f"`/{name}`" in row or (rest and f"`/{group}`" in row)]
        assert found, name


def test_pictures_that_our_instance_has_no_copy_of_yet_are_seen() -> None:
    there = "https://far.example/media/doodle.PNG"
    media = [
        {"type": "image", "url": "https://near.example/1.png", "remote_url": there, "description": "doodle"},
        {"type": "image", "url": None, "remote_url": there, "description": None},
        {"type": "unknown", "url": None, "remote_url": there, "description": "map"},
        {"type": "unknown", "url": None, "remote_url": "https://far.example/media/film.mp4"},
        {"type": "video", "url": "https://near.example/2.mp4"},
    ]
    found = post_of({"id": 1, "account": {"acct": "alice@far.example"}, "media_attachments": media}, "near.example")
    assert [(one.url, one.alt) for one in found.pictures] == [
        ("https://near.example/1.png", "doodle"),
        (there, ""),
        (there, "map"),
    ]
