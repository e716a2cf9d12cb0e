"""The docstrings do what they say: their examples run, and public functions document all that a caller needs."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import capgraph

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = Path(__file__).resolve().parent.parent / "src"
FUNCTIONS = [name for name in capgraph.__all__ if inspect.isfunction(getattr(capgraph, name))]


def _module(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


WITH_EXAMPLES = [_module(path) for path in sorted(SOURCE.rglob("*.py")) if ">>>" in path.read_text(encoding="utf-8")]


def _section(function: Callable[..., Any], title: str) -> str:
    """Return the text under a numpydoc heading, or an empty text."""
    section = rf"^{title}\n-+\n(.*?)(?=^\S[^\n]*\n-+\n|\Z)"
    found = re.search(section, inspect.getdoc(function) or "", re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize("name", WITH_EXAMPLES)
def test_examples_run(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    module = importlib.import_module(name)
    told = doctest.testmod(module, optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
    assert told.attempted > 0
    assert told.failed == 0


def _referred(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function whose docstring describes the parameters: the one that "see `other`" names, or itself."""
    other = re.search(r"see `(\w+)`", inspect.getdoc(function) or "")
    return getattr(capgraph, other[1]) if other else function


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_function_documents_its_parameters(name: str) -> None:
    function = getattr(capgraph, name)
    described = _section(_referred(function), "Parameters")
    names = inspect.signature(function).parameters
    assert [
        name for name in names if not re.search(rf"^[\w, *]*\b{name}\b[\w, *]*( :|$)", described, re.MULTILINE)
    ] == []


@pytest.mark.parametrize("name", FUNCTIONS)
def test_public_function_says_what_it_returns_and_shows_it(name: str) -> None:
    function = getattr(capgraph, name)
    summary = (inspect.getdoc(function) or "").partition("\n\n")[0]
    assert "return" in summary.lower() or _section(function, "Returns")
    assert _section(_referred(function), "Examples")
