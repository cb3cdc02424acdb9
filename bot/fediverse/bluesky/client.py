"""The connection to the personal data server: sign-in, a session that is kept and renewed, and its errors as ours.

Answers are taken as they come: what a later lexicon adds must not keep us from reading a whole page of mentions.
"""

import json
import os
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from atproto_client import Client as Library
from atproto_client import exceptions, models
from atproto_client.client.session import SessionEvent
from atproto_client.models.dot_dict import DotDict
from atproto_client.request import Request

from bot.fediverse.outage import why
from bot.fediverse.platform import GoneError, PlatformError, TokenError

SECONDS = 30.0  # of one request
LONGEST_WAIT = 900.0  # that a server may ask for at a time
JSON = "application/json"
TIMED_OUT, TOO_LARGE = 408, 413
EXPIRED = ("ExpiredToken", "InvalidToken")
CLOSED = ("AccountTakedown", "AccountDeactivated", "AuthFactorTokenRequired", "AuthenticationRequired")
GONE = ("RecordNotFound", "NotFound", "RepoNotFound", "RepoTakendown", "RepoDeactivated")


class Client:
    """Calls the server; from any thread."""

    def __init__(self, url: str, handle: str, password: str, session_file: Path) -> None:
        """`session_file` is kept between runs: servers count sign-ins, and not many are free a day."""
        self.url = url.rstrip("/")
        self.handle = handle.lstrip("@")
        self._password = password
        self._file = session_file
        self._lock = threading.Lock()
        self._library: Any = None
        self._did = ""

    @property
    def did(self) -> str:
        """Our own, for ever."""
        self._signed_in()
        return self._did

    def get(self, method: str, **parameters: object) -> dict[str, Any]:
        """A query. Raises GoneError, TokenError, PlatformError."""
        found = self._call(lambda api: api.invoke_query(method, params=DotDict(parameters), output_encoding=JSON))
        return dict(found.content)

    def post(self, method: str, data: dict[str, Any]) -> dict[str, Any]:
        """A procedure. Raises GoneError, TokenError, PlatformError."""

        def call(api: Any) -> Any:
            body = json.dumps(data, ensure_ascii=False).encode()
            return api.invoke_procedure(method, content=body, input_encoding=JSON, output_encoding=JSON)

        found = self._call(call).content
        return dict(found) if isinstance(found, dict) else {}

    def upload(self, data: bytes, mime: str) -> dict[str, Any]:
        """A blob. Raises PlatformError."""

        def call(api: Any) -> Any:
            method = "com.atproto.repo.uploadBlob"
            return api.invoke_procedure(method, content=data, input_encoding=mime, output_encoding=JSON)

        return dict(self._call(call).content["blob"])

    def close(self) -> None:
        """Give the connections back."""
        with self._lock:
            if self._library is not None:
                self._library.request.close()
                self._library = None

    def _call(self, what: Callable[[Any], Any]) -> Any:
        """Once more with a new session when the server says that ours is over: our clock may say otherwise."""
        api = self._signed_in()
        try:
            return what(api)
        except (exceptions.AtProtocolError, httpx.HTTPError) as error:
            if _name(error) not in EXPIRED:
                raise _as_ours(error) from error
        self._renew(api)
        try:
            return what(self._signed_in())
        except (exceptions.AtProtocolError, httpx.HTTPError) as error:
            raise _as_ours(error) from error

    def _signed_in(self) -> Any:
        with self._lock:
            if self._library is None:
                self._library = self._sign_in()
            return self._library

    def _renew(self, api: Any) -> None:
        with self._lock:
            if self._library is api:
                api.request.close()
                self._library = None
                with suppress(OSError):
                    self._file.unlink()

    def _sign_in(self) -> Any:
        """By the session of the last time, else by password."""
        api = self._made()
        kept = self._kept()
        try:
            if kept is not None:
                with suppress(exceptions.AtProtocolError, ValueError):
                    api.login(session_string=kept, fetch_bsky_profile=False)
                    return api
                api.request.close()
                api = self._made()
            api.login(self.handle, self._password, fetch_bsky_profile=False)
        except (exceptions.AtProtocolError, httpx.HTTPError) as error:
            api.request.close()
            raise _as_ours(error) from error
        return api

    def _made(self) -> Any:
        api = Library(f"{self.url}/xrpc", request=Request(timeout=SECONDS))
        api.on_session_change(self._keep)
        return api

    def _kept(self) -> str | None:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        mine = isinstance(found, dict) and (found.get("url"), found.get("handle")) == (self.url, self.handle)
        return str(found["session"]) if mine and found.get("session") else None

    def _keep(self, event: SessionEvent, session: Any) -> None:
        """For this user alone: it is as good as the password for a while."""
        self._did = str(session.did)
        if event is SessionEvent.IMPORT:
            return
        text = json.dumps({"url": self.url, "handle": self.handle, "session": session.export()})
        beside = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        with suppress(OSError):  # then we sign in anew the next time
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(text)
            beside.replace(self._file)


def _name(error: BaseException) -> str:
    """The error's name in the protocol."""
    response = getattr(error, "response", None)
    content = getattr(response, "content", None)
    return str(content.error or "") if isinstance(content, models.common.XrpcError) else ""


def _as_ours(error: BaseException) -> PlatformError:
    if isinstance(error, exceptions.RateLimitExceededError):
        return PlatformError("the server asks us to be slower", permanent=False, wait=_asked_for(error))
    response = getattr(error, "response", None)
    status = getattr(response, "status_code", 0) or 0
    name, said = _name(error), str(error)[:200]
    if name in GONE:
        return GoneError(f"not there any more: {said}")
    if isinstance(error, exceptions.UnauthorizedError) or name in CLOSED:
        return TokenError(f"the server does not let us ({said}): see `twobit doctor`")
    if 400 <= status < 500:
        # Without a name it is a proxy's page, or what now has the address; what is too large for a proxy stays so.
        ours = status == TOO_LARGE or (bool(name) and name not in EXPIRED and status != TIMED_OUT)
        if not name:
            return PlatformError(f"the server does not answer as one ({status})", permanent=ours)
        return PlatformError(f"the server refuses ({said})", permanent=ours)
    return PlatformError(f"the server does not answer ({why(error)})", permanent=False)


def _asked_for(error: exceptions.RateLimitExceededError) -> float:
    wait = error.retry_after
    if wait is None and error.reset_at is not None:
        wait = error.reset_at.timestamp() - time.time()
    return min(max(60.0 if wait is None else wait, 1.0), LONGEST_WAIT)
