"""The error tree: bases, messages, and what survives a process boundary."""

from __future__ import annotations

import inspect
import pickle
from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph import errors
from capgraph.errors import Issue

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    ("error", "bases", "message"),
    [
        (
            errors.DocumentError.of(
                [Issue("cycle", "'cap:a' is broader than itself", ("cap:a",), "broader", "cut it")]
            ),
            (errors.CycleError, ValueError, errors.CapgraphError),
            "'cap:a' is broader than itself (broader); cut it",
        ),
        (
            errors.UnknownIdError("cap:x", "cap:y"),
            (KeyError, errors.CapgraphError),
            "no node 'cap:x'; did you mean 'cap:y'?",
        ),
        (
            errors.StaleRevisionError("fw:x", 3, 5),
            (errors.StoreError,),
            "'fw:x' has moved on: this save builds on revision 3, the newest is revision 5; load the newest, apply",
        ),
        (
            errors.StaleRevisionError("fw:x", None, 5),
            (errors.StoreError,),
            "'fw:x' has moved on: this save builds on no revision, the newest is revision 5; load the newest",
        ),
        (
            errors.MissingDependencyError("rdflib", "rdf"),
            (ImportError, errors.CapgraphError),
            "rdflib is not installed; install it with: pip install 'capgraph[rdf]'",
        ),
        (errors.UnknownFormatError("no format", path="a.csv"), (errors.FormatError, ValueError), "a.csv: no format"),
        (
            errors.ParseError([Issue("bad-row", "no title", where="row:3")], path="a.csv", format="table"),
            (errors.FormatError,),
            "a.csv: not readable as table:\n  - no title (row:3)",
        ),
        (
            errors.NotStoredError("'fw:x' is not stored; save it first"),
            (LookupError, errors.StoreError),
            "'fw:x' is not",
        ),
    ],
)
def test_messages_and_bases(error: Exception, bases: tuple[type[Exception], ...], message: str) -> None:
    """Each error reads well and can be caught the way Python's own can."""
    assert str(error).startswith(message)
    for base in bases:
        assert isinstance(error, base)


@pytest.mark.parametrize(
    "error",
    [
        errors.DocumentError.of([Issue("cycle", "c", ("cap:a",))], "Framework"),
        errors.UnknownIdError("cap:x", "cap:y"),
        errors.StaleRevisionError("fw:x", 3, 5),
    ],
)
def test_errors_survive_pickling(error: Exception) -> None:
    """A worker process hands the same error to its parent."""
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)


def test_mixed_issues_give_the_general_error() -> None:
    """A subclass stands for one kind of problem alone."""
    mixed = errors.DocumentError.of([Issue("cycle", "a"), Issue("duplicate-id", "b")])
    assert type(mixed) is errors.DocumentError


@pytest.mark.parametrize(
    "ask",
    [
        cg.adjacent_roles, cg.career_path, cg.check, cg.consolidation, cg.coverage, cg.curriculum, cg.dominated, cg.gap,
        cg.impact, cg.learning_path, cg.overlap, cg.role_distance, cg.successors, cg.team_gap, cg.traceability,
        cg.what_if,
    ],
)  # fmt: skip
def test_a_document_in_place_of_a_graph_is_refused_in_words(ask: Callable[..., object]) -> None:
    """Every question says what to make of a document that somebody passed as it is."""
    others = [
        "role:x"
        for one in list(inspect.signature(ask).parameters.values())[1:]
        if one.default is one.empty and one.kind is one.POSITIONAL_OR_KEYWORD
    ]
    with pytest.raises(errors.ArgumentError, match="'Framework' is no graph; make one of documents first"):
        ask(cg.Framework(id="fw:x"), *others)
