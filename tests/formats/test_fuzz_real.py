"""Real files, broken in many ways: there is one clear error, or a document with its problems listed; nothing else."""

from __future__ import annotations

import zipfile
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from capgraph.errors import FormatError
from capgraph.formats import format_named, known_formats
from capgraph.formats.content import Content
from damage import damaged

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis import strategies as st

pytestmark = [pytest.mark.real_data, pytest.mark.filterwarnings("ignore::capgraph.errors.CapgraphWarning")]

SAMPLES = {
    "esco": ("esco/v1.1.1-subset/*.csv",),
    "onet": ("onet/sample_txt/*.txt",),
    "nice": ("nice/*_subset.json",),
    "ddat": ("ddat/roles_subset.csv",),
    "sfia": ("sfia/sfia9_skills_header_shape.csv",),
    "case": ("case/synthetic_case_1_1.json", "case/opensalt/legacy_2017_export.json"),
    "ctdl-asn": ("ctdl_asn/registry_envelope_synthetic.json", "ctdl_asn/nice_work_role_example.json"),
    "skos": ("skos/service_skills.ttl", "skos/service_skills.rdf", "skos/service_skills.jsonld"),
    "moodle": ("moodle/framework_en.csv",),
    "canvas": ("canvas/outcomes.csv",),
    "openedx": ("openedx/taxonomy.csv",),
    "openedx-json": ("openedx/taxonomy.json",),
    "osmt": ("osmt/Skills-Import.csv", "osmt/api_v3_skill_single.json"),
    "open-badges": ("openbadges/assessment_with_results.json", "openbadges/open_badge_2_0.json"),
    "sssom": ("sssom/basic6.tsv", "sssom/literals-condensed.sssom.tsv"),
    "esco-crosswalk": ("labelled/crosswalk_esco_onet_first200.csv",),
    "cmi5": ("cmi5/complex-cmi5.xml",),
    "scorm": ("scorm/synthetic_scorm12_lom_competency.zip", "scorm/synthetic_scorm2004_nested_root.zip"),
    "framework-table": ("osmt/BLS-Import.csv",),
    "course-table": ("catalogs_synthetic/udemy_business_courses.csv",),
    "people-table": ("people_synthetic/org_chart.csv",),
    "ucsd": ("ucsd_catalog/ucsd_courses.jsonl",),
}
"""The samples of each reader, as patterns below the folder with the real files; each is broken by itself."""
WITHOUT = {
    *("native", "native-lines", "tidy", "tidy-xlsx"),
    *("lightcast", "common-cartridge", "olx", "tincan", "h5p", "moodle-backup"),
}
"""Readers whose files are our own, or of which no real file may be kept; those are broken in another test."""
LARGEST = 60_000
LARGE = 200_000


@cache
def files_of(folder: Path, pattern: str) -> dict[str, bytes]:
    """Return a sample by file name: the entries of an archive, and no more of a long file than a reader needs."""
    found: dict[str, bytes] = {}
    for path in sorted(folder.glob(pattern)):
        if path.suffix == ".zip":
            with zipfile.ZipFile(path) as archive:
                found |= {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        else:
            found[path.name] = path.read_bytes()
    return {
        name: data if name.endswith((".json", ".xml")) else data[: data.rfind(b"\n", 0, LARGEST) + 1] or data[:LARGEST]
        for name, data in found.items()
    }


def test_every_reader_is_fed_real_files_or_says_why_not() -> None:
    assert {item.name for item in known_formats() if item.reader is not None} == {*SAMPLES, *WITHOUT}


@pytest.mark.parametrize(("name", "pattern"), [(name, one) for name, many in SAMPLES.items() for one in many])
def test_broken_real_files_end_in_one_of_two_ways(shared_data: Path, name: str, pattern: str) -> None:
    item, files = format_named(name), files_of(shared_data, pattern)
    assert files
    size = sum(map(len, files.values()))
    mutations: st.SearchStrategy[dict[str, bytes]] = damaged(files)

    @settings(
        max_examples=10 if size > LARGE else 25 if size > LARGEST else 60,
        deadline=None,
        phases=[Phase.explicit, Phase.reuse, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(mutations)
    def ends_well(broken: dict[str, bytes]) -> None:
        for kind in ("", *item.reads):
            assert 0 <= item.sniff(Content(broken), kind).score <= 1
        try:
            document, conversion = item.parse(broken)
        except FormatError:
            return
        assert document.kind in item.reads
        assert all(str(issue) for issue in conversion.problems)

    ends_well()
