"""Signing in by Discord, against a stand-in over real HTTP; and links that a bot hands out."""

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from starlette.testclient import TestClient

from bot.community import NewStyle
from bot.web.links import Link, make_link
from bot.web.pages.sign_in import safe_path
from bot.web.settings import DiscordApp
from tests.bot.web.conftest import DOODLE, SECRET, Site
from tests.bot.web.fake_discord import FakeDiscord
from twobit.commands.moderate import command

MakeSite = Callable[..., Site]
PAGE = {"accept": "text/html"}


@pytest.fixture
def discord() -> Iterator[FakeDiscord]:
    """The stand-in, running."""
    server = FakeDiscord()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def signed_site(make_site: MakeSite, discord: FakeDiscord) -> Site:
    """A site whose people sign in there."""
    app = DiscordApp("42", "hush", f"{discord.address}/authorize", discord.address)
    return make_site(discord=app, public_url="http://127.0.0.1")


def sign_in(client: TestClient, discord: FakeDiscord, next_path: str = "/me") -> str:
    """Sign in; where one ends up."""
    begun = client.get("/sign-in", params={"next": next_path})
    assert begun.headers["location"].startswith(discord.address)
    back = client.get(discord.consent(begun.headers["location"]))
    assert back.status_code == 303, back.text
    return str(back.headers["location"])


def test_nobody_paints_before_they_have_signed_in_and_then_as_themselves(
    signed_site: Site, discord: FakeDiscord
) -> None:
    client = signed_site.stranger()
    files = {"doodle": DOODLE}
    assert client.get("/").status_code == 200
    assert client.post("/api/v1/jobs", data={"style": "coast-dusk"}, files=files).status_code == 401
    asked = client.get("/me", headers=PAGE)
    assert (asked.status_code, "location" in asked.headers) == (401, False)  # nobody is sent to Discord unasked
    assert 'href="/sign-in?next=/me">Sign in by Discord</a>' in asked.text
    assert "your name and your number" in asked.text
    studio = client.get("/studio/coast-dusk?from=").text
    assert 'href="/sign-in?next=/studio/coast-dusk%3Ffrom%3D">sign in by Discord</a>: your doodle stays' in studio
    assert sign_in(client, discord) == "/me"
    page = client.get("/me", headers=PAGE).text
    assert "Alice &lt;b&gt;" in page
    token = page.partition('form-token" content="')[2].partition('"')[0]
    headers = {"x-csrf-token": token}
    made = client.post("/api/v1/jobs", data={"style": "coast-dusk"}, files=files, headers=headers)
    assert signed_site.desk.recipe(made.json()["id"]).person == "discord:1234"
    signed_site.paint(made.json()["id"])
    said = {"author": "Somebody Else"}
    work = client.post(f"/api/v1/jobs/{made.json()['id']}/publish", json=said, headers=headers).json()
    assert work["author"] == "Alice <b>"  # nobody signs as another
    out = client.post("/sign-out", data={"token": token})
    assert out.status_code == 303
    assert client.get("/api/v1/jobs").status_code == 401


def test_a_session_from_before_is_not_signed_in(signed_site: Site, discord: FakeDiscord) -> None:
    """Session fixation: who planted a cookie in the browser must not become the one who signs in."""
    victim, attacker = signed_site.stranger(), signed_site.stranger()
    planted = signed_site.visitor("discord:666")
    for browser in (victim, attacker):
        browser.cookies.set("twobit", planted.cookies["twobit"], domain="127.0.0.1", path="/")
    sign_in(victim, discord)
    assert victim.cookies["twobit"] != planted.cookies["twobit"]
    page = attacker.get("/me", headers=PAGE).text
    assert "Alice &lt;b&gt;" not in page
    token = page.partition('form-token" content="')[2].partition('"')[0]
    assert victim.post("/me/token", data={"token": token, "name": "x"}).status_code == 403


def test_an_answer_that_nobody_asked_for_signs_nobody_in(signed_site: Site, discord: FakeDiscord) -> None:
    attacker, victim = signed_site.stranger(), signed_site.stranger()
    answer = discord.consent(attacker.get("/sign-in").headers["location"])
    assert victim.get(answer).status_code == 400  # no errand of this browser
    victim.get("/sign-in")
    assert victim.get(answer).status_code == 400  # another's state
    assert victim.get("/api/v1/jobs").status_code == 401
    assert attacker.get(answer.replace("state=", "state=x")).status_code == 400
    assert attacker.get(answer).status_code == 303
    assert attacker.get(answer).status_code in (400, 502)  # once


def test_no_is_an_answer_and_a_broken_discord_is_told(signed_site: Site, discord: FakeDiscord) -> None:
    client = signed_site.stranger()
    said = discord.consent(client.get("/sign-in?next=/studio").headers["location"])
    state = said.rpartition("state=")[2]
    assert client.get(f"/sign-in/back?error=access_denied&state={state}").headers["location"] == "/studio"
    discord.broken = True
    answer = client.get(discord.consent(client.get("/sign-in").headers["location"]))
    assert answer.status_code == 502
    assert "try again" in answer.text


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/x\r\nset-cookie: a=b",
        "evil",
        "",
        "/\t/evil.example",
    ],
)
def test_one_never_ends_up_elsewhere(signed_site: Site, discord: FakeDiscord, target: str) -> None:
    assert safe_path(target) == "/"
    assert sign_in(signed_site.stranger(), discord, target) == "/"


def test_the_cookie_of_an_errand_is_as_well_kept_as_the_sessions(make_site: MakeSite, discord: FakeDiscord) -> None:
    app = DiscordApp("42", "hush", f"{discord.address}/authorize", discord.address)
    site = make_site(discord=app, public_url="https://twobit.example")
    answer = site.stranger().get("/sign-in", headers={"host": "twobit.example"})
    (cookie,) = (one.lower() for one in answer.headers.get_list("set-cookie"))
    for flag in ("httponly", "samesite=lax", "; secure", "path=/sign-in", "max-age="):
        assert flag in cookie


def test_a_path_of_ours_is_kept() -> None:
    assert safe_path("/studio/coast-dusk?from=abc") == "/studio/coast-dusk?from=abc"


def test_a_bots_link_opens_the_studio_as_its_person_and_the_painting_goes_back(open_site: Site) -> None:
    link = Link("discord:77", "Bob", "discord", "channel:9", "coast-dusk")
    address = make_link(SECRET, "http://127.0.0.1", link)
    client = open_site.stranger()
    asked = client.get(address, headers=PAGE)
    assert "Draw as Bob?" in asked.text
    assert asked.headers["referrer-policy"] == "no-referrer"
    token = asked.text.partition('name="token" value="')[2].partition('"')[0]
    proof = asked.text.partition('name="t" value="')[2].partition('"')[0]
    foreign = client.post("/link", data={"token": token, "t": proof}, headers={"origin": "https://evil.example"})
    assert foreign.status_code == 403
    opened = client.post("/link", data={"token": token, "t": proof})
    assert opened.headers["location"] == "/studio/coast-dusk"
    page = client.get("/studio/coast-dusk", headers=PAGE).text
    assert "posted back" in page
    headers = {"x-csrf-token": page.partition('form-token" content="')[2].partition('"')[0]}
    made = client.post("/api/v1/jobs", data={"style": "coast-dusk"}, files={"doodle": DOODLE}, headers=headers).json()
    recipe = open_site.desk.recipe(made["id"])
    assert (recipe.person, recipe.front, recipe.address) == ("discord:77", "discord", "channel:9")
    open_site.paint(made["id"])
    client.get(f"/api/v1/jobs/{made['id']}")
    assert open_site.desk.owes(made["id"])  # looking at it here does not take it from the channel


def test_a_link_from_a_server_opens_that_servers_styles_and_no_other(open_site: Site) -> None:
    data = open_site.community.styles.data(open_site.community.styles.get("coast-dusk", ""))
    labels = open_site.community.styles.get("coast-dusk", "").labels
    new = NewStyle("Our coast", data.picture, data.map, labels)
    style = open_site.community.styles.add(new, "discord:1", server="discord:5", moderator=True)
    picture = f"/picture/{style.picture}"

    def opened(server: str) -> TestClient:
        link = Link("discord:77", "Bob", "discord", "channel:9", style.key, server=server)
        client = open_site.stranger()
        asked = client.get(make_link(SECRET, "http://127.0.0.1", link), headers=PAGE).text
        token, proof = (asked.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("token", "t"))
        assert client.post("/link", data={"token": token, "t": proof}).status_code == 303
        return client

    ours, other = opened("discord:5"), opened("discord:6")
    page = ours.get(f"/studio/{style.key}", headers=PAGE)
    assert (page.status_code, ours.get(picture).status_code) == (200, 200)
    assert "Our coast" in ours.get("/studio", headers=PAGE).text
    headers = {"x-csrf-token": page.text.partition('form-token" content="')[2].partition('"')[0]}
    asked = ours.post("/api/v1/jobs", data={"style": style.key}, files={"doodle": DOODLE}, headers=headers)
    assert open_site.desk.recipe(asked.json()["id"]).style_key == style.key
    assert other.get(f"/studio/{style.key}", headers=PAGE).status_code == 404
    assert "Our coast" not in other.get("/studio", headers=PAGE).text


def test_a_forged_link_opens_nothing(open_site: Site) -> None:
    link = Link("discord:77", "Bob", "discord", "channel:9")
    address = make_link(b"another secret of the same length", "http://127.0.0.1", link)
    assert open_site.stranger().get(address, headers=PAGE).status_code == 400
    assert open_site.stranger().get("/link?t=x", headers=PAGE).status_code == 400


def test_who_runs_the_service_moderates_by_a_link_of_their_own(
    open_site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("twobit.web.local_person", lambda: "cli:alice")
    secret, page = tmp_path / "secret", "http://127.0.0.1:7"
    secret.write_bytes(SECRET)
    monkeypatch.setenv("TWOBIT_WEB_SECRET_FILE", str(secret))
    nothing = CliRunner().invoke(command, ["--data", str(tmp_path)])
    assert "twobit serve" in str(nothing.exception)
    (tmp_path / "serve.json").write_text(json.dumps({"page": page}))
    printed = CliRunner().invoke(command, ["--data", str(tmp_path)]).output.strip()
    assert printed.startswith(f"{page}/link?t=")
    client = open_site.stranger()
    assert client.get("/moderation", headers=PAGE).status_code == 404
    asked = client.get(printed.removeprefix(page), headers=PAGE).text
    assert "Moderate as alice?" in asked
    assert "posted back" not in asked
    token, proof = (asked.partition(f'name="{name}" value="')[2].partition('"')[0] for name in ("token", "t"))
    assert client.post("/link", data={"token": token, "t": proof}).headers["location"] == "/moderation"
    assert client.get("/moderation", headers=PAGE).status_code == 200
    assert open_site.stranger().get("/moderation", headers=PAGE).status_code == 404
