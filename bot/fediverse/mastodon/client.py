"""The connection to the instance: one client per thread, and its errors as ours."""

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urljoin, urlsplit

import mastodon
import requests
from mastodon import Mastodon

from bot.fediverse.outage import why
from bot.fediverse.platform import GoneError, PlatformError, TokenError

T = TypeVar("T")

SECONDS = 30.0  # of one request
LONGEST_WAIT = 900.0  # that an instance may ask for at a time
AGENT = "twobit"
GONE, FORBIDDEN, NOT_FOR_US, TOO_LARGE, TOO_MANY = (404, 410), (401, 403), 403, 413, 429
NO_SUCH_PATH = "Endpoint not found."  # what the library says when a 404 has no words of the instance's


class Client:
    """Calls the instance."""

    def __init__(self, url: str, token: str) -> None:
        """`url`: https://instance; nothing is asked yet."""
        self.url = url.rstrip("/")
        self._token = token
        self._threads = threading.local()
        self._made: list[Mastodon] = []

    def call(self, what: Callable[[Mastodon], T]) -> T:
        """`what` with this thread's client. Raises GoneError, TokenError, PlatformError."""
        try:
            return what(self._client())
        except mastodon.MastodonError as error:
            raise self._as_ours(error) from error

    def about_post(self, what: Callable[[Mastodon], T]) -> T:
        """As `call`. A refusal that is about one post is GoneError: it must not keep the others waiting.

        Some servers forbid what others call missing: posts of those who blocked us, or who allow no replies.
        """
        try:
            return what(self._client())
        except mastodon.MastodonAPIError as error:
            status, said = _parts_of(error)
            if status != NOT_FOR_US or not said or "scope" in said.lower():
                raise self._as_ours(error) from error
            self.call(lambda api: api.account_verify_credentials())  # TokenError when it is about us
            raise GoneError(f"not for us: {said}") from error
        except mastodon.MastodonError as error:
            raise self._as_ours(error) from error

    def close(self) -> None:
        """Give the connections back."""
        while self._made:
            self._made.pop().session.close()
        self._threads = threading.local()

    def _client(self) -> Mastodon:
        made: Mastodon | None = getattr(self._threads, "client", None)
        if made is None:
            made = Mastodon(
                access_token=self._token,
                api_base_url=self.url,
                ratelimit_method="throw",
                request_timeout=SECONDS,
                user_agent=AGENT,
                version_check_mode="none",  # forks have numbers of their own
            )
            made.session.hooks["response"].append(_stays_here)
            made.mastodon_major, made.mastodon_minor, made.mastodon_patch = 4, 0, 0
            self._threads.client = made
            self._made.append(made)
        return made

    def _as_ours(self, error: mastodon.MastodonError) -> PlatformError:
        if isinstance(error, mastodon.MastodonRatelimitError):
            reset = getattr(self._client(), "ratelimit_reset", None)  # by our clock, the library sees to it
            wait = 60.0 if reset is None else min(max(float(reset) - time.time(), 1.0), LONGEST_WAIT)
            return PlatformError("the instance asks us to be slower", permanent=False, wait=wait)
        if isinstance(error, mastodon.MastodonAPIError):
            return _of_answer(error)
        return PlatformError(f"the instance does not answer ({why(error)})", permanent=False)


def _of_answer(error: mastodon.MastodonAPIError) -> PlatformError:
    status, said = _parts_of(error)
    if status == TOO_LARGE:  # a proxy says so too, and would each time
        return PlatformError("the instance refuses: that is more than it takes", permanent=True)
    if status not in FORBIDDEN and said in ("", NO_SUCH_PATH):  # a proxy speaks, or what now has the address
        return PlatformError(f"the instance does not answer as one ({status})", permanent=False)
    if status in GONE:
        return GoneError(f"not there any more: {said}")
    if status in FORBIDDEN:
        return TokenError(f"the instance does not let us ({status}, {said}): see `twobit doctor`")
    return PlatformError(
        f"the instance refuses ({status}, {said})", permanent=400 <= status < 500 and status != TOO_MANY
    )


def _parts_of(error: mastodon.MastodonAPIError) -> tuple[int, str]:
    """The status, and the instance's own words; none when what answered is no instance."""
    status = error.args[1] if len(error.args) > 1 and isinstance(error.args[1], int) else 500
    said = error.args[-1] if error.args else None
    if isinstance(said, dict):  # a code of its own instead of words
        said = said.get("error") or said.get("code") or ""
    return status, "" if said is None else str(said)[:200]


def _stays_here(answer: requests.Response, *_: Any, **__: Any) -> None:
    """An instance that has moved is the operator's to follow: the token is not for others, and a post would be lost."""
    there = urljoin(answer.url, answer.headers.get("location", ""))
    if answer.is_redirect and urlsplit(there).netloc != urlsplit(answer.url).netloc:
        where = urlsplit(there)
        raise requests.RequestException(
            f"it sends us to {where.scheme}://{where.netloc}: set TWOBIT_MASTODON_URL to it"
        )
