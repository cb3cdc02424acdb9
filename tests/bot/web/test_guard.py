"""The door: hosts, sessions, forms from elsewhere, rates, and what every answer says to the browser."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient

from bot.web.limits import RateLimit, neighbourhood
from bot.web.settings import DiscordApp, WebError, WebSettings, address_here, check_address
from tests.bot.web.conftest import DOODLE, SECRET, Site
from tests.pictures import SEA, SKY, flat, painted, png

MakeSite = Callable[..., Site]
PAGE = {"accept": "text/html"}
APP = DiscordApp("1", "secret")
WISH = {"style": "coast-dusk"}


@pytest.mark.parametrize(
    ("host", "said", "refused"),
    [
        ("127.0.0.1", {}, None),
        ("::1", {}, None),
        ("localhost", {}, None),
        ("0.0.0.0", {}, "can be reached from outside"),
        ("192.168.1.5", {}, "--open"),
        ("0.0.0.0", {"open": True}, None),
        ("0.0.0.0", {"discord": APP, "public_url": "https://twobit.example"}, None),
        ("0.0.0.0", {"discord": APP}, "--public-url"),
        ("127.0.0.1", {"public_url": "twobit.example"}, "https://your.host"),
        ("127.0.0.1", {"public_url": "https://twobit.example/sub"}, "without a path"),
    ],
)
def test_an_address_that_lets_strangers_in_needs_a_sign_in(
    host: str, said: dict[str, object], refused: str | None
) -> None:
    settings = WebSettings(secret=SECRET, **said)  # type: ignore[arg-type]
    if refused is None:
        check_address(host, settings)
    else:
        with pytest.raises(WebError, match=refused):
            check_address(host, settings)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("::", "http://[::1]:8000"),
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("192.168.1.5", "http://192.168.1.5:8000"),
        ("::1", "http://[::1]:8000"),
        ("localhost", "http://localhost:8000"),
    ],
)
def test_an_address_to_open_is_one_that_a_browser_can_go_to(host: str, address: str) -> None:
    assert address_here(host, 8000) == address


def test_another_name_is_refused_so_that_a_foreign_page_cannot_point_its_name_here(make_site: MakeSite) -> None:
    client = make_site().stranger()
    assert client.get("/", headers={"host": "evil.example"}).status_code == 421
    assert client.get("/", headers={"host": "localhost:8000"}).status_code == 200
    assert client.get("/healthz", headers={"host": "10.0.0.7"}).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/studio/coast-dusk", "/nothing", "/api/v1/styles", "/static/x/css/base.css", "/feed.atom", "/picture/none"],
)
def test_every_answer_forbids_what_it_does_not_need(make_site: MakeSite, path: str) -> None:
    headers = make_site().stranger().get(path, headers=PAGE).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert "'unsafe" not in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "same-origin"


def test_no_page_has_a_script_or_a_style_within(open_site: Site) -> None:
    work = open_site.publish(open_site.visitor("web:a"))
    client = open_site.visitor("web:moderator")
    pages = ("/", "/studio", "/studio/new", "/studio/coast-dusk", f"/work/{work}", "/me", "/moderation", "/api")
    for path in (*pages, "/challenges", "/style/coast-dusk"):
        answer = client.get(path, headers=PAGE)
        assert answer.status_code == 200, path
        text = answer.text
        assert "<script>" not in text
        assert not re.search(r"<[^>]* style=", text), path
        assert " onclick" not in text
        assert "javascript:" not in text
        assert not [word for word in ("http://", "https://") if f'src="{word}' in text]
        assert len(answer.content) < 100_000


def test_the_cookie_is_out_of_a_scripts_reach_and_bound_to_https_where_there_is_https(make_site: MakeSite) -> None:
    cookie = make_site().stranger().get("/", headers=PAGE).headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie
    site = make_site(open=True, public_url="https://twobit.example")
    answer = site.stranger().get("/", headers={**PAGE, "host": "twobit.example"})
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("__host-twobit=")
    assert "; secure" in cookie
    assert "path=/" in cookie
    assert "strict-transport-security" in answer.headers


def test_pages_for_everybody_set_no_cookie_where_one_signs_in(make_site: MakeSite) -> None:
    site = make_site(discord=APP, public_url=None)
    assert "set-cookie" not in site.stranger().get("/", headers=PAGE).headers


def test_a_forged_or_foreign_cookie_is_nobody(make_site: MakeSite, open_site: Site) -> None:
    site = make_site(discord=APP)
    for value in ("x", "eyJwZXJzb24iOiJ3ZWI6YSJ9.aaaa.bbbb"):
        client = site.stranger()
        client.cookies.set("twobit", value)
        assert client.get("/api/v1/jobs").status_code == 401
    other = make_site(discord=APP, secret=b"another secret, as long as it is").visitor("web:a")
    other.app = site.app
    planted = site.stranger()
    planted.cookies = other.cookies
    assert planted.get("/api/v1/jobs").status_code == 401


def test_a_change_needs_the_pages_own_token(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    files = {"doodle": ("d.png", DOODLE, "image/png")}
    assert client.post("/api/v1/jobs", data=WISH, files=files).status_code == 403
    wrong = {"x-csrf-token": "0" * 64}
    assert client.post("/api/v1/jobs", data=WISH, files=files, headers=wrong).status_code == 403
    another = open_site.visitor("web:a").token  # of another session of the same person
    assert client.post("/me/token", data={"token": another, "name": "x"}).status_code == 403
    assert client.post("/me/token", data={"token": client.token, "name": "x"}).status_code == 200
    assert len(open_site.desk.last_jobs("web:a")) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
    ],
)
def test_what_another_site_sends_changes_nothing_even_with_the_right_token(
    open_site: Site, headers: dict[str, str]
) -> None:
    client = open_site.visitor("web:a")
    answer = client.post("/me/token", data={"token": client.token, "name": "x"}, headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text
    own = {"origin": "http://127.0.0.1", "sec-fetch-site": "same-origin"}
    assert client.post("/me/token", data={"token": client.token, "name": "x"}, headers=own).status_code == 200


def test_at_ones_own_machine_a_program_needs_no_token_and_a_page_of_another_site_gets_none(make_site: MakeSite) -> None:
    client = make_site().stranger()
    files = {"doodle": ("d.png", DOODLE, "image/png")}
    assert client.post("/api/v1/jobs", data=WISH, files=files).status_code == 201
    for headers in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}, {"origin": "null"}):
        answer = client.post("/api/v1/jobs", data=WISH, files=files, headers=headers)
        assert answer.status_code in (401, 403)
    assert client.get("/api/v1/jobs", headers={"sec-fetch-site": "cross-site"}).status_code == 401


def test_a_large_body_is_refused_while_it_comes(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    files = {"picture": ("p.png", b"\x89PNG" + bytes(17 * 2**20), "image/png")}
    answer = client.change("POST", "/api/v1/pictures", files=files)
    assert answer.status_code == 413
    answer = client.post("/me/token", data={"token": client.token, "name": "x" * 100_000}, headers=PAGE)
    assert answer.status_code == 413
    assert "At most 64 KiB of text are taken at once: write less." in answer.text
    many = {
        name: (f"{name}.png", b"\x89PNG" + bytes(15 * 2**20)) for name in ("style", "style_map", "doodle", "content")
    }
    answer = client.change("POST", "/api/v1/jobs", files=many)  # none too large, but all together
    assert answer.status_code == 413


def test_a_rate_is_a_bucket_that_fills_again() -> None:
    now = [0.0]
    rate = RateLimit(60, clock=lambda: now[0])
    assert [rate.wait("a") for _ in range(60)] == [0.0] * 60
    assert rate.wait("a") == pytest.approx(1.0)
    assert rate.wait("b") == 0.0
    now[0] = 2.0
    assert [rate.wait("a") > 0 for _ in range(3)] == [False, False, True]


def test_who_asks_too_often_is_told_when_to_come_back(make_site: MakeSite) -> None:
    site = make_site(open=True, requests_per_minute=3)
    client = site.stranger()
    codes = [client.get("/api/v1/styles").status_code for _ in range(4)]
    assert codes == [200, 200, 200, 429]
    assert int(client.get("/", headers=PAGE).headers["retry-after"]) >= 1
    site = make_site(open=True, paints_per_minute=2)
    people = [site.visitor(f"guest:{number}") for number in range(3)]
    files = {"doodle": ("d.png", DOODLE, "image/png")}
    codes = [one.change("POST", "/api/v1/jobs", data=WISH, files=files).status_code for one in people]
    assert codes == [201, 201, 429]  # a new guest of the same address is no new person


def test_names_are_never_paths(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    for name in ("../../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "..\\..\\web.key", "\x00"):
        for path in (f"/static/x/{name}", f"/picture/{name}", f"/studio/{name}", f"/work/{name}", f"/by/{name}"):
            answer = client.get(path.replace("\x00", "%00"))
            assert answer.status_code in (400, 404), path[:60]
            assert "root:" not in answer.text
        said = {"style": name[:199].replace("\x00", "%00")}
        files = {"doodle": (f"{name[:99]}.png".replace("\x00", "0"), DOODLE, "image/png")}
        assert client.change("POST", "/api/v1/jobs", data=said, files=files).status_code in (400, 404)
    assert not open_site.desk.store.digests()
    assert not open_site.desk.last_jobs("web:a")


def test_names_of_a_style_and_its_labels_are_text_in_the_studio(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    evil = "\"'><script>alert(1)</script>"
    style_map = flat(64, 48, [SKY, SEA])
    labels = [{"name": evil, "colour": "#508ce6"}, {"name": "down", "colour": "#143c78"}]
    files = {"picture": png(painted(style_map)), "map": png(style_map)}
    said = {"name": f"bay {evil}", "artist": evil, "labels": json.dumps(labels)}
    style = client.change("POST", "/api/v1/styles", data=said, files=files)
    assert style.status_code == 201, style.text
    address = style.json()["studio"]
    for path in (address, "/studio", "/me", address.replace("/studio/", "/style/")):
        text = client.get(path, headers=PAGE).text
        assert "alert(1)" in text, path
        assert "<script>alert" not in text
        assert "'><script" not in text


@pytest.mark.parametrize(
    ("settings", "path", "said"),
    [
        ({"uploads_per_minute": 2}, "/api/v1/preview", {"data": WISH, "files": {"doodle": DOODLE}}),
        ({"uploads_per_minute": 2}, "/api/v1/maps/check", {"files": {"map": DOODLE}}),
        ({"uploads_per_minute": 2}, "/api/v1/pictures", {"files": {"picture": DOODLE}}),
        ({"uploads_per_minute": 2}, "/api/v1/styles", {"files": {"picture": DOODLE}}),
        ({"paints_per_minute": 2}, "/api/v1/jobs", {"data": WISH, "files": {"doodle": DOODLE}}),
        ({"paints_per_minute": 2}, "/api/v1/maps/suggest", {"files": {"picture": DOODLE}}),
        ({"acts_per_minute": 2}, "/api/v1/works/none/vote", {"json": {}}),
        ({"acts_per_minute": 2}, "/api/v1/works/none/report", {"json": {"reason": "x"}}),
        ({"acts_per_minute": 2}, "/api/v1/jobs/none/publish", {"json": {}}),
        ({"acts_per_minute": 2}, "/work/none/vote", {"data": {}}),
        ({"acts_per_minute": 2}, "/work/none/report", {"data": {"reason": "x"}}),
        ({"acts_per_minute": 2}, "/work/none/entry", {"data": {}}),
        ({"acts_per_minute": 2}, "/work/none/edit", {"data": {"alt": "x"}}),
        ({"acts_per_minute": 2}, "/me/token", {"data": {"name": "x"}}),
        ({"acts_per_minute": 2}, "/style/none/rename", {"data": {"name": "x"}}),
    ],
)
def test_each_kind_of_act_has_its_own_measure(
    make_site: MakeSite, settings: dict[str, int], path: str, said: dict[str, Any]
) -> None:
    client = make_site(open=True, **settings).visitor("web:a")
    codes = [client.change("POST", path, **said).status_code for _ in range(3)]
    assert 429 not in codes[:2]
    assert codes[2] == 429


def test_who_has_not_signed_in_sees_the_colours_of_a_doodle_but_only_so_often(make_site: MakeSite) -> None:
    site = make_site(discord=APP, uploads_per_minute=2)
    said: dict[str, Any] = {"data": WISH, "files": {"doodle": DOODLE}}
    answers = [site.stranger().post("/api/v1/preview", **said) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]  # a new browser is no new address
    assert answers[0].headers["content-type"] == "image/webp"
    known = site.visitor("discord:7")
    assert known.change("POST", "/api/v1/preview", **said).status_code == 200  # the address is not who signed in
    assert site.stranger().post("/api/v1/jobs", **said).status_code == 401
    assert site.stranger().post("/api/v1/pictures", files={"picture": DOODLE}).status_code == 401


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("testclient", "testclient", True),
    ],
)
def test_of_ipv6_addresses_a_64_is_one_person(one: str, other: str, same: bool) -> None:
    assert (neighbourhood(one) == neighbourhood(other)) is same


def test_a_strangers_next_address_of_the_same_line_is_no_new_stranger(make_site: MakeSite) -> None:
    said: dict[str, Any] = {"data": WISH, "files": {"doodle": DOODLE}}

    def asked(site: Site, ending: str) -> int:
        client = TestClient(site.app, base_url="http://127.0.0.1", client=(f"2001:db8:1:2::{ending}", 50000))
        return int(client.post("/api/v1/preview", **said).status_code)

    site = make_site(discord=APP, uploads_per_minute=2)
    assert [asked(site, ending) for ending in ("1", "2", "a:3")] == [200, 200, 429]
    site = make_site(discord=APP, requests_per_minute=2)
    assert [asked(site, ending) for ending in ("1", "2", "a:3")] == [200, 200, 429]


def test_what_strangers_look_at_takes_nothing_from_guests_of_the_same_address(make_site: MakeSite) -> None:
    site = make_site(open=True, uploads_per_minute=2)
    said: dict[str, Any] = {"data": WISH, "files": {"doodle": DOODLE}}
    strangers = [site.stranger().post("/api/v1/preview", **said).status_code for _ in range(3)]
    assert strangers == [200, 200, 429]
    guest = site.visitor("guest:1")
    assert guest.change("POST", "/api/v1/pictures", files={"picture": DOODLE}).status_code == 201


def test_a_stranger_sees_no_colours_of_anybodys_own_style(make_site: MakeSite) -> None:
    site = make_site(discord=APP)
    style_map = flat(64, 48, [SKY, SEA])
    labels = [{"name": "up", "colour": "#508ce6"}, {"name": "down", "colour": "#143c78"}]
    files = {"picture": png(painted(style_map)), "map": png(style_map)}
    own = site.visitor("discord:7").change(
        "POST", "/api/v1/styles", data={"name": "bay", "labels": json.dumps(labels)}, files=files
    )
    said = {"style": own.json()["key"]}
    assert site.stranger().post("/api/v1/preview", data=said, files={"doodle": DOODLE}).status_code == 404


@pytest.mark.parametrize("settings", [{"open": True}, {"discord": APP, "public_url": "https://paint.example"}])
def test_a_program_without_a_token_is_told_where_to_get_one(make_site: MakeSite, settings: dict[str, Any]) -> None:
    site = make_site(**settings)
    program = site.stranger()
    host = {"host": "paint.example"} if "public_url" in settings else {}
    answer = program.post("/api/v1/jobs", data=WISH, files={"doodle": DOODLE}, headers=host)
    assert answer.status_code == 401
    base = settings.get("public_url", "http://127.0.0.1")
    assert f"Authorization: Bearer twobit_…; a person makes it at {base}/me." in answer.json()["error"]["message"]
    by_page = program.post("/api/v1/jobs", data=WISH, headers={**host, "sec-fetch-site": "same-origin"})
    assert by_page.json()["error"]["message"] == "Sign in first: this needs to know who you are."
    forgotten = program.get("/api/v1/jobs", headers={**host, "authorization": "Bearer twobit_x"})
    assert "/me" in forgotten.json()["error"]["message"]


def test_an_export_has_its_measure_and_is_a_file_to_keep(make_site: MakeSite) -> None:
    client = make_site(open=True, acts_per_minute=2).visitor("web:a")
    answers = [client.get("/me/export") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[0].headers["content-disposition"].startswith("attachment; filename=")
    assert answers[0].headers["content-type"] == "application/zip"


def test_one_person_watches_so_many_paintings_at_once(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    job_id = open_site.ask(client)
    open_site.app.state.listening["web:a"] = 8
    answer = client.get(f"/api/v1/jobs/{job_id}/events")
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "5"
