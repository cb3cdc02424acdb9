"""One job's trace over the real processes: bot, desk and worker."""

from pathlib import Path

import pytest

from tests.collector import Seen, collecting
from tests.e2e.discord_service import PATIENCE, real
from tests.e2e.test_discord import DOODLE, MAP, QUICK, STYLE
from tests.loopback.people import until

WAY = {
    "ask": "twobit-discord",
    "accept": "twobit-discord",
    "dispatch": "twobit-desk",
    "wait": "twobit-desk",
    "job": "twobit-desk",
    "attempt": "twobit-worker",
    "fetch": "twobit-worker",
    "paint": "twobit-worker",
    "store": "twobit-worker",
    "deliver": "twobit-discord",
}
WITHIN = {"fetch": "attempt", "paint": "attempt", "store": "attempt"}  # all others are the job's own


def test_one_trace_from_the_question_to_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with collecting() as collector:
        monkeypatch.setenv("TWOBIT_TRACE_URL", collector.url)
        with real(tmp_path) as stage:

            async def go() -> list[Seen]:
                added = await stage.alice.slash("style add", name="Small bay", picture=STYLE, map=MAP)
                await added.private("Small bay")
                asked = await stage.alice.slash("paint", style="small-bay", doodle=DOODLE, **QUICK)
                job = await stage.painted(await asked.message(PATIENCE))

                def look() -> list[Seen] | None:
                    spans = collector.of(job)
                    return spans if {span.name for span in spans} >= set(WAY) else None

                found: list[Seen] = await until(look, PATIENCE, "the whole trace")
                return found

            spans = stage.play(go())
    assert len({span.trace for span in spans}) == 1
    assert {span.name: span.process for span in spans} == WAY
    assert len(spans) == len(WAY)
    ids = {span.name: span.id for span in spans}
    for span in spans:
        above = "" if span.name == "job" else ids[WITHIN.get(span.name, "job")]
        assert span.parent == above, span
        assert not span.failed, span
    found = {span.name: span for span in spans}
    assert found["paint"].events.count("octave") >= 2
    assert found["paint"].values["method"] == "fast"
    assert found["job"].values["outcome"] == "done"
    assert found["attempt"].seconds >= found["paint"].seconds
    # Nothing of the person: who asked, where, with which pictures.
    told = b"".join(collector.bodies)
    for secret in (str(stage.world.alice.id), "small-bay", "Small bay", "a.loopback.token"):
        assert secret.encode() not in told, secret
