"""Courses in JSON-LD: in pages, lists, graphs and registries, with offers, runs, references and people."""

from __future__ import annotations

import json
from typing import Any

import pytest

from capgraph.errors import ParseError
from capgraph.ingest import import_catalog
from capgraph.model import Catalog, LearningAsset

_COURSE = {
    "@type": ["Course", "Product"],
    "@id": "https://x.example/c1#course",
    "name": "SQL",
    "provider": {"@id": "#org"},
    "timeRequired": "P6M",
    "offers": [{"@type": "Offer", "category": "Paid", "price": "199.00", "priceCurrency": "EUR"}],
    "hasCourseInstance": [
        {
            "@type": "CourseInstance",
            "courseMode": "Online",
            "courseWorkload": "PT22H",
            "courseSchedule": {"@type": "Schedule", "duration": "PT3H", "repeatCount": 7},
            "instructor": {"@type": "Person", "name": "Somebody"},
        }
    ],
}
_ORGANIZATION = {"@type": "Organization", "@id": "#org", "name": "Acme Academy"}


def _courses(data: bytes, name: str) -> list[LearningAsset]:
    document = import_catalog({name: data}).document
    assert isinstance(document, Catalog)
    return sorted(document.assets, key=lambda asset: asset.title)


def _page(*scripts: str, kind: str = "application/ld+json") -> bytes:
    return "".join(["<html>", *(f'<script type="{kind}">{text}</script>' for text in scripts), "</html>"]).encode()


@pytest.mark.parametrize("form", ["page", "json"])
def test_offers_runs_and_references_are_read_and_people_are_not(form: str) -> None:
    text = json.dumps({"@context": "https://schema.org", "@graph": [{"@type": "WebPage"}, _COURSE, _ORGANIZATION]})
    data, name = (_page(text), "a.html") if form == "page" else (text.encode(), "a.jsonld")
    (course,) = _courses(data, name)
    assert (course.id, course.title, course.provider) == ("https://x.example/c1#course", "SQL", "Acme Academy")
    assert course.duration == 22 * 60
    assert course.cost is not None
    assert (str(course.cost.amount), course.cost.currency) == ("199", "EUR")
    assert "Somebody" not in course.model_dump_json()


def test_the_length_of_a_meeting_is_not_that_of_the_course() -> None:
    run = {"@type": "CourseInstance", "courseSchedule": {"@type": "Schedule", "duration": "PT3H"}}
    (course,) = _courses(json.dumps({"@type": "Course", "name": "SQL", "hasCourseInstance": run}).encode(), "a.jsonld")
    assert course.duration is None


def test_courses_are_found_in_lists_and_as_what_a_page_is_about() -> None:
    items = [{"@type": "ListItem", "item": {"@type": "Course", "name": name}} for name in ("One", "Two")]
    scripts = (
        "//<![CDATA[\n" + json.dumps([{"@type": "ItemList", "itemListElement": items}]) + "\n//]]>",
        json.dumps({"@type": "WebPage", "mainEntity": {"@type": "Course", "name": "Three", "timeRequired": "PT90M"}}),
        '<!-- {"@type": "Course", "name": "Four", "description": "two\nlines",} -->',
        json.dumps({"@type": "FAQPage", "mainEntity": [{"@type": "Question", "name": "Why?"}]}),
    )
    found = _courses(_page(*scripts, kind="application/ld+json; charset=utf-8"), "a.html")
    assert {course.title: course.duration for course in found} == {"Four": None, "One": None, "Three": 90, "Two": None}
    with pytest.raises(ParseError, match="describes no course"):
        import_catalog({"a.html": _page(scripts[-1])})


def test_courses_of_the_registry_are_read() -> None:
    node: dict[str, Any] = {
        "@id": "https://credentialengineregistry.org/resources/ce-1",
        "@type": "ceterms:Course",
        "ceterms:name": {"en-US": "Welding"},
        "ceterms:inLanguage": ["en-US"],
        "ceterms:ownedBy": ["https://r.example/org"],
        "ceterms:estimatedDuration": [{"@type": "ceterms:DurationProfile", "ceterms:exactDuration": "PT40H"}],
        "ceterms:teaches": [{"ceterms:targetNode": "https://r.example/k", "ceterms:targetNodeName": {"en-US": "Weld"}}],
        "ceterms:keyword": {"en-US": ["metal", "joints"]},
    }
    owner = {"@id": "https://r.example/org", "@type": "ceterms:Organization", "ceterms:name": {"en-US": "College"}}
    for data in ({"@graph": [node, owner]}, [{"decoded_resource": {"@graph": [node, owner]}}]):
        (course,) = _courses(json.dumps(data).encode(), "a.json")
        assert (course.id, course.title, course.language) == (node["@id"], "Welding", "en-US")
        assert (course.duration, course.provider, course.keywords) == (40 * 60, "College", ("Weld",))


def test_what_refers_to_itself_ends() -> None:
    inner: dict[str, Any] = {"@type": "Thing", "name": "x"}
    for _ in range(40):
        inner = {"@type": "Thing", "isPartOf": inner}
    text = json.dumps({"@type": "Course", "@id": "#a", "name": "SQL", "isPartOf": inner, "about": {"@id": "#a"}})
    assert [course.title for course in _courses(text.encode(), "a.jsonld")] == ["SQL"]
