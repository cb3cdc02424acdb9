"""No picture changes unseen; how to renew them stands in golden.py."""

import pytest

from tests.engine import golden


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if name in golden.SLOW else ()) for name in golden.CASES]
)
def test_the_picture_is_the_golden_one(name: str) -> None:
    found = golden.difference(golden.paint_case(name), golden.load_golden(name))
    assert found < golden.NEAR, f"{name} differs by {found:.3f}: see golden.py for what to do"


def test_another_picture_would_be_seen() -> None:
    one, other = golden.load_golden("fast"), golden.load_golden("mrf")
    assert golden.difference(one, other) > 2 * golden.NEAR
