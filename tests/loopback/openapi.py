"""Discord's own description of its API, and whether a request keeps to it."""

import json
import os
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from tests.loopback.rest import Call

VARIABLE = "TWOBIT_TEST_DISCORD_OPENAPI"
BESIDE = Path(__file__).parents[2].parent / "shared" / "discord" / "openapi.json"


def faults_of(calls: Sequence[Call]) -> set[str]:
    """Where these requests depart from the description; empty where it is not there."""
    path = description()
    if path is None:
        return set()
    api = OpenApi(path)
    distinct = {(call.method, re.sub(r"[0-9]+", "0", call.path), json.dumps(call.body)): call for call in calls}
    return {fault for call in distinct.values() for fault in api.faults(call)}


def description() -> Path | None:
    """Where the description lies: named by the environment, or in a folder beside the checkout."""
    named = os.environ.get(VARIABLE)
    path = Path(named) if named else BESIDE
    return path if path.is_file() else None


class OpenApi:
    """The description, ready to check."""

    def __init__(self, path: Path) -> None:
        """`path`: openapi.json."""
        self.described: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        self._validators: dict[str, Draft202012Validator] = {}

    @cached_property
    def routes(self) -> list[tuple[re.Pattern[str], dict[str, Any]]]:
        """Literal paths before those with placeholders."""
        found = []
        for path in sorted(self.described["paths"], key=lambda one: (one.count("{"), one)):
            pattern = re.sub(r"\\\{\w+\\\}", r"[^/]+", re.escape(path))
            found.append((re.compile(pattern + "$"), self.described["paths"][path]))
        return found

    def faults(self, call: Call) -> list[str]:
        """Where a request departs from the description; empty when it is in order."""
        operation = next(
            (
                item[call.method.lower()]
                for pattern, item in self.routes
                if pattern.match(call.path) and call.method.lower() in item
            ),
            None,
        )
        if operation is None:
            return [f"{call.method} {call.path} is not described"]
        content = operation.get("requestBody", {}).get("content", {})
        if call.body is None:
            return ["a body is required"] if operation.get("requestBody", {}).get("required") else []
        kind = "multipart/form-data" if call.multipart else "application/json"
        if kind not in content:
            return [f"{call.method} {call.path} takes {', '.join(content) or 'no body'}, not {kind}"]
        validator = self._validator(json.dumps(content[kind]["schema"]))
        return [f"{call.method} {call.path}: {_worst(error)}" for error in validator.iter_errors(call.body)]

    def _validator(self, schema: str) -> Draft202012Validator:
        if schema not in self._validators:
            whole = {**json.loads(schema), "components": self.described["components"]}
            self._validators[schema] = Draft202012Validator(whole)
        return self._validators[schema]


def _worst(error: Any) -> str:
    """The deepest reason inside anyOf and oneOf."""
    deepest = error
    while deepest.context:
        deepest = max(deepest.context, key=lambda one: len(one.absolute_path))
    return f"{'/'.join(map(str, deepest.absolute_path))}: {deepest.message[:300]}"
