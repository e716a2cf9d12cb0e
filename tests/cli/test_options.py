from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

import typer
from typer.testing import CliRunner

from capgraph.cli.options import spread


@dataclass(frozen=True, kw_only=True)
class Look:
    color: Annotated[str, typer.Option("--color", help="The color.")] = "blue"
    loud: Annotated[bool, typer.Option("--loud", help="Whether to shout.")] = False


def greet(name: str, *, look: Look, times: Annotated[int, typer.Option("--times")] = 1) -> None:
    typer.echo(f"{name} {look.color} {look.loud} {times}")


def _said(*arguments: str) -> str:
    app = typer.Typer()
    app.command()(spread(greet))
    told = CliRunner().invoke(app, arguments)
    assert told.exit_code == 0, told.output
    return told.output.strip()


def test_fields_are_options_with_their_defaults() -> None:
    assert _said("amina") == "amina blue False 1"
    assert _said("amina", "--color", "red", "--loud", "--times", "3") == "amina red True 3"


def test_help_tells_the_shared_options_beside_the_own_ones() -> None:
    shown = _said("--help")
    assert all(option in shown for option in ("--color", "--loud", "--times"))
    assert "--look" not in shown
