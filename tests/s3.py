"""A real S3 server, seaweedfs from its wheel."""

import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

BUCKET = "twobit"
ACCESS_KEY, SECRET_KEY = "key", "secret"
START_SECONDS = 60.0
LISTENERS = ("s3.port", "master.port", "volume.port", "filer.port")


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A server that keeps its data in `folder`; its address."""
    ports = free_ports(2 * len(LISTENERS))
    words = [f"-{name}={ports.pop()}" for name in LISTENERS]
    s3 = words[0].split("=")[1]
    words += [f"-{name}.grpc={ports.pop()}" for name in LISTENERS]
    keys = {"accessKey": ACCESS_KEY, "secretKey": SECRET_KEY}
    access = {"identities": [{"name": "test", "credentials": [keys], "actions": ["Admin", "Read", "Write", "List"]}]}
    (folder / "s3.json").write_text(json.dumps(access))
    words += [f"-dir={folder}", "-s3", f"-s3.config={folder / 's3.json'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1"]
    # of few volumes the filer's own things may get all, and then no picture can be stored
    words += ["-volume.max=100", "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"]
    command = [str(Path(sys.executable).parent / "weed"), "server", *words]
    with (folder / "log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as server:
        try:
            wait_for(int(s3), folder / "log")
            yield f"http://127.0.0.1:{s3}"
        finally:
            server.kill()


class Echo(BaseHTTPRequestHandler):
    """Refuses everything and repeats what it was sent, as S3 does with a token it does not know."""

    def do_GET(self) -> None:
        """403."""
        self.rfile.read(int(self.headers.get("content-length", 0)))
        words = " ".join(f"{name}: {value}" for name, value in self.headers.items())
        body = f"<?xml version='1.0'?><Error><Code>InvalidToken</Code><Token-0>{words}</Token-0></Error>".encode()
        self.send_response(403)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_PUT = do_POST = do_HEAD = do_DELETE = do_GET  # noqa: N815 - their names there

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        """Nothing."""


@contextmanager
def refusing() -> Iterator[str]:
    """A server that says no in the manner of `Echo`; its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server(("127.0.0.1", 0))) for _ in range(count)]
        return [int(each.getsockname()[1]) for each in sockets]


def wait_for(port: int, log: Path) -> None:
    """Wait until somebody listens there."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError(f"no S3 server after {START_SECONDS:.0f} s: {log.read_text()[-2000:]}")
