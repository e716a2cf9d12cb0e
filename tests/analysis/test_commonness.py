"""What is common is the same, counted at once or in shards: the ground of the same answer on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

import capgraph as cg
from capgraph.analysis.candidates import KeyTable, key_tables, paired
from capgraph.analysis.commonness import Commonness, rows_of, tally_of
from capgraph.analysis.corpus import Corpus
from capgraph.analysis.entries import asset_entry
from capgraph.analysis.scoring import judge

if TYPE_CHECKING:
    from capgraph.analysis.entries import Described


def entries() -> list[Described]:
    graph = cg.sample().graph()
    nodes = (graph[id_] for id_ in graph.ids(cg.LearningAsset))
    found = [asset_entry(node) for node in nodes if isinstance(node, cg.LearningAsset)]
    departments = ("ANTH", "ART", "BIO", "CHEM", "ECON", "ENGL", "GEOL", "HIST", "LING", "MATH", "MUS", "PHIL", "SOC")
    for department in departments:
        for number in (101, 199, 250):
            title = "Special projects: writing" if number == 199 else f"{department} theory {number}"
            course = cg.LearningAsset(
                id=f"asset:{department}-{number}",
                title=title,
                description=f"Same as {departments[0]} {number}. Reading and writing on {department.lower()}.",
                notation=f"{department} {number}",
            )
            found.append(asset_entry(course))
    return found


def in_shards(found: list[Described], shards: int) -> list[Corpus]:
    keys = Corpus(found)
    spread: list[list[Described]] = [[] for _ in range(shards)]
    whole = {one.entry.id: one for one in found}
    for entry, key in zip(keys.entries, keys.title_keys.tolist(), strict=True):
        spread[key % shards].append(whole[entry.id])
    return [Corpus(part) for part in spread]


def test_shards_add_up_to_the_whole() -> None:
    found = entries()
    whole = Corpus(found).known
    added = Commonness.of(corpus.tally() for corpus in in_shards(found, 4))
    assert added == whole._replace(texts=added.texts, seen=added.seen, titles=added.titles)
    assert (added.texts, added.seen, added.titles) == (dict(whole.texts), dict(whole.seen), dict(whole.titles))
    assert whole.numbering.is_grouped
    assert whole.generic


def test_a_tally_survives_as_rows() -> None:
    for corpus in in_shards(entries(), 3):
        tally = corpus.tally()
        assert tally_of(rows_of(tally)) == tally


def test_keys_and_verdicts_of_a_part_are_those_of_the_whole() -> None:
    found = entries()
    whole = Corpus(found)
    part = Corpus(found[10:40], whole.known)
    places = {entry.id: place for place, entry in enumerate(whole.entries)}
    mine = np.array([places[entry.id] for entry in part.entries])
    for table, other in zip(key_tables(part), key_tables(whole), strict=True):
        everything = set(zip(other.places.tolist(), other.keys.tolist(), strict=True))
        assert {(int(mine[place]), key) for place, key in zip(table.places, table.keys.tolist(), strict=True)} == {
            item for item in everything if item[0] in set(mine.tolist())
        }
    lefts, rights = np.array([0, 3, 5]), np.array([1, 4, 9])
    for ours, theirs in zip(judge(part, lefts, rights), judge(whole, mine[lefts], mine[rights]), strict=True):
        assert (ours.score, ours.equal, ours.differs, ours.said) == (
            theirs.score,
            theirs.equal,
            theirs.differs,
            theirs.said,
        )
        assert ours.text == pytest.approx(theirs.text)


def test_keys_that_nobody_shares_give_no_pairs() -> None:
    assert not len(paired(KeyTable(0, np.empty(0, np.int64), np.empty(0, np.uint64)), 0))
    assert not len(paired(KeyTable(5, np.arange(3), np.arange(3, dtype=np.uint64)), 3))
