"""CASE packages as they are written: only the fields of the standard, of the kinds that it demands."""

from __future__ import annotations

import datetime as dt
import json
import re
import warnings
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

import capgraph as cg
from capgraph.errors import CapgraphWarning
from capgraph.formats import format_named
from strategies import frameworks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

CASE = format_named("case")
UUID = re.compile(r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", re.IGNORECASE)
TYPES = {
    *("isChildOf", "isPeerOf", "isPartOf", "exactMatchOf", "precedes", "isRelatedTo", "replacedBy", "exemplar"),
    *("hasSkillLevel", "isTranslationOf"),
}
EXTENDED = re.compile(r"^ext:[A-Za-z0-9._-]+$")


def is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def is_uuid(value: object) -> bool:
    return isinstance(value, str) and UUID.match(value) is not None


def is_uri(value: object) -> bool:
    return isinstance(value, str) and re.match(r"^[A-Za-z][\w+.-]*:\S+$", value) is not None


def is_time(value: object) -> bool:
    return isinstance(value, str) and dt.datetime.fromisoformat(value).tzinfo is not None


def is_day(value: object) -> bool:
    return isinstance(value, str) and bool(dt.date.fromisoformat(value))


def is_object(value: object) -> bool:
    return isinstance(value, dict)


def is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_link(value: object) -> bool:
    return isinstance(value, dict) and set(value) == {"title", "identifier", "uri"} and is_uuid(value["identifier"])


def are_links(value: object) -> bool:
    return isinstance(value, list) and all(map(is_link, value))


def is_end(value: object) -> bool:
    if not isinstance(value, dict):
        return False
    return {"title", "identifier", "uri"} <= set(value) <= {"title", "identifier", "uri", "targetType"} and is_uri(
        value["uri"]
    )


def is_association_type(value: object) -> bool:
    return isinstance(value, str) and (value in TYPES or EXTENDED.match(value) is not None)


Kinds = dict[str, "Callable[[object], bool]"]
REQUIRED: Kinds = {"identifier": is_uuid, "uri": is_uri, "lastChangeDateTime": is_time}
DOCUMENT: tuple[Kinds, Kinds] = (
    {**REQUIRED, "creator": is_text, "title": is_text},
    {
        **dict.fromkeys(("publisher", "description", "language", "version", "adoptionStatus", "notes"), is_text),
        **dict.fromkeys(("officialSourceURL",), is_uri),
        **dict.fromkeys(("statusStartDate", "statusEndDate"), is_day),
        "subject": are_texts,
        "subjectURI": are_links,
        "licenseURI": is_link,
        "CFPackageURI": is_link,
        "frameworkType": is_text,
        "caseVersion": lambda value: value == "1.1",
        "extensions": is_object,
    },
)
ITEM: tuple[Kinds, Kinds] = (
    {**REQUIRED, "fullStatement": is_text},
    {
        **dict.fromkeys(("alternativeLabel", "CFItemType", "humanCodingScheme", "listEnumeration"), is_text),
        **dict.fromkeys(("abbreviatedStatement", "notes", "language"), is_text),
        **dict.fromkeys(("CFItemTypeURI", "conceptKeywordsURI", "licenseURI", "CFDocumentURI"), is_link),
        **dict.fromkeys(("conceptKeywords", "educationLevel", "subject"), are_texts),
        **dict.fromkeys(("statusStartDate", "statusEndDate"), is_day),
        "subjectURI": are_links,
        "extensions": is_object,
    },
)
ASSOCIATION: tuple[Kinds, Kinds] = (
    {**REQUIRED, "associationType": is_association_type, "originNodeURI": is_end, "destinationNodeURI": is_end},
    {"sequenceNumber": is_whole, "CFAssociationGroupingURI": is_link, "notes": is_text, "extensions": is_object},
)
PACKAGE = {"CFDocument", "CFItems", "CFAssociations", "CFDefinitions", "CFRubrics", "extensions"}


def complaints(part: Mapping[str, Any], fields: tuple[Kinds, Kinds], place: str) -> list[str]:
    """Return what the standard has against an object."""
    required, optional = fields
    known = {**required, **optional}
    found = [f"{place} lacks {name}" for name in required if name not in part]
    found += [f"{place} has the unknown {name}" for name in part if name not in known]
    wrong = (name for name, value in part.items() if name in known and not known[name](value))
    return [*found, *(f"{place}: {name} is {part[name]!r}" for name in wrong)]


def written(framework: cg.Framework) -> dict[str, Any]:
    rendered, _ = CASE.render(framework)
    assert isinstance(rendered, bytes)
    package: dict[str, Any] = json.loads(rendered)
    return package


def check(package: Mapping[str, Any]) -> None:
    """Fail where the package is not one of CASE 1.1."""
    found = [f"the package has the unknown {name}" for name in set(package) - PACKAGE]
    found += complaints(package["CFDocument"], DOCUMENT, "CFDocument")
    for table, fields in (("CFItems", ITEM), ("CFAssociations", ASSOCIATION)):
        for number, part in enumerate(package[table]):
            found += complaints(part, fields, f"{table}/{number}")
        known = [part["identifier"] for part in package[table]]
        assert len(set(known)) == len(known)
    assert not found, "; ".join(found)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(frameworks())
def test_any_framework_is_written_in_the_fields_of_the_standard(framework: cg.Framework) -> None:
    check(written(framework))


def test_the_sample_is_written_in_the_fields_of_the_standard() -> None:
    check(written(cg.sample().framework))


def test_a_wrong_package_is_complained_about() -> None:
    package = written(cg.sample().framework)
    del package["CFItems"][0]["uri"]
    package["CFItems"][1]["educationalLevel"] = ["01"]
    package["CFAssociations"][0]["sequenceNumber"] = "1"
    with pytest.raises(AssertionError, match=r"lacks uri.*unknown educationalLevel.*sequenceNumber is '1'"):
        check(package)


@pytest.mark.real_data
def test_exports_of_another_tool_are_written_in_the_fields_of_the_standard(shared_data: Path) -> None:
    files = [*(shared_data / "case").glob("synthetic*.json"), *(shared_data / "case" / "opensalt").glob("*.json")]
    assert len(files) > 8
    for file in files:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", CapgraphWarning)
            check(written(cg.read_framework(file, format="case")))


@pytest.mark.parametrize(
    ("part", "own"),
    [
        ("CFDocument", {"id": "fw:x", "scales": [{"label": "S"}]}),
        ("CFDocument", {"id": "fw:x", "scales": [{"id": "scale:a", "levels": [{"rank": "1"}]}]}),
        ("CFDocument", {"id": "fw:x", "extensions": []}),
        ("CFDocument", {"id": 3}),
        ("CFItems", {"label": "without an id"}),
        ("CFItems", {"id": "cap:x", "label": "X", "broader": 5}),
        ("CFItems", {"id": "cap:x", "label": "X", "requirements": ["cap:y"]}),
    ],
)
def test_an_extension_of_ours_that_was_changed_is_listed_and_the_part_read_without_it(
    part: str, own: dict[str, Any]
) -> None:
    package = written(cg.Framework(id="fw:a", capabilities=[cg.Capability(id="cap:a", label="A")]))
    changed = package[part] if part == "CFDocument" else package[part][0]
    changed["extensions"] = {"capgraph": own}
    document, conversion = CASE.parse({"a.json": json.dumps(package).encode()})
    assert isinstance(document, cg.Framework)
    assert [issue.code for issue in conversion.problems] == ["bad-extension"]
    assert [item.label for item in document.capabilities] == ["A"]
