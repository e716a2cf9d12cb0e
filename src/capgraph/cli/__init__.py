"""The command line: the library's words with hyphens; each command parses, calls the library once, and prints.

Exit codes: 0 fine, 1 findings, 2 usage, 3 bad input, 70 our own fault.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.metadata import version
from typing import Annotated

import typer

from capgraph.cli.output import BAD_INPUT, complain
from capgraph.errors import ArgumentError, CapgraphError

USAGE = 2
OWN_FAULT = 70

GROUPS = (
    "tour",
    "gaps",
    "workforce",
    "pathways",
    "content",
    "review",
    "changes",
    "migrating",
    "challenges",
    "documents",
    "info",
    "imports",
    "database",
)
"""The modules that register commands, in the order in which the help lists them."""

app = typer.Typer(
    name="capgraph",
    help="Workforce skills taxonomies and capability frameworks: gaps, pathways, redundancy.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _group in GROUPS:
    import_module(f"capgraph.cli.{_group}").register(app)


def _told_version(value: bool) -> None:  # noqa: FBT001 - called by the option parser
    """Print the version and stop."""
    if value:
        typer.echo(f"capgraph {version('capgraph')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    show_version: Annotated[
        bool, typer.Option("--version", callback=_told_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Take the options that stand before a command."""


def main() -> None:
    """Run the command line and leave with one of the documented exit codes."""
    try:
        app()
    except ArgumentError as error:
        complain(str(error))
        sys.exit(USAGE)
    except CapgraphError as error:
        complain(str(error))
        sys.exit(BAD_INPUT)
    except OSError as error:
        is_path = error.filename is not None and error.strerror
        complain(f"{error.filename}: {str(error.strerror).lower()}; check the path" if is_path else str(error))
        sys.exit(BAD_INPUT)
    except Exception as error:  # the last resort: our own fault, said without a wall of text
        if os.environ.get("CAPGRAPH_DEBUG"):
            raise
        complain(
            f"this is a fault of capgraph itself: {type(error).__name__}: {error}\n"
            "run the command again with CAPGRAPH_DEBUG=1 to see where, and report it"
        )
        sys.exit(OWN_FAULT)
