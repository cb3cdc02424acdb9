"""What Discord refuses in a message though its description of the API lets it through."""

from tests.loopback.world import Json

CONTENT, FILES, DESCRIPTION = 2000, 10, 1024
ROWS, IN_ROW, LABEL, CUSTOM_ID, OPTIONS, OPTION = 5, 5, 80, 100, 25, 100
ROW, BUTTON, SELECT = 1, 2, 3


def overstepped(data: Json, files: int) -> str | None:
    """The first limit that a message of so many files oversteps."""
    if len(data.get("content") or "") > CONTENT:
        return f"content: Must be {CONTENT} or fewer in length."
    if files > FILES:
        return f"attachments: Must be {FILES} or fewer."
    if any(len(one.get("description") or "") > DESCRIPTION for one in data.get("attachments") or []):
        return f"description: Must be {DESCRIPTION} or fewer in length."
    return _components(data.get("components") or [])


def _components(rows: list[Json]) -> str | None:
    rows = [one for one in rows if one["type"] == ROW]
    inside = [one for row in rows for one in row["components"]]
    ids = [one["custom_id"] for one in inside if "custom_id" in one]
    options = [option for one in inside if one["type"] == SELECT for option in one["options"]]
    wrong = {
        "rows": len(rows) > ROWS,
        "components of a row": any(not 1 <= len(row["components"]) <= IN_ROW for row in rows),
        "a select beside others": any(
            len(row["components"]) > 1 and any(one["type"] == SELECT for one in row["components"]) for row in rows
        ),
        "custom_id": any(not 1 <= len(one) <= CUSTOM_ID for one in ids),
        "custom_id twice": len(set(ids)) < len(ids),
        "label": any(not 1 <= len(one.get("label") or "") <= LABEL for one in inside if one["type"] == BUTTON),
        "options": any(not 1 <= len(one["options"]) <= OPTIONS for one in inside if one["type"] == SELECT),
        "option": any(not 1 <= len(one[name]) <= OPTION for one in options for name in ("label", "value")),
    }
    return next((f"components: {name}" for name, found in wrong.items() if found), None)
