"""Every request that the bot sent in this session keeps to Discord's own description of its API.

Those of tests/e2e, which may run in another process, are looked at there.
"""

import re

import pytest

from tests.loopback.openapi import VARIABLE, OpenApi, description, faults_of
from tests.loopback.rest import Call
from tests.loopback.server import ALL_CALLS

HERE = description()


@pytest.fixture(scope="module")
def api() -> OpenApi:
    """Discord's description."""
    if HERE is None:
        pytest.skip(f"Discord's openapi.json is neither beside the checkout nor named by {VARIABLE}")
    return OpenApi(HERE)


@pytest.mark.last
@pytest.mark.usefixtures("api")
def test_every_request_is_in_order() -> None:
    faults = faults_of(ALL_CALLS)
    assert not faults, "\n".join(sorted(faults))


@pytest.mark.last
def test_every_picture_has_words_for_those_who_see_none() -> None:
    bare = set()
    for call in ALL_CALLS:
        said = call.json.get("data") or call.json.get("message") or call.json
        described = {str(one["id"]): one.get("description") for one in said.get("attachments") or []}
        for field, (filename, _) in call.files.items():
            index = field.removeprefix("files[").removesuffix("]")
            if filename.endswith((".png", ".jpg", ".webp")) and not described.get(index):
                bare.add(re.sub(r"[0-9a-z]{12}", "…", filename))
    assert not bare


@pytest.mark.last
def test_no_message_mentions_anybody() -> None:
    """Whatever somebody has called a style, a work or a file."""
    told = [call.json.get("data") or call.json.get("message") or call.json for call in ALL_CALLS]
    told = [one for one in told if isinstance(one, dict) and one.get("content")]
    allowed = [{"replied_user": False, **one.get("allowed_mentions", {})} for one in told]
    assert not [one for one in allowed if one != {"parse": [], "replied_user": False}]


@pytest.mark.parametrize(
    "call",
    [
        Call("POST", "/channels/1/messages", {"content": 5}),
        Call("POST", "/channels/1/messages", {"content": "x" * 4001}),
        Call("POST", "/interactions/1/token/callback", {"type": 4, "data": {"components": [{"type": 99}]}}),
        Call("PUT", "/applications/1/commands", [{"name": "x" * 40, "type": 1, "description": "y"}]),
        Call("GET", "/nowhere/1"),
    ],
)
def test_a_wrong_request_would_be_found(api: OpenApi, call: Call) -> None:
    assert api.faults(call)
