"""A stand-in for Discord's sign-in, over real HTTP."""

import base64
import hashlib
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urljoin, urlsplit


class FakeDiscord(ThreadingHTTPServer):
    """Gives a token for a code, once, to whoever knows the secret and the verifier of the code's challenge."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.challenges: dict[str, str] = {}  # by code
        self.broken = False

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def consent(self, authorize: str) -> str:
        """What a person's yes does: the address that the browser is sent back to."""
        said = {name: values[0] for name, values in parse_qs(urlsplit(authorize).query).items()}
        assert (said["response_type"], said["scope"], said["code_challenge_method"]) == ("code", "identify", "S256")
        code = f"code{len(self.challenges)}"
        self.challenges[code] = said["code_challenge"]
        return f"/sign-in/back?code={code}&state={said['state']}"


class _Handler(BaseHTTPRequestHandler):
    server: FakeDiscord

    def do_POST(self) -> None:
        said = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        digest = hashlib.sha256(said["code_verifier"][0].encode()).digest()
        proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        known = self.server.challenges.pop(said["code"][0], None)
        secret = base64.b64encode(b"42:hush").decode()
        right = known == proof and self.headers["authorization"] == f"Basic {secret}"
        self._answer(200 if right and not self.server.broken else 400, {"access_token": "t"} if right else {})

    def do_GET(self) -> None:
        if self.path.startswith("/authorize?"):  # whoever comes here says yes at once
            back_to = parse_qs(urlsplit(self.path).query)["redirect_uri"][0]
            self.send_response(302)
            self.send_header("location", urljoin(back_to, self.server.consent(self.path)))
            self.end_headers()
            return
        right = self.headers["authorization"] == "Bearer t"
        self._answer(200 if right else 401, {"id": "1234", "username": "alice", "global_name": "Alice <b>"})

    def _answer(self, status: int, said: dict[str, str]) -> None:
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(said).encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""
