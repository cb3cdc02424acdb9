"""The walls: what hangs, what is hidden, what names and captions can't do, and links that unfold."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest
from markupsafe import escape
from PIL import Image

from bot.community.posts import Posts, said_at
from bot.fediverse.inbox import Inbox, Said
from bot.web.recipes import METHODS, QUALITIES
from tests.bot.web.conftest import DOODLE, STYLE, Site
from worker.contract import PaintOptions
from worker.contract.pictures import decode

PAGE = {"accept": "text/html"}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_what_people_write_is_text_wherever_it_stands(open_site: Site) -> None:
    client = open_site.visitor("web:a", EVIL)
    work = open_site.publish(client, title=EVIL, author=EVIL, alt=EVIL)
    stranger = open_site.stranger()
    by = stranger.get(f"/work/{work}").text.partition('href="/by/')[2].partition('"')[0]
    for path in ("/", f"/work/{work}", f"/by/{by}", "/style/coast-dusk", "/feed.atom"):
        text = stranger.get(path, headers=PAGE).text
        assert "alert(1)" in text, path
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "<script>alert" not in client.get("/me").text
    assert "<script>alert" not in client.get(f"/?label={EVIL}&style=").text


def test_only_what_was_published_hangs(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    open_site.paint(open_site.ask(client))
    assert open_site.stranger().get("/api/v1/works").json()["works"] == []
    work = open_site.publish(client, open_site.desk.last_jobs("web:a")[0].job_id)
    (one,) = open_site.stranger().get("/api/v1/works").json()["works"]
    assert one["id"] == work
    assert "web:a" not in open_site.stranger().get(f"/work/{work}").text  # nobody's id is told
    assert "sky" in one["labels"]
    assert open_site.stranger().get(one["painting"]).headers["cache-control"].startswith("public")
    client.form(f"/work/{work}/delete")
    assert open_site.stranger().get(f"/work/{work}").status_code == 404
    assert open_site.stranger().get(one["painting"]).status_code == 404


def test_a_hidden_work_is_gone_for_everybody_but_its_owner_and_moderators(open_site: Site) -> None:
    owner, moderator = open_site.visitor("web:a"), open_site.visitor("web:moderator")
    work = open_site.publish(owner)
    painting = owner.get(f"/api/v1/works/{work}").json()["painting"]
    reporter = open_site.visitor("web:b")
    assert reporter.form(f"/work/{work}/report", reason="copied").status_code == 303
    assert "copied" in moderator.get("/moderation").text
    assert reporter.get("/moderation").status_code == 404
    assert reporter.form("/moderation/act", act="purge", work=work).status_code == 404
    moderator.form("/moderation/act", act="hide", work=work)
    stranger = open_site.stranger()
    assert [stranger.get(path).status_code for path in (f"/work/{work}", f"/api/v1/works/{work}")] == [410, 410]
    assert stranger.get(f"/oembed?url=http://127.0.0.1/work/{work}").status_code == 410
    assert stranger.get(painting).status_code == 404
    assert work not in stranger.get("/").text
    assert owner.get(f"/work/{work}").status_code == 200
    assert moderator.get(painting).status_code == 200
    second = open_site.visitor("web:second")
    assert f'href="/work/{work}"' in second.get("/moderation").text  # nobody need know the address
    second.form("/moderation/act", act="show", work=work)
    assert f'href="/work/{work}"' not in second.get("/moderation").text
    assert stranger.get(f"/work/{work}").status_code == 200
    moderator.form("/moderation/act", act="ban", work=work, reason="spam")
    refused = owner.change("POST", "/api/v1/jobs", data={"style": "coast-dusk"}, files={"doodle": b"x"})
    assert refused.status_code == 400
    moderator.form("/moderation/act", act="purge", work=work)
    assert stranger.get(f"/work/{work}").status_code == 404
    assert painting.rsplit("/", 1)[1] not in open_site.desk.store.digests()


def test_what_is_not_for_every_eye_waits_for_a_click(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    work = open_site.publish(client, nsfw=True)
    digest = client.get(f"/api/v1/works/{work}").json()["painting"]
    stranger = open_site.stranger()
    assert digest not in stranger.get("/").text
    page = stranger.get(f"/work/{work}").text
    assert "<details" in page.partition(digest)[0].rpartition("<div")[0][-400:]
    assert "og:image" not in page
    assert work not in stranger.get("/feed.json").text
    assert stranger.get(f"/oembed?url=http://127.0.0.1/work/{work}").json()["type"] == "link"
    job_id = open_site.ask(client, parent=work, seed="8")
    open_site.paint(job_id)
    remix = open_site.publish(client, job_id)
    said = client.get(f"/api/v1/works/{remix}").json()
    assert (said["nsfw"], said["parent"]) == (True, work)


def test_remixes_know_where_they_come_from(open_site: Site) -> None:
    alice, bob = open_site.visitor("web:a"), open_site.visitor("web:b")
    work = open_site.publish(alice)
    start = bob.get(f"/studio/coast-dusk?from={work}").text
    assert work in start
    job_id = open_site.ask(bob, parent=work, seed="9")
    open_site.paint(job_id)
    remix = open_site.publish(bob, job_id, title="Mine")
    assert f'href="/work/{remix}"' in alice.get(f"/work/{work}").text
    assert f'href="/work/{work}"' in alice.get(f"/work/{remix}").text
    assert bob.get(f"/studio/night-harbour?from={work}").status_code == 400


def test_one_vote_each_by_form_and_by_script(open_site: Site) -> None:
    owner, voter = open_site.visitor("web:a"), open_site.visitor("web:b")
    work = open_site.publish(owner)
    assert voter.form(f"/work/{work}/vote").status_code == 303
    assert "♥" in voter.get(f"/work/{work}").text
    assert voter.change("POST", f"/api/v1/works/{work}/vote", json={"on": True}).json()["votes"] == 1
    assert voter.change("POST", f"/api/v1/works/{work}/vote", json={}).json() == {"voted": False, "votes": 0}
    assert owner.form(f"/work/{work}/vote").status_code == 400
    assert open_site.stranger().post(f"/api/v1/works/{work}/vote", json={}).status_code == 401


def test_a_heart_is_where_one_can_vote_or_somebody_has(open_site: Site, make_site: Callable[..., Site]) -> None:
    single = make_site()  # at one's own machine: everything is one's own, and nobody votes
    local = single.visitor("cli:alice")
    mine = single.publish(local)
    for path in ("/", "/style/coast-dusk", f"/work/{mine}"):
        assert "♡" not in local.get(path, headers=PAGE).text, path
    owner, voter = open_site.visitor("web:a"), open_site.visitor("web:b")
    work = open_site.publish(owner)
    assert "♡" not in owner.get(f"/work/{work}").text
    assert f'data-vote="{work}"' in voter.get(f"/work/{work}").text
    stranger = open_site.stranger()
    assert f'To vote for it, <a href="/sign-in?next=/work/{work}">sign in</a>' in stranger.get(f"/work/{work}").text
    voter.form(f"/work/{work}/vote")
    for path in ("/", f"/work/{work}"):
        assert '<span aria-hidden="true">♡</span> 1' in owner.get(path, headers=PAGE).text, path


def test_another_persons_work_cannot_be_changed(open_site: Site) -> None:
    work = open_site.publish(open_site.visitor("web:a"))
    bob = open_site.visitor("web:b")
    assert bob.form(f"/work/{work}/edit", title="mine", alt="x").status_code == 400
    assert bob.form(f"/work/{work}/delete", everything="on").status_code == 404
    assert bob.change("DELETE", f"/api/v1/works/{work}").status_code == 400
    assert "Arch" in bob.get(f"/work/{work}").text


def test_a_work_past_its_time_is_deleted_with_what_bots_said_of_it(open_site: Site) -> None:
    owner = open_site.visitor("web:a")
    work = open_site.publish(owner)
    job_id = open_site.community.gallery.work(work).job_id
    Inbox(open_site.desk, "mastodon:example.social/@bot").say(Said("7", "web:a", "6", "end", job_id))
    open_site.community.privacy.delete_old(open_site.desk.clock() + timedelta(days=31))
    assert Posts(open_site.desk).of(job_id) == []
    owner.form(f"/work/{work}/delete", everything="on")
    assert owner.get(f"/work/{work}").status_code == 404
    assert Posts(open_site.desk).of(job_id) == [said_at("mastodon:example.social/@bot", "7")]


def test_pages_follow_one_another_and_filters_narrow(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    job_id = open_site.ask(client)
    open_site.paint(job_id)
    works = [open_site.publish(client, job_id)]
    for seed in range(2):
        job_id = open_site.ask(client, style="night-harbour", seed=str(seed))
        open_site.paint(job_id)
        works.append(open_site.publish(client, job_id))

    def ids(query: str) -> list[str]:
        return [one["id"] for one in client.get(f"/api/v1/works?{query}").json()["works"]]

    assert ids("") == works[::-1]
    assert ids("style=coast-dusk") == works[:1]
    assert set(ids("style=house:night-harbour&order=random")) == set(works[1:])
    assert ids("label=nothing-like-this") == []
    for bad in ("order=best", "period=day", "after=x", "challenge=-1", "style=no-such"):
        assert client.get(f"/api/v1/works?{bad}").status_code in (400, 404), bad
        assert client.get(f"/?{bad}", headers=PAGE).status_code in (400, 404), bad


def test_where_no_avif_is_made_that_is_said(open_site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.api.pictures.has_avif", lambda: False)
    client = open_site.stranger()
    picture = client.get("/api/v1/styles/coast-dusk").json()["picture"]
    answer = client.get(f"{picture}?width=320&format=avif")
    assert answer.status_code == 400
    assert "No AVIF is made here: ask for format=webp." in answer.text
    assert client.get(f"{picture}?width=320").status_code == 200


@pytest.mark.parametrize(("kind", "head"), [("webp", "WEBP"), ("avif", "AVIF"), ("jpeg", "JPEG")])
def test_small_copies_are_small_and_known_again(open_site: Site, kind: str, head: str) -> None:
    client = open_site.stranger()
    picture = client.get("/api/v1/styles/coast-dusk").json()["picture"]
    answer = client.get(f"{picture}?width=320&format={kind}")
    with Image.open(io.BytesIO(answer.content)) as image:
        assert (image.format, image.size) == (head, (320, 240))
    assert len(answer.content) < 40_000
    again = client.get(f"{picture}?width=320&format={kind}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for bad in ("width=321", "width=99999999999", "format=svg", "width=-1"):
        assert client.get(f"{picture}?{bad}").status_code == 400


def test_a_wall_loads_small_copies_and_those_far_down_later(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    for seed in range(6):
        job_id = open_site.ask(client, seed=str(seed))
        open_site.paint(job_id)
        open_site.publish(client, job_id)
    text = client.get("/").text
    cards = text.split('<li class="work')[1:]
    assert ['loading="lazy"' in card for card in cards] == [False] * 4 + [True] * 2
    for card in cards:
        for kind in ("avif", "webp"):
            assert f'type="image/{kind}" srcset="/picture/' in card
        assert re.search(r'width=320&amp;format=avif 320w, /picture/\w+\?width=640&amp;format=avif 640w" sizes="', card)
        assert re.search(r'width="\d+" height="\d+"', card)  # nothing jumps when it comes


def test_feeds_and_unfolding(open_site: Site) -> None:
    work = open_site.publish(open_site.visitor("web:a"), alt="An arch & a <boat>")
    client = open_site.stranger()
    feed = ET.fromstring(client.get("/feed.atom").text)
    space = {"a": "http://www.w3.org/2005/Atom"}
    assert [one.text for one in feed.findall("a:entry/a:content", space)] == ["An arch & a <boat>"]
    (item,) = client.get("/feed.json").json()["items"]
    assert item["url"] == f"http://127.0.0.1/work/{work}"
    page = client.get(f"/work/{work}").text
    address = page.partition('application/json+oembed" href="')[2].partition('"')[0].replace("&amp;", "&")
    said = client.get(address).json()
    assert (said["type"], said["version"], said["title"]) == ("photo", "1.0", "Arch by A")
    assert client.get(said["url"]).headers["content-type"] == "image/jpeg"
    image = page.partition('og:image" content="')[2].partition('"')[0].replace("&amp;", "&")
    assert client.get(image).status_code == 200
    assert client.get("/oembed?url=https://elsewhere.example/x").status_code == 404


def test_a_challenge_from_prompt_to_votes(open_site: Site) -> None:
    moderator, alice, bob = (open_site.visitor(f"web:{name}") for name in ("moderator", "a", "b"))
    where = moderator.form("/moderation/challenge", title="Arches", prompt="Draw one", days="7").headers["location"]
    number = int(where.rsplit("/", 1)[1])
    work = open_site.publish(alice, challenge=number)
    assert work in bob.get(where).text
    assert "Arches" in bob.get("/challenges").text
    assert bob.form(f"/work/{work}/entry").headers["location"] == where
    assert "Your vote" in bob.get(where).text
    assert alice.form(f"/work/{work}/entry").status_code == 400
    assert bob.get("/challenge/999999").status_code == 404
    assert bob.get("/challenge/99999999999").status_code == 404


def test_ones_own_page_shows_what_became_of_each_wish_in_words(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    cancelled = open_site.ask(client)
    client.change("POST", f"/api/v1/jobs/{cancelled}/cancel")
    open_site.ask(client, seed="2")
    text = client.get("/me").text
    assert "was cancelled" in text
    assert "Waiting for a painter" in text
    assert "/api/v1/jobs/" not in text  # nobody is led to what is for programs
    assert "this browser's cookie is the key" in text.replace("&#39;", "'")


def test_a_filter_that_finds_nothing_leads_back(open_site: Site) -> None:
    open_site.publish(open_site.visitor("web:a"))
    text = open_site.stranger().get("/?label=no-such-label").text
    assert "Nothing of that kind hangs here" in text
    assert '<a href="/">Show everything</a>' in text


def test_a_moderator_says_why_and_is_told_who_sees_a_hidden_work(open_site: Site) -> None:
    owner, moderator = open_site.visitor("web:a"), open_site.visitor("web:moderator")
    work = open_site.publish(owner)
    open_site.visitor("web:b").form(f"/work/{work}/report", reason="copied")
    moderator.form("/moderation/act", act="hide", work=work)
    assert "Only you and the moderators see this page." in owner.get(f"/work/{work}").text
    assert "Only its maker and the moderators see this page." in moderator.get(f"/work/{work}").text
    moderator.form("/moderation/act", act="ban", work=work, reason="Copies what others made")
    assert "Copies what others made" in moderator.get("/moderation").text


def test_a_work_tells_how_it_was_painted_in_words_and_what_it_shows_by_size(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    work = open_site.publish(client)
    doodle = decode(DOODLE, "The doodle").reshape(-1, 3)
    shares = {label.name: float((doodle == label.rgb).all(1).mean()) for label in STYLE.label}
    names = [name for name in sorted(shares, key=shares.__getitem__, reverse=True) if shares[name] > 0.002]
    alt = f"A painting of {', '.join(names)} in the style of Rocky coast at dusk."
    assert client.get(f"/api/v1/works/{work}").json()["alt"] == alt
    page = client.get(f"/work/{work}").text
    for words in (METHODS["fast"], QUALITIES["draft"], "style weight (beta) 50", STYLE.source):
        assert escape(words) in page, words
    assert "bot/styles" not in page
    assert set(METHODS) == set(get_args(PaintOptions.model_fields["method"].annotation))
    assert set(QUALITIES) == set(get_args(PaintOptions.model_fields["preset"].annotation))


def test_a_works_labels_stand_as_in_the_legend(open_site: Site) -> None:
    work = open_site.publish(open_site.visitor("web:a"))
    page = open_site.stranger().get(f"/work/{work}").text
    chips = re.findall(r'class="chip" href="[^"]*">([^<]*)<', page)
    legend = [label.name for label in STYLE.label]
    assert chips == [name for name in legend if name in chips]
    assert len(chips) > 3
    assert chips != sorted(chips)


def test_a_refusal_leads_to_the_page_that_it_speaks_of(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    for path, link in (
        ("/studio/none", '<a href="/studio">list of styles</a>'),
        ("/style/<b>none", '<a href="/studio">list of styles</a>'),
        ("/challenge/77", '<a href="/challenges">list of challenges</a>'),
    ):
        answer = client.get(path)
        assert answer.status_code == 404
        assert link in answer.text
        assert "<b>none" not in answer.text
