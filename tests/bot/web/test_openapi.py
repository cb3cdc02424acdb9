"""The description of the API is that of the API."""

import re

from bot.web.api.openapi import description
from bot.web.routes import api_routes
from tests.bot.web.conftest import Site


def test_every_call_is_described_and_nothing_else() -> None:
    served = {
        (method.lower(), route.path)
        for route in api_routes()
        for method in (route.methods or set()) - {"HEAD"}
        if not route.path.endswith("openapi.json")
    }
    described = {
        (method, path)
        for path, methods in description()["paths"].items()
        for method in methods
        if method != "parameters"
    }
    assert served == described


def test_every_part_of_an_address_and_every_reference_is_there(open_site: Site) -> None:
    said = open_site.stranger().get("/api/v1/openapi.json").json()
    for path, methods in said["paths"].items():
        named = {one["name"] for one in methods.get("parameters", [])}
        assert named == set(re.findall(r"{(\w+)}", path)), path
    for reference in re.findall(r"'#/components/schemas/(\w+)'", str(said)):
        assert reference in said["components"]["schemas"]


def test_answers_have_what_the_description_promises(open_site: Site) -> None:
    client = open_site.visitor("web:a")
    work = open_site.publish(client)
    schemas = description()["components"]["schemas"]
    job = client.get("/api/v1/jobs").json()["jobs"][0]
    assert set(job) == set(schemas["Job"]["properties"])
    assert set(schemas["Work"]["properties"]) <= set(client.get(f"/api/v1/works/{work}").json())
    style = client.get("/api/v1/styles/coast-dusk").json()
    assert set(schemas["Style"]["properties"]) <= set(style)
    assert set(schemas["Style"]["properties"]["labels"]["items"]["properties"]) == set(style["labels"][0])
    refused = client.get("/api/v1/jobs/nothing-of-mine")
    assert refused.status_code == 404
    assert set(refused.json()["error"]) == {"code", "message"}
