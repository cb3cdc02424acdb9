"""Servers' settings."""

from functools import partial
from typing import Any

import pytest
from sqlalchemy import update

from bot.community import Community, ServerSettings
from bot.community.tables import ServerRow
from bot.desk import RefusedError
from tests.bot.community.people import ELSEWHERE, SERVER, at_once

MOD = "discord:mod"


def test_settings_have_defaults_and_stay(community: Community) -> None:
    assert community.servers.get(SERVER) == ServerSettings()
    community.servers.change(SERVER, MOD, gallery_channel="123", language="de", paint_channels=["1", "2"])
    community.servers.change(SERVER, MOD, language=None)
    found = Community(community.desk).servers.get(SERVER)
    assert (found.gallery_channel, found.language, found.paint_channels) == ("123", None, ("1", "2"))
    assert community.servers.get(ELSEWHERE) == ServerSettings()
    community.servers.forget(SERVER)
    assert community.servers.get(SERVER) == ServerSettings()


@pytest.mark.parametrize(
    "change",
    [{"most_waiting": 0}, {"language": "deutsch"}, {"style_adders": "bots"}, {"gallery_channel": "a b"}, {"colour": 1}],
)
def test_what_is_wrong_is_named_and_changes_nothing(community: Community, change: dict[str, object]) -> None:
    community.servers.change(SERVER, MOD, most_waiting=3)
    with pytest.raises(RefusedError, match=next(iter(change))):
        community.servers.change(SERVER, MOD, **change)
    assert community.servers.get(SERVER) == ServerSettings(most_waiting=3)


def test_two_moderators_at_once_lose_nothing(community: Community) -> None:
    changes: list[dict[str, Any]] = [
        {"most_waiting": 3},
        {"most_a_day": 30},
        {"language": "fr"},
        {"gallery_channel": "9"},
    ]
    outcomes = at_once([partial(community.servers.change, SERVER, MOD, **change) for change in changes])
    assert not [error for error in outcomes if isinstance(error, Exception)]
    expected = ServerSettings(most_waiting=3, most_a_day=30, language="fr", gallery_channel="9")
    assert community.servers.get(SERVER) == expected


def test_a_setting_of_another_release_harms_nothing(community: Community) -> None:
    community.servers.change(SERVER, MOD, language="fr")
    with community.desk.database.write() as session:
        settings = {"language": "fr", "most_waiting": "many", "hats": 3}
        session.execute(update(ServerRow).values(settings=settings))
    assert community.servers.get(SERVER) == ServerSettings(language="fr")
    assert community.servers.change(SERVER, MOD, most_a_day=5).language == "fr"
