"""Records that are written without a model in between lead to what the model makes of them."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest

from capgraph.ingest import import_catalog
from capgraph.ingest.profile import FieldRule, Profile
from capgraph.ingest.ready import Composing
from capgraph.model import Capability, Catalog, Framework
from capgraph.store import Store

if TYPE_CHECKING:
    from capgraph.ingest.ready import Ready

HEAD = (
    "Course ID",
    "Title",
    "Duration (h)",
    "Skills",
    "Prerequisites",
    "Language",
    "Price",
    "Level",
    "Link",
    "Internal",
)
ROWS = (
    ("A-1", "One", "2", "SQL; Git", "", "en", "49.50 EUR", "Beginner", "https://example.org/1", "x"),
    ("A-2", "Größe “zwei”", "n/a", "", "", "de; fr", "0", "L3", "nowhere", "="),
    ("A-3", "=SUM(A1)", "1:30:00", "Coaching", "A-1 and A-2", "en", "", "", "", ""),
    ("4.0", 'A "quoted" \\ title', "x", "sql", "none", "klingon", "7 USD", "Beginner", "www.example.org", "\ttab"),
    ("https://example.org/c/5", "Five", "-1", "SQL", "", "", "", "", "", ""),
    ("A-6", "Six\u2028lines", "1", "SQL;SQL", "", "en", "1.000,00 EUR", "", "", "a;b"),
    ("A-6", "Six\u2028lines", "1", "Git", "", "en", "1.000,00 EUR", "", "", "a;b"),
    ("A-7", "Seven\x00", "1", "SQL", "", "en", "", "", "", "nul"),
    ("A-8", "Eight", "1", "SQL\x00", "", "en", "", "", "", "\x00"),
)  # fmt: skip
FRAMEWORK = Framework(id="fw:a", capabilities=[Capability(id="cap:sql", label="SQL")])


def _text() -> dict[str, bytes]:
    stream = io.StringIO()
    csv.writer(stream).writerows([HEAD, *ROWS])
    return {"courses.csv": stream.getvalue().encode()}


def _nested() -> dict[str, bytes]:
    records = [dict(zip(HEAD, row, strict=True)) for row in ROWS]
    records[0]["Title"] = ["One", "Eins"]  # type: ignore[assignment]
    return {"courses.json": json.dumps(records).encode()}


PROFILES = {
    "none": None,
    "demanding": Profile(name="mine", required=("duration",), fields={"language": FieldRule(reject="bad-language")}),
}


@pytest.mark.parametrize("source", [_text(), _nested()], ids=["rows", "nested"])
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("framework", [None, FRAMEWORK], ids=["", "framework"])
def test_a_store_holds_what_the_plan_without_one_says(
    source: dict[str, bytes], profile: Profile | None, framework: Framework | None
) -> None:
    alone = import_catalog(source, profile=profile, framework=framework)
    with Store("sqlite://") as store:
        planned = import_catalog(source, into=store, profile=profile, framework=framework, apply=False)
        applied = planned.apply()
        assert applied.rows() == alone.rows()
        assert applied.document == planned.document == alone.document == store.load(alone.document.id)
        again = import_catalog(source, into=store, profile=profile, framework=framework)
        assert again.revision is None
        assert isinstance(alone.document, Catalog)
        assert store.save(alone.document).added == 0


@pytest.mark.parametrize("has_ids", [True, False])
def test_half_a_character_costs_its_own_record_alone(*, has_ids: bool) -> None:
    """JSON may hold one half of a surrogate pair, which no text and no id can be made of."""
    records = [{"id": "A-1", "title": "One"}, {"id": "\ud800", "title": "Two"}, {"id": "A-3", "title": "3\ud800"}]
    if not has_ids:
        records = [{"title": record["title"]} for record in records]
    source = {"courses.json": json.dumps(records).encode()}
    alone = import_catalog(source)
    with Store("sqlite://") as store:
        applied = import_catalog(source, into=store)
        assert applied.rows() == alone.rows()
        assert store.load(alone.document.id) == alone.document
    refused = {row.locator for row in alone.records if row.action == "rejected"}
    assert refused == ({"/1", "/2"} if has_ids else {"/2"})
    assert [row.locator for row in alone.records if row.action == "added"] == ["/0"] + ["/1"] * (not has_ids)


def test_most_records_need_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, bool] = {}
    whole = Composing.ready

    def ready(self: Composing, *given: object, **more: object) -> Ready | None:
        found = whole(self, *given, **more)  # type: ignore[arg-type]
        made[str(given[1])] = found is not None
        return found

    monkeypatch.setattr(Composing, "ready", ready)
    with Store("sqlite://") as store:
        import_catalog(_text(), into=store)
    assert [key for key, was in made.items() if not was] == ["A-3", "A-7", "A-8"]
    assert {"A-1", "A-2", "4"} < set(made)
