"""A bot killed between every two steps of a mention's life answers it once, always, and takes down what is deleted.

Real are the desk, the queue, the worker and the kills; the painter is a stub, and the network an instance or server
behind real HTTP. Mastodon here forgets every idempotency key at once, as a real one does after an hour: what holds
then is that the bot looks before it posts again. Bluesky's real server: test_fediverse_bluesky.py.
"""

from collections.abc import Iterator

import pytest

from tests.bot.fediverse.stage import Net, net_of
from tests.e2e.every_step import cursor_of, deleted_at_every_step, killed_at_every_step
from tests.e2e.lives import Lives, lives_on


@pytest.fixture(scope="module", params=["mastodon", "bluesky"])
def killed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Net, Lives]]:
    data = tmp_path_factory.mktemp("lives")
    with net_of(request.param, data) as net:
        if request.param == "mastodon":
            net.server.forgets = True
        with lives_on((net.name, net.server.url), data, "tests.networks.lives", cursor_of) as made:
            yield net, made


@pytest.mark.parametrize("what", ["painting", "answer"])
def test_answered_once_always(killed: tuple[Net, Lives], what: str) -> None:
    assert killed_at_every_step(*killed, what) >= (14 if what == "painting" else 6)


@pytest.mark.parametrize("words", ["delete", "delete everything"])
def test_taken_down_once_always(killed: tuple[Net, Lives], words: str) -> None:
    assert deleted_at_every_step(*killed, words) >= 14
