"""Whatever fits the description, and much that does not, ends in an answer and never in a fault of ours."""

from itertools import count
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from bot.web.api.openapi import description
from tests.bot.web.conftest import Site

EXAMPLES = 12  # of each call, the same ones each time
CALLS = sorted(
    (method, path) for path, methods in description()["paths"].items() for method in methods if method != "parameters"
)
SHUT_OUT = (401, 403, 421)


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_nothing_that_is_sent_breaks_us(open_site: Site, method: str, path: str) -> None:
    client = open_site.visitor("web:a")
    work = open_site.publish(client)
    job_id = open_site.desk.last_jobs("web:a")[0].job_id
    said = client.get(f"/api/v1/works/{work}").json()
    there = {
        "id": work if "/works/" in path else job_id,
        "style": "coast-dusk",
        "digest": said["painting"].rpartition("/")[2],
    }
    headers = {"x-csrf-token": client.token, "cookie": f"twobit={client.cookies['twobit']}", "host": "127.0.0.1"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", open_site.app)
    answers: list[int] = []
    turn = count()

    @given(case=schema[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case: Any) -> None:
        if next(turn) % 2:  # every other one about something that is there
            case.path_parameters = {name: there[name] for name in case.path_parameters or {}}
        answer = case.call(headers={**(case.headers or {}), **headers})
        answers.append(answer.status_code)
        assert answer.status_code < 500, (case.as_curl_command(), answer.text)

    ask()
    assert any(status not in SHUT_OUT for status in answers), answers  # it got past the door
