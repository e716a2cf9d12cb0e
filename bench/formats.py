"""What it costs to read ESCO whole, a CASE package of 20,000 items, and the ratings of O*NET.

Run it as ``python bench/formats.py ESCO_CSV.zip ESCO_RELATIONS.zip [FOLDER_OF_ONET_TEXT]``; without the files, the
package alone is measured.  The floor for ESCO is the csv module, the same pydantic models and a networkx graph, by the
most naive code.
"""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import time
import uuid
import zipfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import networkx as nx
from harness import compare, python

import capgraph as cg

ITEMS = 20_000
PACKAGE_AIM = 5.0
ESCO_AIM = 1.0
RATINGS_AIM = 3.0
CONCEPTS = {"skills_en.csv": "capabilities", "skillGroups_en.csv": "capabilities"}
ROLES = {"occupations_en.csv": "role", "ISCOGroups_en.csv": "family"}


def _rows(archives: list[str]) -> dict[str, list[dict[str, str]]]:
    """Return the rows of every file, by name."""
    found = {}
    csv.field_size_limit(1 << 24)
    for archive in archives:
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                if name.endswith(".csv"):
                    text = io.StringIO(opened.read(name).decode("utf-8-sig"), newline="")
                    found[name.rpartition("/")[2]] = list(csv.DictReader(text))
    return found


def naive(archives: list[str]) -> tuple[cg.Framework, Any]:
    """Return ESCO as the same models and a networkx graph, by the most naive code."""
    files = _rows(archives)
    broader, required = defaultdict(list), defaultdict(list)
    for name in ("broaderRelationsSkillPillar.csv", "broaderRelationsOccPillar.csv"):
        for row in files[name]:
            broader[row["conceptUri"]].append(row["broaderUri"])
    for row in files["occupationSkillRelations.csv"]:
        required[row["occupationUri"]].append(cg.Requirement(capability=row["skillUri"], necessity=row["relationType"]))
    fields: dict[str, list[Any]] = {"capabilities": [], "roles": []}
    for name in CONCEPTS:
        for row in files[name]:
            labels = [label for label in row["altLabels"].split("\n") if label.strip()]
            own = {"id": row["conceptUri"], "label": row["preferredLabel"], "description": row["description"]}
            fields["capabilities"].append(cg.Capability(**own, alternative_labels=labels, broader=broader[own["id"]]))
    for name, kind in ROLES.items():
        for row in files[name]:
            labels = [label for label in row["altLabels"].split("\n") if label.strip()]
            own = {"id": row["conceptUri"], "label": row["preferredLabel"], "description": row["description"]}
            links = {"broader": broader[own["id"]], "requirements": required[own["id"]]}
            fields["roles"].append(cg.RoleProfile(**own, kind=kind, alternative_labels=labels, **links))
    framework = cg.Framework(id="http://data.europa.eu/esco", **fields)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for capability in framework.capabilities:
        graph.add_node(capability.id, label=capability.label)
        graph.add_edges_from((capability.id, parent) for parent in capability.broader)
    for role in framework.roles:
        graph.add_node(role.id, label=role.label)
        graph.add_edges_from((role.id, parent) for parent in role.broader)
        graph.add_edges_from((role.id, item.capability) for item in role.requirements)
    return framework, graph


def package() -> bytes:
    """Return a CASE package of 20,000 items in a tree."""
    keys = [str(uuid.uuid5(uuid.NAMESPACE_URL, str(number))) for number in range(ITEMS + 1)]
    when = "2026-01-01T00:00:00Z"
    document = {"identifier": keys[0], "uri": f"urn:uuid:{keys[0]}", "creator": "x", "title": "Large"}
    items = [
        {"identifier": key, "uri": f"urn:uuid:{key}", "fullStatement": f"Item {number}", "lastChangeDateTime": when}
        for number, key in enumerate(keys[1:], start=1)
    ]
    links = [
        {
            "identifier": str(uuid.uuid5(uuid.NAMESPACE_URL, f"link{number}")),
            "associationType": "isChildOf",
            "originNodeURI": {"identifier": keys[number]},
            "destinationNodeURI": {"identifier": keys[number // 10]},
        }
        for number in range(1, ITEMS + 1)
    ]
    return json.dumps({"CFDocument": document, "CFItems": items, "CFAssociations": links}).encode()


def _timed(name: str, aim: float, code: str) -> None:
    """Print what a call costs beside its aim."""
    start, busy = time.perf_counter(), time.process_time()
    size = len(eval(code, {"cg": cg}))  # noqa: S307 - a call of this bench's own
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    told = f"{name}: {size:,} entries in {seconds:.2f} s ({busy:.2f} s of the processor)"
    print(f"{told}, aim {aim:g} s ({'reached' if seconds <= aim else 'missed'})")


def main() -> None:
    """Print each figure beside its aim."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "large.json")
        path.write_bytes(package())
        _timed("CASE package", PACKAGE_AIM, f"cg.read_framework({str(path)!r}).capabilities")
    archives = [name for name in sys.argv[1:] if name.endswith(".zip")]
    if archives:
        ours = f"import capgraph as cg, warnings; warnings.simplefilter('ignore'); cg.read_framework(*{archives!r})"
        folder = str(Path(__file__).parent)
        peer = f"import sys; sys.path.insert(0, {folder!r}); import formats; formats.naive({archives!r})"
        ratio = compare({"ESCO read": python("-c", ours), "csv, pydantic, networkx": python("-c", peer)}, runs=3)
        print(f"aim {ESCO_AIM:g} ({'reached' if ratio <= ESCO_AIM else 'missed'})")
    for folder in [name for name in sys.argv[1:] if not name.endswith(".zip")]:
        _timed("O*NET ratings", RATINGS_AIM, f"cg.reading({folder!r}).document.roles")


if __name__ == "__main__":
    main()
