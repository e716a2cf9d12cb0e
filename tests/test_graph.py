"""CapabilityGraph: identity, lookup, closures, inheritance, links, threads."""

from __future__ import annotations

import copy
import datetime as dt
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import networkx as nx
import pytest
from hypothesis import given

import capgraph as cg
from capgraph.links import RELATIONS, links
from capgraph.model import Node
from strategies import catalogs, frameworks

if TYPE_CHECKING:
    from capgraph.model import Document

SCALE = cg.ProficiencyScale(
    id="scale:s", label="S", levels=tuple(cg.ProficiencyLevel(rank=rank, label=str(rank)) for rank in (1, 2, 3))
)


def framework(**fields: object) -> cg.Framework:
    """Return a framework with a default scale."""
    return cg.Framework.model_validate({"id": "fw:x", "scales": [SCALE], "default_scale": "scale:s", **fields})


@pytest.fixture
def graph() -> cg.CapabilityGraph:
    """Return a graph of every kind of document."""
    needs = {
        "family": [cg.Requirement(capability="cap:sql", level=1), cg.Requirement(capability="cap:ethics", level=1)],
        "engineer": [cg.Requirement(capability="cap:sql", level=3)],
    }
    return cg.CapabilityGraph(
        framework(
            capabilities=[
                cg.Capability(id="cap:data", label="Data", kind="domain"),
                cg.Capability(id="cap:sql", label="SQL", broader=("cap:data",), related=("cap:ethics",)),
                cg.Capability(id="cap:tuning", label="Query tuning", broader=("cap:sql", "cap:data")),
                cg.Capability(id="cap:ethics", label="Data ethics", prerequisites=("cap:data",)),
            ],
            behaviors=[
                cg.Behavior(id="beh:1", capability="cap:sql", level=2, statement="Writes joins."),
                cg.Behavior(id="beh:2", capability="cap:sql", level=1, statement="Writes selects."),
                cg.Behavior(id="beh:3", capability="cap:sql", statement="Asks for the schema."),
            ],
            roles=[
                cg.RoleProfile(id="role:family", label="Data", kind="family", requirements=tuple(needs["family"])),
                cg.RoleProfile(
                    id="role:engineer",
                    label="Engineer",
                    broader=("role:family",),
                    requirements=tuple(needs["engineer"]),
                ),
            ],
        ),
        cg.Catalog(
            id="cat:x",
            assets=(
                cg.LearningAsset(
                    id="asset:sql",
                    title="SQL",
                    alignments=(cg.Alignment(target="cap:sql"), cg.Alignment(target="cap:gone", relation="requires")),
                    prerequisites=cg.Condition(any_of=("asset:none", "asset:joins")),
                ),
                cg.LearningAsset(id="asset:joins", title="Joins", alignments=(cg.Alignment(target="beh:1"),)),
            ),
        ),
        cg.Workforce(
            id="wf:x",
            people=(cg.Person(id="person:a", roles=("role:engineer",)), cg.Person(id="person:b")),
            evidence=(
                cg.Evidence(
                    id="ev:1", person="person:a", capability="cap:sql", kind="test", level=2, date=dt.date(2026, 1, 1)
                ),
                cg.Evidence(id="ev:2", person="person:b", behavior="beh:1", kind="peer", date=dt.date(2026, 1, 1)),
            ),
        ),
    )


def test_an_unknown_id_suggests_the_nearest(graph: cg.CapabilityGraph) -> None:
    """The message of a lookup that fails reads like a sentence and offers a correction."""
    with pytest.raises(cg.errors.UnknownIdError) as caught:
        graph["role:enginer"]
    assert str(caught.value) == "no node 'role:enginer'; did you mean 'role:engineer'?"
    assert caught.value.suggestion == "role:engineer"
    assert isinstance(caught.value, KeyError)
    with pytest.raises(cg.errors.UnknownIdError, match="check its spelling, and that its document is loaded"):
        graph["zzz:0000000000"]


def test_an_unknown_relation_is_refused(graph: cg.CapabilityGraph) -> None:
    """An empty answer to a misspelled question would be believed."""
    with pytest.raises(cg.errors.ArgumentError, match=r"'brooader' is no relation; did you mean 'broader'\?"):
        graph.links("role:engineer", "brooader")
    with pytest.raises(cg.errors.ArgumentError, match="is no relation; use one of broader"):
        graph.links("role:engineer", "zzzzzz")


@pytest.mark.parametrize("wrong", [None, 3, float("nan"), ["role:engineer"]])
def test_what_is_no_text_is_no_id(graph: cg.CapabilityGraph, wrong: Any) -> None:  # noqa: ANN401 - that is the point
    with pytest.raises(cg.errors.ArgumentError, match="is no id; ids are text"):
        graph[wrong]
    assert wrong not in graph


def test_a_list_of_documents_has_to_be_spread() -> None:
    documents: Any = [framework()]
    with pytest.raises(cg.errors.ArgumentError, match=r"'list' is no document; .* spread lists with \*"):
        cg.CapabilityGraph(documents)


@pytest.mark.parametrize("wrong", ["2026-01-31", dt.datetime(2026, 1, 31, tzinfo=dt.UTC), 3])
def test_what_is_no_date_is_no_day(graph: cg.CapabilityGraph, wrong: Any) -> None:  # noqa: ANN401 - that is the point
    with pytest.raises(cg.errors.ArgumentError, match=r"is no day; give a datetime\.date"):
        cg.gap(graph, "role:engineer", "role:engineer", as_of=wrong)


def test_an_id_of_the_wrong_kind_is_refused_with_both_kinds(graph: cg.CapabilityGraph) -> None:
    """Asking a capability for its requirements says what it is."""
    with pytest.raises(cg.errors.UnknownIdError, match="'cap:sql' is a Capability, not a RoleProfile"):
        graph.requirements("cap:sql")


def test_closures_are_breadth_first_and_leave_the_start_out(graph: cg.CapabilityGraph) -> None:
    """Narrower and broader entries come nearest first, as far as asked."""
    assert graph.narrower("cap:data") == ("cap:sql", "cap:tuning")
    assert graph.narrower("cap:data", depth=None) == ("cap:sql", "cap:tuning")
    assert graph.broader("cap:tuning") == ("cap:data", "cap:sql")
    assert graph.broader("cap:sql", depth=0) == ()


def test_requirements_are_inherited_and_the_nearest_counts(graph: cg.CapabilityGraph) -> None:
    """A role replaces what it inherits for a capability."""
    stated = graph.requirements("role:engineer")
    assert [(item.capability, item.requirement.level, item.role) for item in stated] == [
        ("cap:ethics", 1, "role:family"),
        ("cap:sql", 3, "role:engineer"),
    ]
    assert [item.capability for item in graph.requirements("role:engineer", inherited=False)] == ["cap:sql"]


def test_of_equally_near_requirements_the_most_demanding_counts() -> None:
    """Two broader roles: a gate goes before a level, a level before a weight."""
    gate = cg.Requirement(capability="cap:a", level=1, necessity="mandatory")
    high = cg.Requirement(capability="cap:a", level=3)
    both = cg.CapabilityGraph(
        framework(
            capabilities=[cg.Capability(id="cap:a", label="A")],
            roles=[
                cg.RoleProfile(id="role:a", label="A", requirements=(high,)),
                cg.RoleProfile(id="role:b", label="B", requirements=(gate,)),
                cg.RoleProfile(id="role:c", label="C", broader=("role:a", "role:b")),
            ],
        )
    )
    assert both.requirements("role:c")[0].requirement == gate


def test_links_of_behaviors_count_for_their_capability(graph: cg.CapabilityGraph) -> None:
    """Assets, holders and behaviors of a capability."""
    assert [(link.source, link.target) for link in graph.assets("cap:sql")] == [
        ("asset:joins", "beh:1"),
        ("asset:sql", "cap:sql"),
    ]
    assert graph.holders("cap:sql") == ("person:a", "person:b")
    assert graph.behaviors("cap:sql") == ("beh:3", "beh:2", "beh:1")
    assert graph.behaviors("cap:sql", level=2) == ("beh:1",)
    scale = graph.scale("cap:sql")
    assert scale is not None
    assert scale.ranks == (1, 2, 3)


def test_evidence_is_found_by_person_and_by_subject(graph: cg.CapabilityGraph) -> None:
    """Records come by id, filtered on either end."""
    assert [record.id for record in graph.evidence()] == ["ev:1", "ev:2"]
    assert [record.id for record in graph.evidence("person:a")] == ["ev:1"]
    assert [record.id for record in graph.evidence(about="beh:1")] == ["ev:2"]
    assert graph.evidence("person:a", about="beh:1") == ()


def test_what_leads_nowhere_is_listed(graph: cg.CapabilityGraph) -> None:
    """References to other documents that are not loaded are kept apart."""
    assert [(link.source, link.relation, link.target) for link in graph.unresolved] == [
        ("asset:sql", "prerequisite", "asset:none"),
        ("asset:sql", "presumes", "cap:gone"),
    ]


def test_the_network_is_frozen_and_carries_models(graph: cg.CapabilityGraph) -> None:
    """The networkx graph cannot be changed, and holds entries and what links say."""
    network = graph.network
    assert graph.network is network
    with pytest.raises(nx.NetworkXError, match=r"[Ff]rozen"):
        network.add_node("x")
    assert network.nodes["cap:sql"]["kind"] == "Capability"
    assert "ev:1" not in network
    relations = {data["relation"] for _, _, data in network.edges(data=True)}
    assert relations <= set(RELATIONS)
    assert {"evidence", "requires", "teaches", "shows"} <= relations


def test_a_prefix_bound_twice_is_refused_with_both_readings() -> None:
    """Ids whose prefix has two meanings are handed out as IRIs."""
    documents = [
        cg.Framework(
            id=f"fw:{name}", prefixes={"cap": f"https://{name}.org/"}, capabilities=[{"id": "cap:x", "label": "X"}]
        )
        for name in ("one", "two")
    ]
    graph = cg.CapabilityGraph(*documents)
    assert list(graph) == ["https://one.org/x", "https://two.org/x"]
    with pytest.raises(cg.errors.UnknownIdError, match=r"'https://one.org/x' or 'https://two.org/x'"):
        graph.resolve("cap:x")
    assert "cap:x" not in graph


def test_an_id_is_found_as_curie_and_as_iri() -> None:
    """Identity is the IRI; a document without the prefix reads it as the others do."""
    graph = cg.CapabilityGraph(
        cg.Framework(id="fw:x", prefixes={"cap": "https://e.org/"}, capabilities=[{"id": "cap:x", "label": "X"}]),
        cg.Catalog(id="cat:x", assets=[{"id": "asset:x", "title": "X", "alignments": [{"target": "cap:x"}]}]),
        cg.Catalog(id="cat:y", assets=[{"id": "asset:y", "title": "Y", "alignments": [{"target": "https://e.org/x"}]}]),
    )
    assert graph.resolve("https://e.org/x") == "cap:x"
    assert [link.source for link in graph.assets("cap:x")] == ["asset:x", "asset:y"]
    assert not graph.unresolved


def test_two_documents_cannot_hold_one_entry() -> None:
    """Both documents are named."""
    catalog = cg.Catalog(id="cat:x", assets=[{"id": "asset:x", "title": "X"}])
    with pytest.raises(cg.errors.DuplicateIdError, match="'asset:x' is held by 'cat:x' and by 'cat:y'"):
        cg.CapabilityGraph(catalog, catalog.replace(id="cat:y"))


@given(frameworks(), catalogs())
def test_the_order_of_documents_changes_nothing(framework: cg.Framework, catalog: cg.Catalog) -> None:
    """Answers do not depend on the order in which documents are given."""
    left, right = cg.CapabilityGraph(framework, catalog), cg.CapabilityGraph(catalog, framework)
    assert list(left) == list(right)
    assert left.unresolved == right.unresolved
    assert nx.utils.graphs_equal(left.network, right.network)


@given(frameworks())
def test_every_link_is_in_the_graph_or_unresolved(framework: cg.Framework) -> None:
    """No reference is lost."""
    graph = cg.CapabilityGraph(framework)
    stated = list(links(framework))
    indexed = [link for id_ in graph for relation in RELATIONS for link in graph.links(id_, relation)]
    assert len(stated) == len(indexed) + len(graph.unresolved)
    assert len(graph.ids(Node)) == sum(len(getattr(framework, table)) for table in framework.tables[:4])


def test_a_graph_is_shared_between_threads(graph: cg.CapabilityGraph) -> None:
    """Many readers get the same network and the same answers."""
    with ThreadPoolExecutor(8) as pool:
        networks = list(pool.map(lambda _: graph.network, range(64)))
        answers = set(pool.map(lambda _: graph.requirements("role:engineer"), range(64)))
    assert len({id(network) for network in networks}) == 1
    assert len(answers) == 1


def test_documents_are_kept_by_id(graph: cg.CapabilityGraph) -> None:
    """The documents and the home of an entry can be asked for."""
    homes: list[Document] = [graph.home(id_) for id_ in ("cap:sql", "asset:sql", "person:a")]
    assert [home.id for home in homes] == ["fw:x", "cat:x", "wf:x"]
    assert list(graph.documents) == ["cat:x", "fw:x", "wf:x"]
    assert repr(graph) == f"CapabilityGraph(cat:x, fw:x, wf:x: {len(graph)} entries)"


def test_a_graph_is_copied_as_itself_and_pickled_as_its_documents() -> None:
    """Other processes get what was asked about; a copy of what never changes is the thing itself."""
    graph = cg.sample().graph()
    assert copy.copy(graph) is graph
    assert copy.deepcopy({"graph": graph})["graph"] is graph
    arrived = pickle.loads(pickle.dumps(graph))  # noqa: S301 - our own bytes
    assert arrived.documents == graph.documents
    assert cg.coverage(arrived).rows() == cg.coverage(graph).rows()
