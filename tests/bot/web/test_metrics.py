"""/metrics: what is counted, and who may read it."""

from collections.abc import Callable

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.testclient import TestClient

from tests.bot.web.conftest import Site

MakeSite = Callable[..., Site]
TOKEN = "a long token of prometheus"


def at(site: Site, address: str, client: str) -> TestClient:
    """A program that calls us by this address, from there."""
    return TestClient(site.app, base_url=f"http://{address}", client=(client, 5000), follow_redirects=False)


def test_requests_and_jobs_are_counted(make_site: MakeSite) -> None:
    site = make_site(open=True)
    client = site.visitor("web:a")
    site.ask(client)
    for path in ("/work/x", "/work/y", "/no/such/<page>"):
        assert client.get(path).status_code == 404
    text = at(site, "127.0.0.1:80", "127.0.0.1").get("/metrics").text
    found = {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(text)
        for one in family.samples
    }
    assert found["twobit_jobs", "queued"] == 1
    assert found["twobit_page_requests_total", "/work/{id}", "404"] == 2
    assert found["twobit_page_requests_total", "none", "404"] == 1
    assert found["twobit_page_requests_total", "/api/v1/jobs", "201"] == 1
    assert found["twobit_desk_up",] == 0  # no loop runs here
    assert found["twobit_page_seconds_count",] == 4
    assert "web:a" not in text


@pytest.mark.parametrize(
    ("address", "client", "headers", "status"),
    [
        ("127.0.0.1", "127.0.0.1", {}, 200),
        ("localhost", "::1", {}, 200),
        ("127.0.0.1", "203.0.113.9", {}, 404),
        ("twobit.example", "203.0.113.9", {}, 404),
        ("twobit.example", "127.0.0.1", {}, 404),  # by a proxy that says nothing
        ("127.0.0.1", "127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, 404),
        ("desk:8000", "10.0.0.7", {"authorization": f"Bearer {TOKEN}"}, 200),
        ("desk:8000", "10.0.0.7", {"authorization": "Bearer wrong"}, 404),
    ],
)
def test_strangers_do_not_read_them(
    make_site: MakeSite, address: str, client: str, headers: dict[str, str], status: int
) -> None:
    site = make_site(open=True, public_url="https://twobit.example", metrics_token=TOKEN)
    assert at(site, address, client).get("/metrics", headers=headers).status_code == status


def test_no_token_is_no_way_in(make_site: MakeSite) -> None:
    headers = {"authorization": "Bearer "}
    assert at(make_site(open=True), "desk", "10.0.0.7").get("/metrics", headers=headers).status_code == 404
