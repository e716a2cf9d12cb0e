"""Where commands take their documents from: a database, files, or both."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from capgraph.graph import CapabilityGraph
    from capgraph.model import Document

Database = Annotated[
    str | None,
    typer.Option("--db", envvar="CAPGRAPH_DB", help="The database with the documents, such as sqlite:///skills.db."),
]
Files = Annotated[
    list[Path] | None,
    typer.Option("--file", "-f", help="A file with a document; give the option once for each."),
]
AsOf = Annotated[
    str | None, typer.Option("--as-of", metavar="DATE", help="The day to look at, as 2026-11-22; today by default.")
]


ReaderOptions = Annotated[
    list[str] | None,
    typer.Option(
        "--option", "-o", metavar="NAME=VALUE", help="An option of the format's reader, such as isco=25; once for each."
    ),
]


def reader_options(stated: list[str] | None) -> dict[str, Any]:
    """Return the options of a reader, which reads their texts as it needs them."""
    from capgraph.formats.options import TextOption

    found: dict[str, Any] = {}
    for text in stated or ():
        name, sign, value = text.partition("=")
        if not sign or not name:
            message = f"{text!r} is no option; write it as NAME=VALUE, such as isco=25"
            raise typer.BadParameter(message)
        found[name] = TextOption(value)
    return found


def documents(db: str | None, files: list[Path] | None) -> Iterator[Document]:
    """Yield the documents of the database and of the files."""
    if db is None and not files:
        message = "name the documents: --db URL, the variable CAPGRAPH_DB, or --file PATH for each file"
        raise typer.BadParameter(message)
    if db is not None:
        from capgraph.store import Store

        with Store(db, create=False) as store:
            for id_ in store.documents():
                yield store.load(id_)
    from capgraph.files import read

    for path in files or ():
        yield read(path)


def document(name: str, db: str | None) -> Document:
    """Return the document of a file, or the stored one of an id; ``id@version`` is an earlier version of it."""
    from capgraph.files import read

    if Path(name).exists():
        return read(name)
    if db is None:
        message = f"{name!r} is no file; name one, or give --db and the id of a stored document"
        raise typer.BadParameter(message)
    from capgraph.errors import NotStoredError
    from capgraph.store import Store

    id_, _, version = name.rpartition("@")
    with Store(db, create=False) as store:
        try:
            return store.load(name)
        except NotStoredError:
            if not id_:
                message = f"{name!r} is neither a file nor a stored document; check the path or the id"
                raise NotStoredError(message) from None
            return store.load(id_, version=version)


def graph(db: str | None, files: list[Path] | None) -> CapabilityGraph:
    """Return the graph of the documents of the database and of the files."""
    from capgraph.graph import CapabilityGraph

    return CapabilityGraph(*documents(db, files))


def day(text: str | None) -> dt.date | None:
    """Return the day that an option names."""
    import datetime as dt

    if text is None:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        message = f"{text!r} is no day; write it as 2026-11-22"
        raise typer.BadParameter(message) from None
