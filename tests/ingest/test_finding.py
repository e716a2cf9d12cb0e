"""Where the records of nested texts are."""

from __future__ import annotations

import json
from typing import Any

import capgraph as cg


def _plan(found: Any) -> Any:  # noqa: ANN401 - whatever JSON holds, and the plan for it
    """Return the plan for a JSON text."""
    return cg.import_catalog({"list.json": json.dumps(found).encode()})


def _titles(plan: Any) -> dict[str, str]:  # noqa: ANN401 - a plan
    """Return the titles of what is added, by place."""
    return {asset.provenance[0].locator: asset.title for asset in plan.document.assets}


_CS = [{"code": "CS1", "name": "Programming"}, {"code": "CS2", "name": "Compilers"}]
_EE = [{"code": "EE1", "name": "Circuits"}]


def test_courses_in_groups_are_all_read_with_their_group() -> None:
    groups = [{"title": "Computing", "courses": _CS}, {"title": "Electrics", "courses": _EE}, {"title": "Empty"}]
    for found, lead in ((groups, ""), ({"term": 1, "departments": groups}, "/departments")):
        plan = _plan(found)
        assert _titles(plan) == {
            f"{lead}/0/courses/0": "Programming", f"{lead}/0/courses/1": "Compilers", f"{lead}/1/courses/0": "Circuits",
        }  # fmt: skip
        assert {asset.extensions["json"]["group title"] for asset in plan.document.assets} == {"Computing", "Electrics"}


def test_lists_that_look_the_same_are_one_and_others_are_told() -> None:
    plan = _plan({"beginner": _CS, "rooms": [{"room": 1, "floor": 2}] * 2, "advanced/pro": _EE})
    assert _titles(plan) == {
        "/beginner/0": "Programming", "/beginner/1": "Compilers", "/advanced~1pro/0": "Circuits",
    }  # fmt: skip
    assert {asset.extensions["json"]["group"] for asset in plan.document.assets} == {"beginner", "advanced/pro"}
    assert any("left unread: 2 objects at /rooms" in note for note in plan.notes)


def test_a_list_called_courses_goes_before_longer_ones() -> None:
    lessons = [{"title": f"Lesson {number}", "minutes": 5} for number in range(9)]
    plan = _plan({"courses": _CS, "lessons": lessons})
    assert sorted(_titles(plan)) == ["/courses/0", "/courses/1"]
    titled = _plan({"rooms": [{"room": 1, "floor": 2}] * 9, "entries": _CS})
    assert sorted(_titles(titled)) == ["/entries/0", "/entries/1"]
    inside = _plan([{"name": "First course", "courses": []}, {"name": "Second course", "courses": ["a"]}])
    assert sorted(_titles(inside).values()) == ["First course", "Second course"]


def test_sections_inside_of_courses_are_no_courses() -> None:
    inner = [{"name": f"Section {number}", "room": "a"} for number in range(4)]
    plan = _plan([{"name": "First course", "sections": inner}, {"name": "Second course", "sections": inner}])
    assert sorted(_titles(plan).values()) == ["First course", "Second course"]


_XML = """<catalog>
  <department code="CS"><title>Computing</title>
    <course number="CS1"><title>Programming</title><text>Learn <i>a lot</i> of it.</text></course>
    <course number="CS2"><title>Compilers</title><before><prereq>CS1</prereq><prereq>EE1</prereq></before></course>
  </department>
  <department code="EE"><title>Electrics</title><head><first>A.</first><last>B.</last></head>
    <course number="EE1"><title>Circuits</title><section id="1"/><section id="2"/><section id="3"/></course>
  </department>
</catalog>"""


def test_elements_in_several_groups_are_all_read_with_their_group() -> None:
    plan = cg.import_catalog({"list.xml": _XML.encode()})
    document = plan.document
    assert isinstance(document, cg.Catalog)
    assert _titles(plan) == {"//course[1]": "Programming", "//course[2]": "Compilers", "//course[3]": "Circuits"}
    first, second, third = sorted(document.assets, key=lambda asset: asset.notation)
    assert first.description == "Learn a lot of it."
    assert first.extensions["json"] == {"department code": "CS", "department title": "Computing"}
    assert third.extensions["json"]["department title"] == "Electrics"
    assert second.prerequisites is not None
    assert {leaf.asset for leaf in second.prerequisites.all_of} == {first.id, third.id}


def test_elements_of_one_list_are_read_as_they_stand() -> None:
    rows = "".join(f"<row id='{number}'><name>Course {number} long</name></row>" for number in range(3))
    plan = cg.import_catalog({"list.xml": f"<export at='today'><rows>{rows}</rows></export>".encode()})
    assert set(_titles(plan)) == {"//row[1]", "//row[2]", "//row[3]"}
    assert all(not asset.extensions for asset in plan.document.assets)  # type: ignore[attr-defined]
    one = cg.import_catalog({"list.xml": b"<course><title>Only this one</title><hours>3</hours></course>"})
    assert list(_titles(one).values()) == ["Only this one"]


def test_tables_that_data_frames_write_are_read_by_row() -> None:
    columns: dict[str, list[Any]] = {"name": ["SQL basics", "Git basics"], "hours": [2, 3]}
    by_label = {name: {str(place): item for place, item in enumerate(items)} for name, items in columns.items()}
    split = {"columns": ["name", "hours"], "index": [0, 1], "data": [["SQL basics", 2], ["Git basics", 3]]}
    written: list[Any] = [columns, by_label, split]
    for found in written:
        plan = _plan(found)
        assert _titles(plan) == {"/*/0": "SQL basics", "/*/1": "Git basics"}
        assert {asset.duration for asset in plan.document.assets} == {120, 180}
    other = _plan({"name": "Only one course", "tags": ["a", "b"], "hours": [1, 2]})
    assert list(_titles(other).values()) == ["Only one course"]


def test_pages_of_results_are_all_read() -> None:
    pages = {f"page{number}": {"results": items, "next": None} for number, items in enumerate((_CS, _EE))}
    assert _titles(_plan(pages)) == {
        "/page0/results/0": "Programming", "/page0/results/1": "Compilers", "/page1/results/0": "Circuits",
    }  # fmt: skip
    other = {"a": {"results": _CS}, "b": {"results": [{"room": 1, "floor": 2}]}}
    plan = _plan(other)
    assert sorted(_titles(plan)) == ["/a/results/0", "/a/results/1"]
    assert any("left unread: 1 objects at /b/results" in note for note in plan.notes)
