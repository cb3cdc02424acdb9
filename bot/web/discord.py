"""Signing in by Discord: OAuth2 with state and PKCE (RFC 6749, RFC 7636), the scope `identify` alone."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx
from itsdangerous import BadSignature, URLSafeTimedSerializer

from bot.web.errors import HttpError
from bot.web.settings import DiscordApp

SECONDS = 600  # to sign in
TIMEOUT = 8.0
MOST_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Errand:
    """One try to sign in; it waits in a cookie of the browser that began it."""

    state: str
    verifier: str
    back_to: str


class DiscordSignIn:
    """What is said to Discord and what it says."""

    def __init__(self, app: DiscordApp, redirect: str, secret: bytes) -> None:
        """`redirect`: our own /sign-in/back as Discord knows it."""
        self._app = app
        self._redirect = redirect
        self._signer = URLSafeTimedSerializer(secret, salt="twobit sign-in")

    def begin(self, back_to: str) -> tuple[str, str]:
        """(where to send the browser, what its cookie has to hold)."""
        errand = Errand(secrets.token_urlsafe(24), secrets.token_urlsafe(48), back_to)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(errand.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self._app.client_id,
            "scope": "identify",
            "redirect_uri": self._redirect,
            "state": errand.state,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        cookie = str(self._signer.dumps([errand.state, errand.verifier, errand.back_to]))
        return f"{self._app.authorize_url}?{urlencode(query)}", cookie

    def errand(self, cookie: str, state: str) -> Errand:
        """The try that this answer belongs to. Raises HttpError for an answer that nobody here asked for."""
        try:
            errand = Errand(*self._signer.loads(cookie, max_age=SECONDS))
        except (BadSignature, TypeError) as error:
            raise HttpError(400, "stale", "This sign-in took too long or began elsewhere: begin again.") from error
        if not secrets.compare_digest(errand.state.encode(), state.encode("utf-8", "replace")):
            raise HttpError(400, "stale", "This sign-in was begun in another browser: begin again here.")
        return errand

    async def person(self, errand: Errand, code: str) -> tuple[str, str]:
        """(person, name) for the code that Discord gave. Raises HttpError."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect,
            "code_verifier": errand.verifier,
        }
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False) as client:
                auth = (self._app.client_id, self._app.client_secret)
                token = (
                    await client.post(f"{self._app.api_url}/oauth2/token", data=form, auth=auth)
                ).raise_for_status()
                bearer = {"authorization": f"Bearer {token.json()['access_token']}"}
                user = (await client.get(f"{self._app.api_url}/users/@me", headers=bearer)).raise_for_status()
                said = user.json()
                number, name = str(said["id"]), said.get("global_name") or said["username"]
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise HttpError(502, "discord", "Discord did not let you in: try again in a moment.") from error
        if not (number.isascii() and number.isdecimal() and len(number) <= 20):
            raise HttpError(502, "discord", "Discord answered something odd: try again in a moment.")
        return f"discord:{number}", " ".join(str(name).split())[:80]
