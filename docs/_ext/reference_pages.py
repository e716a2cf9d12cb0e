"""Write the reference pages that follow the code: one a room of the package, the commands, and the formats.

The pages of the rooms follow ``capgraph.__all__``, so that a public name cannot be missing from the reference.
"""

from __future__ import annotations

import ast
import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import BaseModel
from sphinx.pycode import ModuleAnalyzer

import capgraph
from capgraph.formats import known_formats

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

    from capgraph.formats.record import Format

ROOMS = {
    "model": "Documents",
    "graph": "The graph",
    "analysis": "Questions",
    "report": "Reports",
    "files": "Files",
    "formats": "Formats",
    "ingest": "Import",
    "store": "The store",
    "plot": "Pictures",
    "samples": "The sample",
    "errors": "Errors and warnings",
}
"""The rooms of the package in the order of the pages, with their titles."""
FORMATS_INTRODUCTION = (
    "The name is what `format=` and `--to` take. Without it a file is recognized by its content. What a format cannot "
    "hold is told in a warning, and listed with places and counts in the conversion report."
)
CARRIED_INTRODUCTION = (
    "## What each format carries\n\n"
    "The fields by part of a document; a part that is not named is not held at all. Ids and fields without which a "
    "part cannot be are always held. The same data is `capgraph.formats.format_named(name).carries`."
)
INHERITED = "model_config, model_validate, model_validate_json"
"""What models inherit from pydantic and users need not see."""


def public_names() -> dict[str, list[str]]:
    """Return the names to document, by room: those of the facade, then the smaller parts and the errors."""
    names: dict[str, list[str]] = {room: [] for room in ROOMS}
    for name in capgraph.__all__:
        value = getattr(capgraph, name)
        if not inspect.ismodule(value):
            names[value.__module__.split(".")[1]].append(f"capgraph.{name}")
    for room in ("model", "errors"):
        module = import_module(f"capgraph.{room}")
        public = getattr(module, "__all__", vars(module))
        own = {name for name in public if getattr(vars(module)[name], "__module__", "").startswith(module.__name__)}
        rest = [name for name in public if name in own - set(capgraph.__all__) and not name.startswith("_")]
        names[room] += [f"{module.__name__}.{name}" for name in rest]
    return names


def entry(path: str) -> str:
    """Return the directive that documents one name."""
    module, _, name = path.rpartition(".")
    value = getattr(import_module(module), name)
    if not inspect.isclass(value):
        return f".. autofunction:: {path}\n"
    options = [":members:", ":show-inheritance:"]
    if issubclass(value, BaseModel):
        options = [":members:", ":inherited-members: BaseModel", f":exclude-members: {INHERITED}"]
    return "\n   ".join([f".. autoclass:: {path}", *options]) + "\n"


def heading(title: str) -> str:
    """Return a page's heading."""
    return f"{title}\n{'=' * len(title)}\n\n"


def field_types() -> str:
    """Return the list of the short names that field types are written in."""
    told = ModuleAnalyzer.for_module("capgraph.model.base").find_attr_docs()
    lines = [
        f"``{name}``\n   {' '.join(docs).strip()}"
        for (scope, name), docs in told.items()
        if not scope and name[0] != "_"
    ]
    return (
        "Fields are written in these types:\n\n"
        + "\n".join(line for line in lines if not line.startswith("``by_"))
        + "\n\n"
    )


def room_pages() -> dict[str, str]:
    """Return the text of the page of each room, by file name."""
    rooms = {room: names for room, names in public_names().items() if names}
    texts = {f"{room}.rst": heading(ROOMS[room]) + "\n".join(map(entry, names)) for room, names in rooms.items()}
    texts["model.rst"] = texts["model.rst"].replace("\n\n", "\n\n" + field_types(), 1)
    tree = "\n   ".join(rooms)
    texts["api.rst"] = heading("Python API") + f".. toctree::\n   :maxdepth: 2\n\n   {tree}\n"
    return texts


def commands_page() -> str:
    """Return the page of the commands, as Typer describes them."""
    command = [
        sys.executable,
        "-m",
        "typer",
        "capgraph.cli",
        "utils",
        "docs",
        "--name",
        "capgraph",
        "--title",
        "Commands",
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words


def formats_page() -> str:
    """Return the page with the table of formats."""
    cells = [
        (
            f"`{item.name}`",
            item.title,
            ", ".join(item.reads) or "–",
            ", ".join(item.writes) or "–",
            ", ".join(f"`{name}`" for name in item.options()) or "–",
            item.fixture if item.reader is not None else "–",
            item.notes,
        )
        for item in known_formats()
    ]
    rows = [f"| {' | '.join(row)} |" for row in cells]
    head = [
        "# Formats",
        FORMATS_INTRODUCTION,
        "| name | format | reads | writes | options of reading | tested on | good to know |\n" + "|---" * 7 + "|",
    ]
    table = "\n\n".join(head) + "\n" + "\n".join(rows)
    return f"{table}\n\n{CARRIED_INTRODUCTION}\n\n" + "\n".join(map(carried, known_formats())) + "\n"


def carried(item: Format) -> str:
    """Return what a format carries, part by part, as an entry of a list."""
    if "*" in item.carries:
        return f"- `{item.name}`: everything"
    parts = (
        f"{part} ({', '.join(sorted(fields)).replace('*', 'everything')})"
        for part, fields in sorted(item.carries.items())
    )
    return f"- `{item.name}`: {'; '.join(parts)}"


def write_pages(app: Sphinx) -> None:
    """Write the pages, replacing only what changed and removing what is no longer made."""
    folder = Path(app.srcdir) / "reference" / "generated"
    folder.mkdir(exist_ok=True)
    pages = {**room_pages(), "commands.md": commands_page(), "format_table.md": formats_page()}
    for stale in {path.name for path in folder.iterdir()} - pages.keys():
        (folder / stale).unlink()
    for name, text in pages.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def hide_model_signature(
    _app: Sphinx, what: str, _name: str, value: object, _options: object, signature: str | None, returned: str | None
) -> tuple[str | None, str | None]:
    """Leave out the signature of a model: its fields are listed below it."""
    if what == "class" and inspect.isclass(value) and issubclass(value, BaseModel):
        return "", None
    return signature, returned


class WithoutMetadata(ast.NodeTransformer):
    """Leave of ``Annotated[type, …]`` the type."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        """Return the first of the arguments of ``Annotated``, and anything else as it is."""
        self.generic_visit(node)
        if isinstance(node.value, ast.Name) and node.value.id == "Annotated" and isinstance(node.slice, ast.Tuple):
            return node.slice.elts[0]
        return node


def tell_field_type(_app: Sphinx, what: str, name: str, _value: object, _options: object, lines: list[str]) -> None:
    """Add the type of a model's field, as its author wrote it, and whether it must be given."""
    module, _, path = name.partition(".")
    owner, _, field = path.rpartition(".")
    if what != "attribute" or not owner:
        return
    holder: object = import_module(module)
    for step in owner.split("."):
        holder = getattr(holder, step)
    if not (inspect.isclass(holder) and issubclass(holder, BaseModel) and field in holder.model_fields):
        return
    written = next(found[field] for base in holder.__mro__ if field in (found := inspect.get_annotations(base)))
    plain = ast.unparse(WithoutMetadata().visit(ast.parse(str(written))))
    needed = "required" if holder.model_fields[field].is_required() else "optional"
    lines += ["", f"*{needed}*, ``{plain}``", ""]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register with Sphinx."""
    app.setup_extension("sphinx.ext.autodoc")
    app.connect("builder-inited", write_pages)
    app.connect("autodoc-process-signature", hide_model_signature)
    app.connect("autodoc-process-docstring", tell_field_type)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
