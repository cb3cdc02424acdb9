"""The page's key: made once, whole at once, and never by a bot, whose links only the page's own key signs."""

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from twobit.errors import BadInputError
from twobit.settings import ServiceSettings, load_settings
from twobit.web import KEY_BYTES, KEY_FILE, link_secret, web_settings

PAGE = "https://paint.example"


@pytest.fixture(autouse=True)
def _warnings_are_logged() -> Iterator[None]:
    """Whatever a command of another test has made quiet in this process."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.INFO))
    yield
    structlog.configure(**before)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ServiceSettings]:
    for name in ("TWOBIT_WEB_SECRET", "TWOBIT_WEB_SECRET_FILE", "TWOBIT_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)

    def made(**given: Any) -> ServiceSettings:
        return load_settings(data=tmp_path, **given)

    return made


def test_a_bot_far_from_the_page_makes_no_key_and_says_what_to_set(settings: Callable[..., ServiceSettings]) -> None:
    with capture_logs() as logs:
        assert link_secret(settings(public_url=PAGE)) == b""
    (said,) = logs
    assert (said["event"], said["log_level"]) == ("links_left_out", "warning")
    assert "TWOBIT_WEB_SECRET" in said["todo"]
    assert not (settings().data / KEY_FILE).exists()


def test_a_bot_signs_as_the_page_does(
    settings: Callable[..., ServiceSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    with capture_logs() as logs:
        made = web_settings(settings(public_url=PAGE)).secret
        assert link_secret(settings(public_url=PAGE)) == made
        assert link_secret(settings()) == b""  # nobody could follow a link
        monkeypatch.setenv("TWOBIT_WEB_SECRET", "s" * 40)
        assert link_secret(settings(public_url=PAGE)) == web_settings(settings(public_url=PAGE)).secret == b"s" * 40
    assert logs == []


def test_a_bot_refuses_what_is_no_address_of_a_page(settings: Callable[..., ServiceSettings]) -> None:
    with pytest.raises(BadInputError, match="without a path"):
        link_secret(settings(public_url=f"{PAGE}/there"))


def test_who_looks_while_the_key_is_made_sees_none_or_all_of_it(
    settings: Callable[..., ServiceSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings().data / KEY_FILE
    seen: list[bytes | None] = []
    fdopen = os.fdopen

    def watched(*given: Any, **more: Any) -> Any:
        seen.append(path.read_bytes() if path.exists() else None)
        return fdopen(*given, **more)

    monkeypatch.setattr(os, "fdopen", watched)
    made = web_settings(settings()).secret
    assert seen == [None]
    assert path.read_bytes() == made
    assert len(made) == KEY_BYTES
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in path.parent.iterdir()] == [KEY_FILE]


def test_of_two_that_make_it_together_the_first_ones_counts(
    settings: Callable[..., ServiceSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = settings().data / KEY_FILE
    link = os.link

    def too_late(*given: Any) -> None:
        path.write_bytes(b"k" * KEY_BYTES)
        link(*given)

    monkeypatch.setattr(os, "link", too_late)
    assert web_settings(settings()).secret == b"k" * KEY_BYTES
    assert [one.name for one in path.parent.iterdir()] == [KEY_FILE]


def test_a_file_system_without_links_keeps_a_key_too(
    settings: Callable[..., ServiceSettings], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError("no links here")

    monkeypatch.setattr(os, "link", refuse)
    path = settings().data / KEY_FILE
    assert web_settings(settings()).secret == web_settings(settings()).secret == path.read_bytes()
    assert [one.name for one in path.parent.iterdir()] == [KEY_FILE]


def test_half_a_key_is_refused(settings: Callable[..., ServiceSettings]) -> None:
    (settings().data / KEY_FILE).write_bytes(b"half")
    for ask in (web_settings, link_secret):
        with pytest.raises(BadInputError, match="delete it"):
            ask(settings(public_url=PAGE))
