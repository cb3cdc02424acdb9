"""Messages between worker and painter: one JSON header, then as many byte strings as it announces."""

import json
from multiprocessing.connection import Connection
from typing import Any

MAX_MESSAGE = 512 * 2**20  # bytes of one part; larger can only be a broken peer


def send(connection: Connection, header: dict[str, Any], *parts: bytes) -> None:
    """Send a header and its parts. Raises OSError when the peer is gone."""
    connection.send_bytes(json.dumps({**header, "parts": len(parts)}).encode())
    for part in parts:
        connection.send_bytes(part)


def receive(connection: Connection) -> tuple[dict[str, Any], list[bytes]]:
    """Wait for one message. Raises EOFError or OSError when the peer is gone."""
    header: dict[str, Any] = json.loads(connection.recv_bytes(MAX_MESSAGE))
    return header, [connection.recv_bytes(MAX_MESSAGE) for _ in range(header["parts"])]
