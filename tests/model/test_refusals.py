"""What documents refuse, and the message that a user reads."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from capgraph import errors, model

if TYPE_CHECKING:
    from collections.abc import Callable

SCALE = {"id": "scale:s", "label": "S", "levels": [{"rank": rank, "label": str(rank)} for rank in (1, 2, 3)]}


def framework(**tables: object) -> model.Framework:
    """Return a framework with a three-level default scale."""
    return model.Framework.model_validate({"id": "fw:x", "scales": [SCALE], "default_scale": "scale:s", **tables})


def capability(name: str, **fields: object) -> dict[str, Any]:
    """Return the plain data of a capability."""
    return {"id": f"cap:{name}", "label": name, **fields}


def test_all_problems_are_listed_at_once() -> None:
    """A document names each contradiction, with its ids, in one error of the general kind."""
    with pytest.raises(errors.DocumentError) as caught:
        framework(
            capabilities=[
                capability("a", broader=["cap:b"]),
                capability("b", broader=["cap:a", "cap:missing"]),
                capability("b"),
            ],
            behaviors=[{"id": "beh:x", "capability": "cap:a", "level": 9, "statement": "Does."}],
        )
    assert type(caught.value) is errors.DocumentError
    assert [issue.code for issue in caught.value.issues] == [
        "duplicate-id",
        "dangling-reference",
        "cycle",
        "scale-mismatch",
    ]
    assert "Framework: 4 problems" in str(caught.value)
    for words in (
        "'cap:b' is used twice, in capabilities",
        "'cap:b' names the capability 'cap:missing' in broader",
        "'cap:a' → 'cap:b' → 'cap:a'",
        "'beh:x' states the level 9 of 'cap:a', which is off the scale 'scale:s'",
        "its ranks are 1, 2, 3",
    ):
        assert words in str(caught.value)


@pytest.mark.parametrize(
    ("build", "kind", "words"),
    [
        (
            lambda: framework(capabilities=[capability("a"), capability("a")]),
            errors.DuplicateIdError,
            "'cap:a' is used twice, in capabilities",
        ),
        (
            lambda: framework(roles=[{"id": "cap:a", "label": "R"}], capabilities=[capability("a")]),
            errors.DuplicateIdError,
            "in capabilities and in roles",
        ),
        (
            lambda: framework(roles=[{"id": "role:r", "label": "R", "requirements": [{"capability": "cap:no"}]}]),
            errors.DanglingReferenceError,
            "'role:r' names the capability 'cap:no' in requirements, which 'fw:x' does not hold",
        ),
        (
            lambda: framework(capabilities=[capability("a", broader=["cap:a"])]),
            errors.CycleError,
            "'cap:a' is broader than itself",
        ),
        (
            lambda: framework(
                capabilities=[capability("a")],
                roles=[{"id": "role:r", "label": "R", "requirements": [{"capability": "cap:a", "level": 4}]}],
            ),
            errors.ScaleMismatchError,
            "'role:r' states the level 4 of 'cap:a'",
        ),
        (
            lambda: framework(
                default_scale=None,
                capabilities=[capability("a", levels=[{"level": 1, "description": "d"}])],
            ),
            errors.ScaleMismatchError,
            "which has no scale (level); name the scale in the capability, or a default_scale",
        ),
        (
            lambda: framework(
                scales=[{**SCALE, "kind": "interval", "minimum": 0, "maximum": 7}],
                capabilities=[capability("a")],
                roles=[{"id": "role:r", "label": "R", "requirements": [{"capability": "cap:a", "value": 8}]}],
            ),
            errors.ScaleMismatchError,
            "requires the value 8 of 'cap:a', outside the scale 'scale:s'",
        ),
        (
            lambda: model.ProficiencyScale.model_validate({**SCALE, "levels": [{"rank": 1, "label": "a"}] * 2}),
            errors.DuplicateIdError,
            "'scale:s' has two levels of rank 1",
        ),
        (
            lambda: model.ProficiencyScale(id="scale:s", label="S", minimum=2, maximum=1),
            errors.ScaleMismatchError,
            "minimum 2 above its maximum 1",
        ),
        (
            lambda: model.Requirement(capability="cap:a", minimum=1),
            errors.DocumentError,
            "has a minimum or a stretch, but no level",
        ),
        (
            lambda: model.Requirement(capability="cap:a", level=2, stretch=1),
            errors.DocumentError,
            "has the stretch 1 below its level 2",
        ),
        (
            lambda: model.RoleProfile(
                id="role:r",
                label="R",
                requirements=(model.Requirement(capability="cap:a"), model.Requirement(capability="cap:a", level=1)),
            ),
            errors.DuplicateIdError,
            "'role:r' has two entries for 'cap:a' in requirements",
        ),
        (
            lambda: model.Alignment(target="cap:a", level_from=2, level_to=2),
            errors.DocumentError,
            "teaches from the level 2 to the level 2",
        ),
        (
            lambda: model.Alignment(target="cap:a", level_from=2),
            errors.DocumentError,
            "teaches from the level 2 to no level",
        ),
        (
            lambda: model.LearningAsset(id="asset:a", title="A", alignments=(model.Alignment(target="cap:a"),) * 2),
            errors.DuplicateIdError,
            "'asset:a' has two entries for 'cap:a' 'teaches'",
        ),
        (
            lambda: model.Condition(asset="asset:a", any_of=(model.Condition(asset="asset:b"),)),
            errors.DocumentError,
            "exactly one of",
        ),
        (model.Condition, errors.DocumentError, "exactly one of"),
        (lambda: model.Condition(asset="asset:a", level=2), errors.DocumentError, "belongs to no capability"),
        (lambda: model.Condition(asset="asset:a", at_least=1), errors.DocumentError, "go together"),
        (
            lambda: model.Condition(at_least=2, of=(model.Condition(asset="asset:b"),)),
            errors.DocumentError,
            "at_least 2 of 1 conditions can never hold",
        ),
        (
            lambda: model.Evidence(id="ev:1", person="person:p", kind="test", date=dt.date(2026, 1, 1)),
            errors.DocumentError,
            "'ev:1' names no capability, behavior or asset",
        ),
        (
            lambda: model.Evidence(
                id="ev:1",
                person="person:p",
                capability="cap:a",
                kind="test",
                date=dt.date(2026, 1, 2),
                expires=dt.date(2026, 1, 1),
            ),
            errors.DocumentError,
            "'ev:1' expires before its date 2026-01-02",
        ),
        (
            lambda: model.Evidence(
                id="ev:1", person="person:p", capability="cap:a", kind="test", date=dt.date(2026, 1, 2), corrects="ev:1"
            ),
            errors.DocumentError,
            "'ev:1' corrects itself",
        ),
        (
            lambda: model.Workforce(
                id="wf:x",
                people=(model.Person(id="person:p", teams=("team:no",), manager="person:no"),),
                teams=(model.Team(id="team:t", label="T", lead="person:q"),),
            ),
            errors.DanglingReferenceError,
            "'person:p' names the team 'team:no' in teams",
        ),
        (
            lambda: model.Agenda(id="ag:x", challenges=(model.Challenge(id="ch:1", statement="S", metric="m:no"),)),
            errors.DanglingReferenceError,
            "'ch:1' names the metric 'm:no' in metric",
        ),
        (
            lambda: model.Crosswalk(
                id="cw:x", mappings=(model.Mapping(subject="cap:a", predicate="exact", object="cap:b"),) * 2
            ),
            errors.DuplicateIdError,
            "has two entries for 'cap:a' 'exact' 'cap:b'",
        ),
        (
            lambda: model.Decisions(
                id="dec:x",
                decisions=(
                    model.Decision(
                        kind="merge",
                        subject="asset:a",
                        object="asset:b",
                        verdict="same",
                        by="L&D",
                        at=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
                    ),
                )
                * 2,
            ),
            errors.DuplicateIdError,
            "two entries for 'merge' 'asset:a' 'asset:b'",
        ),
        (lambda: model.Capability(id="no spaces", label="A"), errors.DocumentError, "is no id"),
        (lambda: model.Capability(id="cap:a", label=" \n"), errors.DocumentError, "'cap:a': label: ' \\n' is empty"),
        (lambda: model.Capability(id="cap:a", label="A", description="\0"), errors.DocumentError, "holds U+0000"),
        (lambda: model.Capability(id="cap:a", label="\ud800"), errors.DocumentError, "'cap:a': label"),
        (
            lambda: model.Capability.model_validate({"id": "cap:a", "label": "A", "colour": 1}),
            errors.DocumentError,
            "colour",
        ),
        (lambda: model.Capability.model_validate({"id": "cap:a"}), errors.DocumentError, "label: field required"),
        (lambda: model.Person(id="person:p", extensions={"x": float("nan")}), errors.DocumentError, "no JSON number"),
        (lambda: model.Person(id="person:p", extensions={"x": {1, 2}}), errors.DocumentError, "set is no JSON value"),
        (lambda: model.Requirement(capability="cap:a", value=float("inf")), errors.DocumentError, "finite"),
        (lambda: model.Money(amount="-1", currency="EUR"), errors.DocumentError, "greater than or equal to 0"),
        (
            lambda: model.Decision(
                kind="merge",
                subject="a:a",
                object="a:b",
                verdict="same",
                by="L",
                at=dt.datetime(2026, 1, 1),  # noqa: DTZ001 - what is refused
            ),
            errors.DocumentError,
            "timezone",
        ),
        (lambda: model.Framework.model_validate_json("{"), errors.DocumentError, "invalid JSON"),
        (lambda: model.Framework.model_validate(7), errors.DocumentError, "Framework: 1 problem"),
    ],
)
def test_refusal(build: Callable[[], object], kind: type[errors.DocumentError], words: str) -> None:
    """Each contradiction raises its own error, with the ids and what to do."""
    with pytest.raises(kind) as caught:
        build()
    assert words in str(caught.value)
    assert type(caught.value) is kind
    assert caught.value.issues


def test_a_cycle_is_named_as_a_chain() -> None:
    """CycleError holds the chain of ids."""
    with pytest.raises(errors.CycleError) as caught:
        framework(capabilities=[capability("a", broader=["cap:b"]), capability("b", broader=["cap:a"])])
    assert caught.value.cycle == ("cap:a", "cap:b")


def test_a_cycle_is_found_behind_a_prefix() -> None:
    """An id and its IRI are the same node of a cycle, and duplicates of each other."""
    prefixes = {"cap": "https://e.org/"}
    with pytest.raises(errors.CycleError) as caught:
        framework(
            prefixes=prefixes,
            capabilities=[capability("a", broader=["https://e.org/b"]), capability("b", broader=["cap:a"])],
        )
    assert caught.value.cycle == ("cap:a", "cap:b")
    with pytest.raises(errors.DuplicateIdError, match="once as 'cap:a'"):
        framework(prefixes=prefixes, capabilities=[capability("a"), {"id": "https://e.org/a", "label": "A"}])


def test_imports_let_references_lead_elsewhere() -> None:
    """A framework that names other documents may refer to what they hold."""
    role = {"id": "role:r", "label": "R", "requirements": [{"capability": "esco:sql", "level": 3}]}
    assert framework(roles=[role], imports=["fw:esco"]).roles[0].requirements[0].level == 3


def test_a_long_list_of_problems_is_cut_in_the_message_alone() -> None:
    """The message shows twenty problems; the error holds all."""
    with pytest.raises(errors.DanglingReferenceError) as caught:
        framework(capabilities=[capability(f"c{number}", broader=[f"cap:no{number}"]) for number in range(30)])
    assert len(caught.value.issues) == 30
    assert "and 10 more" in str(caught.value)


def test_a_string_in_a_condition_is_an_asset() -> None:
    """Nested forms are read from plain data, and the assets are listed once each."""
    condition = model.Condition.model_validate({"all_of": ["asset:b", {"at_least": 1, "of": ["asset:a", "asset:b"]}]})
    assert condition.assets == ("asset:a", "asset:b")
    assert [leaf.asset for leaf in condition.leaves()] == ["asset:b", "asset:a", "asset:b"]


def test_frozen_mapping_behaves_like_a_dict_that_cannot_change() -> None:
    """Equality and hash ignore the order; setting is refused."""
    left, right = model.FrozenMapping({"a": 1, "b": 2}), model.FrozenMapping([("b", 2), ("a", 1)])
    assert left == right
    assert hash(left) == hash(right)
    assert list(right) == ["b", "a"]
    with pytest.raises(AttributeError, match="does not change"):
        left.x = 1


def test_extensions_come_back_as_plain_json() -> None:
    """Nested extensions are frozen inside and plain outside."""
    person = model.Person(id="person:p", extensions={"hr": {"codes": [1, {"x": None}]}})
    assert person.to_dict()["extensions"] == {"hr": {"codes": [1, {"x": None}]}}
    assert hash(person) == hash(model.Person.model_validate(person.to_dict()))
    assert model.thaw(person.extensions) == {"hr": {"codes": [1, {"x": None}]}}
