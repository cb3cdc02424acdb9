"""Pictures under their SHA-256: a folder by default, S3 and compatible by URL."""

import copy
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import from_url

from worker.contract.connection import without_password
from worker.contract.digest import digest_of
from worker.contract.errors import CorruptPictureError, MissingPictureError, UnreachableError

# A store that hangs must be told from one that is slow, before a person gives up.
# Plain HTTP is for whoever names an endpoint that starts so: a server on the same machine or network.
CLIENT: Any = {"connect_timeout": "3s", "timeout": "8s", "allow_http": True}
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
REFRESH = timedelta(hours=6)  # a picture put again is written again when it is older
REFUSED = re.compile(r"status code: \d{3}[ \w-]*")  # what follows in an error is the body of the answer
CODE = re.compile(r"<Code>(\w{1,60})</Code>")  # S3's own word for the reason
RETRY: Any = {"max_retries": 1, "retry_timeout": timedelta(seconds=8)}


class PictureStore:
    """Bytes by digest; written once, checked on every read.

    Raises UnreachableError when the store does not answer.
    """

    def __init__(self, url: str) -> None:
        """`url`: file:///folder (made when missing), s3://bucket/prefix, or what else obstore knows."""
        self.url = url
        self._folder = "sha256"
        here = url.startswith("file:")
        options: dict[str, Any] = {"mkdir": True} if here else {"client_options": CLIENT, "retry_config": RETRY}
        if url.startswith(("s3:", "s3a:")):
            options |= _keys_from_files()
        try:
            self._store = from_url(url, **options)
        except (BaseError, OSError, ValueError) as error:
            raise UnreachableError(
                f"The picture store {without_password(url)} can't be opened: {without_password(_reason(error))}"
            ) from error

    @property
    def previews(self) -> "PictureStore":
        """The same store, a drawer of its own: previews are nobody's picture and soon deleted."""
        other = copy.copy(self)
        other._folder = "preview"
        return other

    def put(self, data: bytes) -> str:
        """Store `data` unless it is there already; returns its digest."""
        digest = digest_of(data)
        written = self._written(digest)  # a look costs less than a write: styles and their maps come again and again
        try:
            if written is None:
                obstore.put(self._store, self._path(digest), data, mode="create")
            elif datetime.now(UTC) - written > REFRESH:
                # Made young again: a sweep of what nobody names must not take it while somebody begins to.
                obstore.put(self._store, self._path(digest), data)
        except AlreadyExistsError:
            pass  # written by somebody else, just now
        except (BaseError, OSError) as error:
            raise UnreachableError(f"The picture store can't write: {_reason(error)}") from error
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes under `digest`. Raises MissingPictureError, CorruptPictureError."""
        try:
            data = bytes(obstore.get(self._store, self._path(digest)).bytes())
        except FileNotFoundError as error:
            raise MissingPictureError(f"The store has no picture {digest[:12]}...") from error
        except (BaseError, OSError) as error:
            raise UnreachableError(f"The picture store can't read: {_reason(error)}") from error
        if digest_of(data) != digest:
            raise CorruptPictureError(f"The stored picture {digest[:12]}... is damaged: its bytes have another digest")
        return data

    def delete(self, digest: str) -> None:
        """Remove a picture; nothing happens when it is not there."""
        try:
            obstore.delete(self._store, self._path(digest))
        except FileNotFoundError:
            pass
        except (BaseError, OSError) as error:
            raise UnreachableError(f"The picture store can't delete: {_reason(error)}") from error

    def has(self, digest: str) -> bool:
        """True when something lies under `digest`."""
        return self._written(digest) is not None

    def digests(self, before: datetime | None = None) -> list[str]:
        """All digests in the store, sorted; with `before`, only those written before it. For maintenance and tests."""
        found = []
        try:
            for batch in obstore.list(self._store, f"{self._folder}/"):
                found += [item for item in batch if before is None or item["last_modified"] < before]
        except (BaseError, OSError) as error:
            raise UnreachableError(f"The picture store can't list: {_reason(error)}") from error
        return sorted(item["path"].rsplit("/", 1)[-1] for item in found)

    def _written(self, digest: str) -> datetime | None:
        try:
            return obstore.head(self._store, self._path(digest))["last_modified"]
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise UnreachableError(f"The picture store can't look: {_reason(error)}") from error

    def _path(self, digest: str) -> str:
        # Two levels keep a folder of a million pictures listable.
        return f"{self._folder}/{digest[:2]}/{digest}"


def _keys_from_files() -> dict[str, str]:
    """AWS_SECRET_ACCESS_KEY_FILE and the like: what the storage library knows by the environment alone."""
    found = {}
    for name in KEYS:
        path = os.environ.get(f"{name}_FILE")
        if path is None:
            continue
        try:
            found[name.lower()] = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UnreachableError(f"{name}_FILE: {path} can't be read: name a file with the key in it") from error
        if not found[name.lower()]:
            raise UnreachableError(f"{name}_FILE: {path} is empty: write the key into it")
    return found


def _reason(error: Exception) -> str:
    """One line without the server's own words, which may repeat what it was sent: token, key, signature."""
    said = str(error).partition("\n\nDebug source:")[0]
    status = REFUSED.search(said)
    if status is not None:
        code = CODE.search(said[status.end() :])
        return said[: status.end()].replace("\n", " ") + (f" ({code[1]})" if code else "")
    return said.splitlines()[0] if said else type(error).__name__
