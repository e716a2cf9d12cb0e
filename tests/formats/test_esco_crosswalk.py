"""The crosswalks of the ESCO portal, in both layouts, and roles compared through them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import capgraph as cg
from capgraph.analysis.counterparts import counterparts
from capgraph.errors import ParseError
from capgraph.formats import format_named

if TYPE_CHECKING:
    from pathlib import Path

HEAD = (
    b"Mapping project name,ESCO-O*NET Crosswalk,,,,,\nClassification 1 Name,O*NET,,,,,\n"
    b"Classification 2 Name,ESCO,,,,,\n,,,,,,\n"
)
COLUMNS = (
    b"O*NET Id,O*NET Title,O*NET Description,ESCO or ISCO URI,ESCO or ISCO Title,"
    b"ESCO or ISCO Description,Type of Match\n"
)
ROW = b"11-1011.00,Bosses,Lead.,http://data.europa.eu/esco/occupation/1,airport boss,Leads an airport.,broadMatch\n"
NATIONAL = (
    b"Mapping project name,ESCO - CO\nClassification 1 Name,Ocupaciones ESCO\nClassification 2 Name,CO 2011\n\n"
    b"Classification 1 URI,Classification 1 PrefLabel,Classification 1 URL,Classification 2 ID,"
    b"Classification 2 PrefLabel,Classification 2 URL,Mapping relation\n"
    b"http://data.europa.eu/esco/isco/C1439,Gerentes,http://x,15091019,DIRECTORES,,skos:narrowMatch\n"
)


def read(data: bytes) -> tuple[cg.Crosswalk, list[str]]:
    found, conversion = format_named("esco-crosswalk").parse({"a.csv": data})
    assert isinstance(found, cg.Crosswalk)
    return found, [issue.code for issue in conversion.problems]


def test_the_onet_layout_says_what_the_occupation_of_onet_is() -> None:
    found, problems = read(b"\xef\xbb\xbf" + HEAD + COLUMNS + ROW + ROW.replace(b"broadMatch", b"exactISCO"))
    first, second = found.mappings
    assert (first.subject, first.predicate, first.object) == (
        "http://data.europa.eu/esco/occupation/1",
        "broad",
        "urn:capgraph:soc:11-1011.00",
    )
    assert (first.subject_label, first.object_label, first.comment) == ("airport boss", "Bosses", "")
    assert (second.predicate, second.comment) == ("exact", "exactISCO: mapped to an ISCO group")
    assert (found.title, found.id, found.object_source) == (
        "ESCO-O*NET Crosswalk",
        "cw:esco-o-net-crosswalk",
        "urn:capgraph:onet",
    )
    assert problems == []


def test_the_national_layout_is_a_property_of_the_first_concept() -> None:
    found, problems = read(NATIONAL)
    (one,) = found.mappings
    assert (one.subject, one.predicate) == ("http://data.europa.eu/esco/isco/C1439", "narrow")
    assert one.object == "urn:capgraph:co-2011:15091019"
    assert found.object_source == "urn:capgraph:co-2011"
    assert problems == []


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"broadMatch", b"like"), (b"11-1011.00", b"eleven"), (b"http://data.europa.eu/esco/occupation/1", b"")],
)
def test_rows_that_are_no_mapping_are_listed(old: bytes, new: bytes) -> None:
    found, problems = read(HEAD + COLUMNS + ROW.replace(old, new) + b",,,,,,\n")
    assert (found.mappings, problems) == ((), ["bad-mapping"])


def test_a_file_without_the_header_is_refused() -> None:
    with pytest.raises(ParseError, match="no row has the columns of a crosswalk"):
        read(HEAD)


def test_roles_meet_through_the_crosswalk(tmp_path: Path) -> None:
    (tmp_path / "crosswalk.csv").write_bytes(HEAD + COLUMNS + ROW)
    walk = cg.read_crosswalk(tmp_path / "crosswalk.csv")
    soc = {"soc": "urn:capgraph:soc:"}
    onet = cg.Framework(id="urn:capgraph:onet", prefixes=soc, roles=[cg.RoleProfile(id="soc:11-1011.00", label="Boss")])
    esco = cg.Framework(
        id="http://data.europa.eu/esco",
        roles=[cg.RoleProfile(id="http://data.europa.eu/esco/occupation/1", label="airport boss")],
    )
    (found,) = counterparts(cg.CapabilityGraph(onet, esco, walk), "http://data.europa.eu/esco/occupation/1")
    assert (found.id, found.relation) == ("soc:11-1011.00", "broad")


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("esco_onet", {"broad": 131, "close": 46, "exact": 17, "narrow": 6}),
        ("esco_es", {"broad": 87, "close": 24, "exact": 47, "narrow": 42}),
    ],
)
def test_the_heads_of_the_official_crosswalks(shared_data: Path, name: str, counts: dict[str, int]) -> None:
    found = cg.reading(shared_data / "labelled" / f"crosswalk_{name}_first200.csv")
    assert isinstance(found.document, cg.Crosswalk)
    predicates: list[str] = [item.predicate for item in found.document.mappings]
    assert {word: predicates.count(word) for word in counts} == counts
    assert (found.conversion.format, found.conversion.problems) == ("esco-crosswalk", ())


@pytest.mark.real_data
@pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")
def test_an_esco_occupation_is_compared_in_onet(shared_data: Path) -> None:
    esco = cg.read_framework(shared_data / "esco" / "v1.1.1-subset")
    onet = cg.read_framework(
        *(shared_data / "onet" / f"{name}.xlsx" for name in ("Occupation Data", "Content Model Reference", "Knowledge"))
    )
    walk = cg.read_crosswalk(shared_data / "labelled" / "crosswalk_esco_onet_first200.csv")
    graph = cg.CapabilityGraph(esco, onet, walk)
    (occupation,) = (
        role for role in graph.ids(cg.RoleProfile) if counterparts(graph, role) and not role.startswith("soc:")
    )
    (found,) = counterparts(graph, occupation)
    assert (found.id, found.relation) == ("soc:11-3021.00", "broad")
    assert cg.role_distance(graph, occupation, found.id).distance == pytest.approx(0.5)
    elsewhere = cg.role_distance(graph, occupation, "soc:13-1151.00")
    assert 0.5 < (elsewhere.distance or 0) < 1
    assert all(row.relation == ("broad",) for row in elsewhere if row.credit)
