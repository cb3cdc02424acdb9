"""Signing in by Discord, against a stand-in over real HTTP; and links that a bot hands out."""

import base64
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from bot.web.links import Link, make_link
from bot.web.pages.sign_in import safe_path
from bot.web.settings import DiscordApp
from tests.bot.web.conftest import DOODLE, SECRET, Site

MakeSite = Callable[..., Site]
PAGE = {"accept": "text/html"}


class FakeDiscord(ThreadingHTTPServer):
    """Gives a token for a code, once, to whoever knows the secret and the verifier of the code's challenge."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.challenges: dict[str, str] = {}  # by code
        self.broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def consent(self, authorize: str) -> str:
        """What a person's yes does: the address that the browser is sent back to."""
        said = {name: values[0] for name, values in parse_qs(urlsplit(authorize).query).items()}
        assert (said["response_type"], said["scope"], said["code_challenge_method"]) == ("code", "identify", "S256")
        code = f"code{len(self.challenges)}"
        self.challenges[code] = said["code_challenge"]
        return f"/sign-in/back?code={code}&state={said['state']}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeDiscord

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        digest = hashlib.sha256(said["code_verifier"][0].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = self.server.challenges.pop(said["code"][0], None)
        secret = base64.b64encode(b"42:hush").decode()
        right = known == proof and self.headers["authorization"] == f"Basic {secret}"
        self._answer(200 if right and not self.server.broken else 400, {"access_token": "t"} if right else {})

    def do_GET(self) -> None:
        right = self.headers["authorization"] == "Bearer t"
        self._answer(200 if right else 401, {"id": "1234", "username": "alice", "global_name": "Alice <b>"})

    def _answer(self, status: int, said: dict[str, str]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


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
    assert client.get("/me").headers["location"] == "/sign-in?next=/me"
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


def test_a_forged_link_opens_nothing(open_site: Site) -> None:
    link = Link("discord:77", "Bob", "discord", "channel:9")
    address = make_link(b"another secret of the same length", "http://127.0.0.1", link)
    assert open_site.stranger().get(address, headers=PAGE).status_code == 400
    assert open_site.stranger().get("/link?t=x", headers=PAGE).status_code == 400
