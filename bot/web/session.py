"""Sessions in a signed cookie: nothing is stored for whoever only looks."""

import hashlib
import hmac
import secrets
import time
from dataclasses import replace
from typing import Any

from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.requests import HTTPConnection
from starlette.responses import Response

from bot.web.settings import WebSettings
from bot.web.visitor import FRONT, Visitor

DAYS = 30
SECONDS = DAYS * 24 * 3600
LINK_SECONDS = 3600  # so long what is painted is posted back to where a link came from


class Sessions:
    """Reads and writes the session cookie, and makes the tokens that forms carry."""

    def __init__(self, settings: WebSettings) -> None:
        """The cookie's name binds it to https and this host where there is https."""
        self.settings = settings
        self.cookie = "__Host-twobit" if settings.secure else "twobit"
        self._signer = URLSafeTimedSerializer(settings.secret, salt="twobit session")

    def read(self, request: HTTPConnection) -> Visitor | None:
        """The visitor of this cookie; None without one, or with one that is forged or too old."""
        text = request.cookies.get(self.cookie, "")
        try:
            said: Any = self._signer.loads(text, max_age=SECONDS)
        except BadSignature:
            return None
        person = said["person"]
        if self.settings.mode == "single" and person not in (None, self.settings.local_person):
            person = None if said["front"] == FRONT else person  # of another mode, or a link's
        fresh = said["front"] != FRONT and time.time() < said["until"]
        return Visitor(
            person=person,
            name=said["name"],
            key=said["key"],
            proof="cookie",
            moderator=self.is_moderator(person),
            front=said["front"] if fresh else FRONT,
            address=said["address"] if fresh else "",
            server=said.get("server") if fresh else None,
        )

    def is_moderator(self, person: str | None) -> bool:
        """Who runs the service is, here and by `twobit moderate`; where others come in, those named in the settings."""
        if person == self.settings.local_person:
            return True
        return self.settings.mode != "single" and person in self.settings.moderators

    def first(self) -> Visitor:
        """A new visitor's session, as this mode has it."""
        person, name = {
            "single": (self.settings.local_person, self.settings.local_person.partition(":")[2]),
            "open": (f"guest:{secrets.token_hex(8)}", "guest"),
            "discord": (None, ""),
        }[self.settings.mode]
        return Visitor(person, name, secrets.token_urlsafe(18), "cookie", self.is_moderator(person))

    def sign_in(
        self,
        visitor: Visitor,
        person: str,
        name: str,
        front: str = FRONT,
        address: str = "",
        server: str | None = None,
    ) -> Visitor:
        """A session for this person under a new key: one that was planted before is worth nothing."""
        key = secrets.token_urlsafe(18)
        moderator = self.is_moderator(person)
        return replace(
            visitor,
            person=person,
            name=name,
            key=key,
            moderator=moderator,
            front=front,
            address=address,
            server=server,
            proof="cookie",
        )

    def write(self, response: Response, visitor: Visitor) -> None:
        """Set the cookie. The response is this visitor's alone from here on."""
        said = {
            "person": visitor.person,
            "name": visitor.name,
            "key": visitor.key,
            "front": visitor.front,
            "address": visitor.address,
            "server": visitor.server,
            "until": round(time.time()) + LINK_SECONDS,
        }
        response.set_cookie(
            self.cookie,
            str(self._signer.dumps(said)),
            max_age=SECONDS,
            path="/",
            secure=self.settings.secure,
            httponly=True,
            samesite="lax",
        )
        response.headers["cache-control"] = "private, no-store"

    def end(self, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(self.cookie, path="/", secure=self.settings.secure, httponly=True, samesite="lax")

    def form_token(self, visitor: Visitor) -> str:
        """What a form or a script of this session has to bring with every change."""
        return hmac.new(self.settings.secret, b"form " + visitor.key.encode(), hashlib.sha256).hexdigest()

    def is_form_token(self, visitor: Visitor, token: str) -> bool:
        """True when it is this session's."""
        return hmac.compare_digest(self.form_token(visitor).encode(), token.encode("utf-8", "replace"))
