"""A cable that can be cut: TCP connections to a server, passed on, broken off, or left hanging."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Mode = Literal["open", "cut", "hang", "slow", "503"]
SLOW_SECONDS = 1.5  # that an answer takes longer
BUSY = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Listens on a port of its own, `port`."""

    def __init__(self, connect: Callable[[], socket.socket]) -> None:
        """`connect` opens a connection to the server behind."""
        self._connect = connect
        self._mode: Mode = "open"
        self._alive: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def set(self, mode: Mode) -> None:
        """open; cut: all are broken off, and none is taken; hang: nothing passes; slow: answers
        come late; 503: what a busy web server says."""
        self._mode = mode
        if mode in ("cut", "503"):
            with self._lock:
                dropped, self._alive = self._alive, []
            for each in dropped:
                with contextlib.suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Nobody is listened to any more."""
        self.set("cut")
        self._listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._mode == "cut":
                client.close()
            else:
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        if self._mode == "503":
            with client, contextlib.suppress(OSError):
                client.recv(65536)
                client.sendall(BUSY)
            return
        try:
            server = self._connect()
        except OSError:
            client.close()
            return
        with self._lock:
            self._alive += [client, server]
        back = threading.Thread(target=self._pump, args=(server, client, SLOW_SECONDS), daemon=True)
        back.start()
        self._pump(client, server)
        back.join()
        client.close()
        server.close()

    def _pump(self, source: socket.socket, sink: socket.socket, slow_seconds: float = 0.0) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                while self._mode == "hang":
                    threading.Event().wait(0.05)
                if self._mode == "slow":
                    threading.Event().wait(slow_seconds)
                if self._mode not in ("open", "slow"):
                    break
                sink.sendall(data)
        for each in (source, sink):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy(connect: Callable[[], socket.socket]) -> Iterator[Proxy]:
    """A proxy until the block ends."""
    made = Proxy(connect)
    try:
        yield made
    finally:
        made.close()


def to_unix(path: str) -> Callable[[], socket.socket]:
    """How to reach a server at a socket file."""

    def connect() -> socket.socket:
        made = socket.socket(socket.AF_UNIX)
        made.connect(path)
        return made

    return connect


def to_tcp(port: int) -> Callable[[], socket.socket]:
    """How to reach a server at a port of this machine."""
    return lambda: socket.create_connection(("127.0.0.1", port))
