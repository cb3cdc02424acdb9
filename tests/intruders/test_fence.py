"""No front decodes a picture in its own process: bot.desk.reading asks those who can do no harm."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.test_fences import ROOT, loaded_by

# Who decodes all the same, and why. A file that does not any more has to go from here.
MAY = {
    "bot/community/library_style.py": "the sizes of the house's own pictures, which come with the package",
    "bot/styles/sheet.py": "a style of this machine's own disk, for the command line; fronts bring pixels",
    "bot/styles/pack.py": "a pack that whoever sits at this machine adds with `twobit style add`",
}
QUESTIONS = "bot/desk/questions/"  # works in a reader, or where nobody asked for one: on the command line
ASKING = {"bot/desk/reader.py", "bot/desk/readers.py", "bot/desk/reading.py"}
NO_QUESTIONS = {"Format", "Seen", "Show"}  # of what lies there: anybody may know them
LIBRARIES = {"PIL.Image.open", "PIL.ImageFile.Parser", "numpy.load", "numpy.lib.format.read_array"}
TAKING_APART = {"Image.open", "zipfile.ZipFile", "npy.read_magic"}  # what a decoder begins with


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def used_in(tree: ast.AST) -> set[str]:
    """Names, and pairs such as `Image.open`, that are called or handed on within."""
    pairs = {ast.unparse(one) for one in ast.walk(tree) if isinstance(one, ast.Attribute)}
    return pairs | {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)}


@cache
def decoders() -> frozenset[str]:
    """Whatever in the contract takes a picture's bytes apart, however deep below, and the modules that have such."""
    parts: dict[str, set[str]] = {}
    homes: dict[str, Path] = {}
    for path in (ROOT / "worker" / "contract").rglob("*.py"):
        for node in tree_of(path).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                parts[node.name], homes[node.name] = used_in(node), path
    found: set[str] = set()
    while more := {name for name, used in parts.items() if used & (found | TAKING_APART)} - found:
        found |= more
    modules = {".".join(homes[name].relative_to(ROOT).with_suffix("").parts) for name in found}
    modules |= {module.rpartition(".")[0] for module in modules}
    return frozenset(found | modules | {module.rpartition(".")[2] for module in modules} - {"contract"})


def imported(tree: ast.Module, package: str) -> Iterator[str]:
    """What comes from a package, or from a module of it; where a module comes as a whole, the module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"{package}."):
            yield from (alias.name for alias in node.names)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if f"{alias.name}.".startswith(f"{package}."))


def whole_names(tree: ast.Module) -> set[str]:
    """What is used within, by the name it has where it comes from: `PIL.Image.open`, whatever it is called here."""
    called: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            called |= {each.asname or each.name: f"{node.module}.{each.name}" for each in node.names}
        if isinstance(node, ast.Import):
            called |= {each.asname: each.name for each in node.names if each.asname}
    parts = [name.partition(".") for name in used_in(tree)]
    return set(called.values()) | {f"{called.get(first, first)}{dot}{rest}" for first, dot, rest in parts}


def decoding(tree: ast.Module) -> set[str]:
    """By which names a module decodes."""
    return set(imported(tree, "worker.contract")) & decoders() | whole_names(tree) & LIBRARIES


def asking(tree: ast.Module) -> set[str]:
    """Questions that a module has at hand, and could answer itself."""
    return set(imported(tree, "bot.desk.questions")) - NO_QUESTIONS | set(imported(tree, "bot.desk")) & {"questions"}


def test_the_fence_knows_what_decodes() -> None:
    known = {"decode", "opened", "picture_size", "read_map", "map_size", "read_named", "read_names", "read_recipe"}
    known |= {"understand", "check_maps", "decode_fitting", "map_colours", "files_of", "read_array", "array_size"}
    assert known <= decoders()
    assert not {"draw_preview", "encode_png", "paint_preview", "label_map", "suffix_of", "is_lossy"} & decoders()


@pytest.mark.parametrize(
    "lines",
    [
        "from worker.contract.pictures import decode as read",
        "from worker.contract.maps import check_maps",
        "from worker.contract.fitting import decode_fitting",
        "from worker.contract import pictures",
        "import worker.contract.pictures",
        "from PIL import Image\nImage.open('x')",
        "from PIL.Image import open",
        "from PIL import Image as I\nI.open('x')",
        "import PIL.Image as I\nread = I.open",
        "import PIL.Image\nPIL.Image.open('x')",
        "from PIL.Image import open as read",
        "import numpy as np\nnp.load('x')",
        "import numpy\nnumpy.load('x')",
        "from numpy import load as read",
        "import numpy as np\nnp.lib.format.read_array('x')",
    ],
)
def test_the_fence_sees_it(lines: str) -> None:
    assert decoding(ast.parse(lines))


def test_no_front_decodes_by_itself() -> None:
    found = {path.relative_to(ROOT).as_posix(): decoding(tree_of(path)) for path in (ROOT / "bot").rglob("*.py")}
    decode = {path: names for path, names in found.items() if names and not path.startswith(QUESTIONS)}
    assert decode.keys() == MAY.keys(), decode


def test_no_front_answers_a_question_by_itself() -> None:
    found = {path.relative_to(ROOT).as_posix(): tree_of(path) for path in (ROOT / "bot").rglob("*.py")}
    others = {path: tree for path, tree in found.items() if path not in ASKING and not path.startswith(QUESTIONS)}
    assert not {path: asking(tree) for path, tree in others.items() if asking(tree) or "reading.HERE" in used_in(tree)}
    assert asking(ast.parse("from bot.desk import questions"))
    assert asking(ast.parse("from bot.desk.questions.pixels import Decode"))


def test_a_reader_is_small() -> None:
    loaded = {name.split(".")[0] for name in loaded_by("import bot.desk.reader")}
    assert "PIL" in loaded
    assert not loaded & {"sqlalchemy", "redis", "rq", "obstore", "structlog", "starlette", "discord"}
