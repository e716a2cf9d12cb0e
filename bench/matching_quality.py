"""How well suggestions rank on labelled data, beside the plain methods that most tools use, all in one run.

``python bench/matching.py quality`` prints it.  It needs the labelled sentences, ESCO and O*NET in ``../shared/data``.
"""

from __future__ import annotations

import csv
import random
import re
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from python_calamine import CalamineWorkbook
from rapidfuzz import fuzz, process
from scipy import sparse

import capgraph as cg
from capgraph.analysis.embedding import unit_vectors, wordllama_embedding
from capgraph.analysis.evaluation import labelled_texts
from capgraph.analysis.gathering import findings
from capgraph.analysis.matcher import Matcher
from capgraph.analysis.segments import segments
from capgraph.text import normalize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LISTED = 100
DEPTH = 5
HIDDEN = 220
SEED = 4


class Task(NamedTuple):
    """Texts, what may be found, and what should be."""

    queries: list[str]
    names: list[list[str]]
    """The labels of each thing that may be found, the preferred one first."""
    right: list[set[int]]


def characters(text: str) -> list[str]:
    """Return the stretches of two to four signs of a text."""
    plain = " ".join(text.lower().split())
    return [plain[at : at + size] for size in (2, 3, 4) for at in range(len(plain) - size + 1)]


def words(text: str) -> list[str]:
    """Return the words of a text and the pairs of neighbors."""
    found = re.findall(r"\w\w+", text.lower())
    return [*found, *(f"{left} {right}" for left, right in pairwise(found))]


def tfidf(fitted: Sequence[str], asked: Sequence[str], features: Callable[[str], list[str]]) -> NDArray[np.float32]:
    """Return the cosines of asked × fitted texts, weighted as scikit-learn's TfidfVectorizer weighs by itself."""
    vocabulary: dict[str, int] = {}
    for text in fitted:
        for feature in features(text):
            vocabulary.setdefault(feature, len(vocabulary))

    def counted(texts: Iterable[str]) -> sparse.csr_matrix:
        starts = [0]
        columns: list[int] = []
        values: list[int] = []
        for text in texts:
            known = Counter(vocabulary[one] for one in features(text) if one in vocabulary)
            columns.extend(known)
            values.extend(known.values())
            starts.append(len(columns))
        data = np.array(values, np.float32)
        return sparse.csr_matrix((data, columns, starts), shape=(len(starts) - 1, len(vocabulary)))

    rows = counted(fitted)
    rarity = np.log((1 + len(fitted)) / (1 + np.bincount(rows.indices, minlength=len(vocabulary)))) + 1

    def unit(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
        weighted = sparse.csr_matrix(matrix @ sparse.diags(rarity))
        lengths = np.sqrt(np.asarray(weighted.power(2).sum(axis=1)).ravel())
        return sparse.csr_matrix(sparse.diags(1 / np.maximum(lengths, 1e-9)) @ weighted)

    return np.asarray((unit(counted(asked)) @ unit(rows).T).toarray(), np.float32)


def best_of_all(task: Task) -> NDArray[np.float32]:
    """Return the spelling of each text beside the best of all labels of each entry."""
    owners = [place for place, names in enumerate(task.names) for _ in names]
    alike = tfidf([name for names in task.names for name in names], task.queries, characters)
    found = np.zeros((len(task.queries), len(task.names)), np.float32)
    for row, values in zip(found, alike, strict=True):
        np.maximum.at(row, owners, values)
    return found


def fuzzy(task: Task, scorer: Callable[..., float]) -> NDArray[np.float32]:
    """Return what a scorer of rapidfuzz says of each text and preferred label."""
    names = [normalize(one[0]) for one in task.names]
    return np.asarray(process.cdist([normalize(one) for one in task.queries], names, scorer=scorer), np.float32)


def peers(task: Task, scorer: Callable[..., float]) -> dict[str, NDArray[np.float32]]:
    """Return the scores of the plain methods."""
    embed = wordllama_embedding()
    preferred = [names[0] for names in task.names]
    meaning = unit_vectors(embed, task.queries) @ unit_vectors(embed, preferred).T
    spelling = best_of_all(task)
    return {
        "TF-IDF char 2-4, best of all labels": spelling,
        "TF-IDF word 1-2, preferred labels": tfidf(preferred, task.queries, words),
        "wordllama, preferred labels": meaning,
        "wordllama + TF-IDF char": meaning + spelling,
        f"rapidfuzz {scorer.__name__}": fuzzy(task, scorer),
    }


def ranks(scores: NDArray[np.float32], right: Sequence[set[int]]) -> list[list[int]]:
    """Return the ranks of what is right, from 1, among the first hundred of each text."""
    order = np.argsort(-scores, axis=1, kind="stable")[:, :LISTED]
    return [
        [rank for rank, place in enumerate(row, 1) if place in wanted]
        for row, wanted in zip(order.tolist(), right, strict=True)
    ]


def rp_and_mrr(found: Sequence[Sequence[int]], right: Sequence[set[int]]) -> str:
    """Return RP@5 and MRR."""
    rp = [
        sum(rank <= DEPTH for rank in one) / min(DEPTH, len(wanted)) for one, wanted in zip(found, right, strict=True)
    ]
    return f"{np.mean(rp):.3f} / {reciprocal(found):.3f}"


def hits_and_mrr(found: Sequence[Sequence[int]], right: Sequence[set[int]]) -> str:
    """Return hits@1, hits@5 and MRR."""
    first, five = (sum(any(rank <= depth for rank in one) for one in found) / len(right) for depth in (1, DEPTH))
    return f"{first:.3f} / {five:.3f} / {reciprocal(found):.3f}"


def reciprocal(found: Sequence[Sequence[int]]) -> float:
    """Return the mean of 1 / the rank of the first right one."""
    return float(np.mean([1 / one[0] if one else 0.0 for one in found]))


def sentences() -> None:
    """Print RP@5 and MRR on labelled sentences of job advertisements, against ESCO."""
    framework = cg.read_framework(DATA / "esco" / "v1.1.0-en-csv.zip")
    matchers = {
        "capgraph, words alone": Matcher(framework),
        "capgraph, wordllama": Matcher(framework, embed="wordllama"),
    }
    entries = matchers["capgraph, words alone"].entries
    names = [[entry.label, *(label.text for label in entry.others)] for entry in entries]
    places = {entry.id: place for place, entry in enumerate(entries)}
    print("sentences against 13,891 skills: RP@5 / MRR")
    for name in ("house", "tech"):
        path = DATA / "labelled" / f"{name}_validation_annotations.csv"
        with path.open(encoding="utf-8") as lines:
            labelled = [row for row in labelled_texts(list(csv.DictReader(lines)), framework) if row[1]]
        right = [{places[id_] for id_ in ids} for _, ids in labelled]
        task = Task([text for text, _ in labelled if isinstance(text, str)], names, right)
        for method, scores in peers(task, fuzz.WRatio).items():
            print(f"  {name:5} {method:38} {rp_and_mrr(ranks(scores, right), right)}")
        for method, matcher in matchers.items():
            listed = findings([list(segments(text)) for text in task.queries], matcher)
            found = [
                [rank for rank, one in enumerate(row, 1) if one.entry in wanted]
                for row, wanted in zip(listed, right, strict=True)
            ]
            print(f"  {name:5} {method:38} {rp_and_mrr(found, right)}")


def occupations() -> None:
    """Print hits@1, hits@5 and MRR of O*NET occupations against those of ESCO."""
    theirs = cg.read_framework(DATA / "esco" / "v1.1.0-en-csv.zip")
    roles = [role for role in theirs.roles if role.kind != "family"]
    places = {role.id: place for place, role in enumerate(roles)}
    names = [[role.label, *role.alternative_labels] for role in roles]
    official, hidden = _official(), _hidden({normalize(role.label): role.id for role in roles})
    for title, (ours, gold) in {
        "official exact and close matches": official,
        "alternate titles that are ESCO labels, hidden": hidden,
    }.items():
        right = [{places[id_] for id_ in gold[role.id] if id_ in places} for role in ours]
        task = Task([role.label for role in ours], names, right)
        print(f"{len(ours)} occupations, {title}: hits@1 / hits@5 / MRR")
        for method, scores in peers(task, fuzz.token_set_ratio).items():
            print(f"  {method:44} {hits_and_mrr(ranks(scores, right), right)}")
        for method, embed in (("words alone", None), ("wordllama", "wordllama")):
            framework = cg.Framework(id="fw:onet", roles=ours)
            report = cg.suggest_crosswalk(framework, theirs, of="roles", embed=embed, min_confidence=0, limit=25)
            listed: dict[str, list[int]] = defaultdict(list)
            for row in report:
                listed[row.subject].append(places[row.object])
            found = [
                [rank for rank, place in enumerate(listed[role.id], 1) if place in wanted]
                for role, wanted in zip(ours, right, strict=True)
            ]
            print(f"  {'capgraph, ' + method:44} {hits_and_mrr(found, right)}")


def _occupations() -> dict[str, cg.RoleProfile]:
    """Return the occupations of O*NET with their alternate titles."""

    def rows(name: str) -> list[list[str]]:
        sheet = CalamineWorkbook.from_path(DATA / "onet" / f"{name}.xlsx").get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()[1:]]

    titles: dict[str, dict[str, None]] = defaultdict(dict)
    for code, _, title, *_ in rows("Alternate Titles"):
        titles[code][title] = None
    return {
        f"soc:{code}": cg.RoleProfile(
            id=f"soc:{code}", label=title, description=text, alternative_labels=tuple(titles[code])
        )
        for code, title, text in rows("Occupation Data")
    }


def _official() -> tuple[list[cg.RoleProfile], dict[str, set[str]]]:
    """Return the occupations of the official crosswalk that have an exact or close match."""
    path = DATA / "labelled" / "crosswalk_esco_onet_first200.csv"
    rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    start = next(place for place, row in enumerate(rows) if row[:1] == ["O*NET Id"]) + 1
    gold: dict[str, set[str]] = defaultdict(set)
    for code, _, _, uri, *_, kind in rows[start:]:
        if kind in {"exactMatch", "closeMatch"}:
            gold[f"soc:{code}"].add(uri)
    known = _occupations()
    return [known[code] for code in sorted(gold) if code in known], gold


def _hidden(labels: dict[str, str]) -> tuple[list[cg.RoleProfile], dict[str, set[str]]]:
    """Return occupations one of whose alternate titles is a label of ESCO, without that title."""
    gold: dict[str, set[str]] = defaultdict(set)
    ours: list[cg.RoleProfile] = []
    for role in _occupations().values():
        named = {title: labels.get(normalize(title)) for title in role.alternative_labels}
        gold[role.id] |= {id_ for id_ in named.values() if id_ and id_ != labels.get(normalize(role.label))}
        if gold[role.id]:
            ours.append(role.replace(alternative_labels=[title for title, id_ in named.items() if not id_]))
    random.Random(SEED).shuffle(ours)  # noqa: S311 - a bench wants the same numbers each time
    return ours[:HIDDEN], gold


def main() -> None:
    """Print both."""
    sentences()
    occupations()
