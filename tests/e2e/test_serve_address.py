"""The address that `twobit serve` prints is one that can be opened."""

import socket
from pathlib import Path

import httpx
import pytest

from tests.e2e.service import serving


def test_a_page_on_all_addresses_is_told_by_one_that_can_be_opened(tmp_path: Path) -> None:
    with serving(tmp_path / "data", options=("--host", "0.0.0.0", "--open")) as service:
        assert "0.0.0.0" not in service.said
        assert f"draw and paint at {service.page}/studio" in service.said
        port = service.page.rpartition(":")[2]
        assert service.page == f"http://127.0.0.1:{port}"
        assert f"listens  on all of this machine's addresses, port {port}" in service.said
        assert httpx.get(f"{service.page}/studio", trust_env=False).is_success


def test_a_page_on_ipv6s_own_address(tmp_path: Path) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"no IPv6 on this machine ({error})")
    with serving(tmp_path / "data", options=("--host", "::1")) as service:
        assert service.page.startswith("http://[::1]:")
        assert f"draw and paint at {service.page}/studio" in service.said
        assert httpx.get(f"{service.page}/studio", trust_env=False).is_success
