"""Lays out the root of an image that has Python, what it is linked to, and nothing else: no shell, no packages.

Run by the Python that shall move there, in the build stage: `python rootfs.py ROOT FOLDER...`; the FOLDERs (a venv)
come along by other ways, and what they are linked to is brought. Debian only.
Raises RuntimeError when a library is missing.
"""

import os
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Iterator
from pathlib import Path

USER = 10001
# Of the standard library: what only developers use, what needs a screen, and packages that are installed elsewhere.
LEFT_OUT = (
    *("__pycache__", "site-packages", "dist-packages", "config-*", "test", "tests", "ensurepip", "venv", "pydoc_data"),
    *("idlelib", "lib2to3", "tkinter", "turtle.py", "turtledemo", "_tkinter.*", "_test*", "_ctypes_test.*", "xx*.so"),
)
FILES = (  # of the system: names, certificates, where libraries are looked for
    *("/etc/nsswitch.conf", "/etc/host.conf", "/etc/services", "/etc/protocols", "/etc/ld.so.conf"),
    *("/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/openssl.cnf", "/usr/lib/ssl/openssl.cnf"),
)
WRITABLE = {"data": 0o755, "tmp": 0o1777}
ACCOUNTS = {
    "passwd": f"root:x:0:0::/:/nologin\ntwobit:x:{USER}:{USER}::/data:/nologin\n",
    "group": f"root:x:0:\ntwobit:x:{USER}:\n",
}


def bring(path: Path, root: Path) -> None:
    """Copy a file to its place below `root`; a link with what it leads to."""
    place = Path(os.path.realpath(path.parent)) / path.name  # Debian's /lib is a link, and has to stay one
    target = root / place.relative_to("/")
    if target.exists() or target.is_symlink():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(place, target, follow_symlinks=False)
    if place.is_symlink():
        bring(place.parent / place.readlink(), root)


def bring_python(root: Path) -> None:
    """The interpreter under each of its names, and its standard library."""
    own = Path(getattr(sys, "_base_executable", sys.executable))
    for name in ("python", "python3", own.name, own.resolve().name):
        if (own.parent / name).exists():
            bring(own.parent / name, root)
    library = Path(sysconfig.get_path("stdlib"))
    shutil.copytree(
        library, root / library.relative_to("/"), ignore=shutil.ignore_patterns(*LEFT_OUT), dirs_exist_ok=True
    )


def programs(folders: Iterable[Path]) -> Iterator[Path]:
    """What has to be linked before it runs: programs and libraries."""
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                with path.open("rb") as file:
                    if file.read(4) == b"\x7fELF":
                        yield path


def libraries(program: Path, known: Iterable[str] = ()) -> list[Path]:
    """What the loader takes along with it. Raises RuntimeError when one is missing that is not `known` to come."""
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout  # noqa: S607
    missing = set(re.findall(r"(\S+) => not found", said)) - set(known)
    if missing:
        raise RuntimeError(f"{program} needs {', '.join(sorted(missing))}: install it in the build stage")
    return [Path(found) for found in re.findall(r"(?:=> |^\s+)(/\S+) \(0x", said, re.MULTILINE)]


def bring_libraries(root: Path, folders: list[Path]) -> None:
    """Whatever `root` and the folders are linked to outside of themselves."""
    found = list(programs([root, *folders]))
    known = {path.name for path in found}
    outside = {library for program in found for library in libraries(program, known)}
    for library in sorted(outside):
        if not any(library.is_relative_to(folder) for folder in (root, *folders)):
            bring(library, root)
            unwinder = library.parent / "libgcc_s.so.1"  # loaded by libc itself when a thread is ended
            if library.name == "libc.so.6" and unwinder.exists():
                bring(unwinder, root)


def bring_system(root: Path) -> None:
    """Names, certificates where this Python looks for them, accounts, and the only folders that are written."""
    for link in ("/lib", "/lib64"):
        if Path(link).is_symlink():
            (root / link[1:]).symlink_to(Path(link).readlink())
    for path in (*map(Path, FILES), *Path("/etc/ld.so.conf.d").glob("*.conf")):
        if path.exists():
            bring(path, root)
    authorities = root / Path(ssl.get_default_verify_paths().openssl_cafile).relative_to("/")
    authorities.parent.mkdir(parents=True, exist_ok=True)
    authorities.symlink_to("/etc/ssl/certs/ca-certificates.crt")
    for name, text in ACCOUNTS.items():
        (root / "etc" / name).write_text(text)
    for name, mode in WRITABLE.items():
        (root / name).mkdir()
        (root / name).chmod(mode)


def assemble(root: Path, folders: list[Path]) -> None:
    """All of it, below `root`, which must not be there yet."""
    root.mkdir(parents=True)
    bring_system(root)
    bring_python(root)
    bring_libraries(root, folders)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]), [Path(each) for each in sys.argv[2:]])
