"""The documentation does what it says: its code and notebooks run, and the glossary has the model's words."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

import capgraph

DOCS = Path(__file__).resolve().parent.parent / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = {path.relative_to(DOCS).as_posix(): path for path in sorted(DOCS.rglob("*.*"))}
PAGES = [
    name for name, path in FILES.items() if path.suffix == ".md" and BLOCK.search(path.read_text(encoding="utf-8"))
]
NOTEBOOKS = [name for name, path in FILES.items() if path.suffix == ".ipynb"]


@pytest.mark.parametrize("page", PAGES)
def test_code_on_a_page_runs(page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    text = FILES[page].read_text(encoding="utf-8")
    known: dict[str, object] = {"__name__": "__main__"}
    for block in BLOCK.finditer(text):
        above = "\n" * text.count("\n", 0, block.start(1))  # so that a traceback shows the page's own line
        exec(compile(above + block[1], str(FILES[page]), "exec"), known)  # noqa: S102 - the code is ours
    assert known.get("cg") is capgraph, "a page introduces the library as cg"


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_notebook_runs(notebook: str, tmp_path: Path) -> None:
    content = nbformat.read(FILES[notebook], as_version=4)  # type: ignore[no-untyped-call]
    NotebookClient(content, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert any(cell.cell_type == "code" and cell.outputs for cell in content.cells)


def test_glossary_has_the_words_of_the_model() -> None:
    glossary = (DOCS / "reference" / "glossary.md").read_text(encoding="utf-8")
    terms = set(re.findall(r"`(\w+)`", "\n".join(line for line in glossary.splitlines() if not line.startswith(" "))))
    public = {name: getattr(capgraph, name) for name in capgraph.__all__}
    models = {name for name, value in public.items() if getattr(value, "__module__", "").startswith("capgraph.model.")}
    assert models <= terms
