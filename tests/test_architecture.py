"""The shape of the code, measured: ceilings, names, what an import loads, and who may import whom.

A ceiling is a reason to think, not to split a thought in two. Where one is wrong, ``RAISED`` lifts it and
says why.
"""

from __future__ import annotations

import ast
import io
import logging
import math
import re
import subprocess
import sys
import tokenize
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import capgraph

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "capgraph"
MODULES = {path.relative_to(PACKAGE).as_posix(): path for path in sorted(PACKAGE.rglob("*.py"))}

MODULE_LINES = 300
LONGEST_MODULE = 400
FUNCTION_LINES = 40
FUNCTION_LINES_P90 = 15
POSITIONAL_PARAMETERS = 5
PUBLIC_METHODS = 12
PUBLIC_NAMES = 60
REPEATED_LINES = 6

RAISED: dict[str, tuple[int, str]] = {}
"""Ceilings that are wrong for one thing: its name as the tests print it, its own ceiling, and why.

A module may reach ``LONGEST_MODULE``, and only for the tables of a standard's fields.
"""
ROOMS_WITHOUT_A_NAME = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}
EMPTY_VERBS = ("compute_", "get_", "process_")
PRINTING = "cli/"
"""The room that talks to a terminal."""
HEAVY = {
    *("alembic", "sqlalchemy"),
    *("duckdb", "pandas", "polars", "pyarrow", "pyspark"),
    *("matplotlib", "openpyxl", "rich", "scipy", "typer", "wordllama"),
}
"""What neither ``import capgraph`` nor a first question may load."""
CODE = {tokenize.NAME, tokenize.NUMBER, tokenize.OP, tokenize.STRING}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _functions() -> Iterator[tuple[str, Function]]:
    """Yield each function with its name, such as ``store/save.py:insert``."""
    for name, path in MODULES.items():
        for node in ast.walk(_tree(path)):
            if isinstance(node, Function):
                yield f"{name}:{node.name}", node


def _classes() -> Iterator[tuple[str, ast.ClassDef]]:
    """Yield each class with its name, such as ``graph.py:CapabilityGraph``."""
    for name, path in MODULES.items():
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef):
                yield f"{name}:{node.name}", node


def _code_lines(function: Function) -> int:
    """Return the lines from the first statement after the docstring to the end."""
    body = function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def _positional(function: Function) -> int:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return len(names) - (names[:1] in (["self"], ["cls"]))


def _is_public_method(node: ast.stmt) -> bool:
    """Tell whether a statement of a class is a method that users call: no property, validator or overload."""
    if not isinstance(node, Function) or node.name.startswith("_"):
        return False
    marks = " ".join(ast.unparse(decorator) for decorator in node.decorator_list)
    return not re.search(r"property\b|_validator\b|_serializer\b|\boverload\b|\.setter\b", marks)


def _too_large(sizes: Iterable[tuple[str, int]], ceiling: int) -> list[tuple[str, int]]:
    """Return what exceeds its ceiling: the usual one, or the one raised for it."""
    return [(name, size) for name, size in sizes if size > RAISED.get(name, (ceiling, ""))[0]]


def test_modules_are_short() -> None:
    lengths = [(name, len(path.read_text(encoding="utf-8").splitlines())) for name, path in MODULES.items()]
    assert _too_large(lengths, MODULE_LINES) == []


def test_functions_are_short() -> None:
    assert _too_large([(name, _code_lines(node)) for name, node in _functions()], FUNCTION_LINES) == []


def test_most_functions_are_very_short() -> None:
    lengths = sorted(_code_lines(node) for _, node in _functions())
    assert lengths[math.ceil(0.9 * len(lengths)) - 1] <= FUNCTION_LINES_P90


def test_functions_take_few_positional_parameters() -> None:
    assert _too_large([(name, _positional(node)) for name, node in _functions()], POSITIONAL_PARAMETERS) == []


def test_classes_have_few_public_methods() -> None:
    methods = [(name, sum(map(_is_public_method, node.body))) for name, node in _classes()]
    assert _too_large(methods, PUBLIC_METHODS) == []


def test_raised_ceilings_are_needed_and_explained() -> None:
    names = {*MODULES, *(name for name, _ in _functions()), *(name for name, _ in _classes())}
    assert set(RAISED) <= names
    assert all(reason for _, reason in RAISED.values())
    assert all(ceiling <= LONGEST_MODULE for name, (ceiling, _) in RAISED.items() if name in MODULES)


def test_facade_is_small_and_whole() -> None:
    names = capgraph.__all__
    assert len(names) == len(set(names))
    assert len(names) <= PUBLIC_NAMES
    assert [name for name in names if not hasattr(capgraph, name)] == []
    assert set(names) <= set(dir(capgraph))


def test_facade_refuses_an_unknown_name() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = capgraph.no_such_name


def test_rooms_have_names() -> None:
    words = {word for name in MODULES for word in re.split(r"[/_.]+", name)}
    assert words & ROOMS_WITHOUT_A_NAME == set()


def test_functions_are_named_for_what_they_return() -> None:
    assert [name for name, node in _functions() if node.name.startswith(EMPTY_VERBS)] == []


def test_only_the_command_line_prints() -> None:
    printing = [
        f"{name}:{node.lineno}"
        for name, path in MODULES.items()
        if not name.startswith(PRINTING)
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert printing == []


def test_logger_is_silent_until_somebody_listens() -> None:
    logger = logging.getLogger("capgraph")
    assert any(isinstance(handler, logging.NullHandler) for handler in logger.handlers)
    assert logger.level == logging.NOTSET


def _loaded_after(code: str) -> set[str]:
    """Return the modules that a fresh interpreter holds once it has run the code."""
    script = f"import sys\n{code}\nprint(*sys.modules)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return set(told.stdout.split())


@pytest.mark.parametrize("first_touch", ["", "capgraph.CapabilityGraph", "capgraph.gap"])
def test_import_and_first_question_load_nothing_heavy(first_touch: str) -> None:
    loaded = _loaded_after(f"import capgraph\n{first_touch}")
    assert "capgraph" in loaded
    assert loaded & HEAVY == set()


def test_import_contracts_hold() -> None:
    script = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", script, "--no-cache", "--no-logo"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


# Siblings with the same keyword options, each documented in its own docstring: their signatures alone may be alike.
SAME_OPTIONS = {"import_evidence", "import_people"}


def _passed_over(path: Path) -> set[int]:
    """Return the lines of docstrings, imports and the signatures named above, which may be alike."""
    lines: set[int] = set()
    for node in ast.walk(_tree(path)):
        text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        if isinstance(node, ast.Import | ast.ImportFrom) or (isinstance(node, ast.Expr) and text):
            lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        elif isinstance(node, Function) and node.name in SAME_OPTIONS:
            lines.update(range(node.lineno, node.body[0].lineno))
    return lines


def _logic(path: Path) -> list[tuple[int, str]]:
    """Return the numbered lines that say something: no docstrings, comments, imports or lone punctuation."""
    passed_over = _passed_over(path)
    lines: dict[int, list[str]] = defaultdict(list)
    for token in tokenize.generate_tokens(io.StringIO(path.read_text(encoding="utf-8")).readline):
        if token.type in CODE and token.start[0] not in passed_over:
            lines[token.start[0]].append(token.string)
    return [(number, " ".join(words)) for number, words in lines.items() if re.search(r"\w", "".join(words))]


def test_no_six_lines_stand_twice() -> None:
    seen: dict[tuple[str, ...], str] = {}
    repeated = []
    for name, path in MODULES.items():
        lines = _logic(path)
        for start in range(len(lines) - REPEATED_LINES + 1):
            window = lines[start : start + REPEATED_LINES]
            here = f"{name}:{window[0][0]}"
            first = seen.setdefault(tuple(text for _, text in window), here)
            if first != here:
                repeated.append(f"{first} = {here}")
    assert repeated == []
