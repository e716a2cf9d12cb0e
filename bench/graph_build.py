"""What building a graph of ESCO size costs, against filling a bare networkx graph with the same links.

About 17,000 entries and 150,000 links: 14,000 skills in a polyhierarchy and 3,000 occupations with 41 requirements
each.  Run it as ``python bench/graph_build.py``.
"""

from __future__ import annotations

import networkx as nx
from harness import compare

from capgraph import CapabilityGraph, Framework
from capgraph.links import links

SKILLS, OCCUPATIONS, REQUIRED = 14_000, 3_000, 41


def framework() -> Framework:
    """Return a framework of ESCO size."""
    skills = [
        {
            "id": f"skill:{number}",
            "label": f"skill {number}",
            "broader": {f"skill:{number // 10}", f"skill:{number // 7}"},
        }
        for number in range(1, SKILLS)
    ]
    occupations = [
        {
            "id": f"occupation:{number}",
            "label": f"occupation {number}",
            "requirements": [
                {"capability": f"skill:{(number * 37 + place * 11) % SKILLS}"} for place in range(REQUIRED)
            ],
        }
        for number in range(OCCUPATIONS)
    ]
    root = {"id": "skill:0", "label": "skill 0"}
    return Framework.model_validate({"id": "fw:esco-sized", "capabilities": [root, *skills], "roles": occupations})


def bare(document: Framework) -> nx.MultiDiGraph[str]:
    """Return a networkx graph with the same nodes and edges, and nothing else."""
    network: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    network.add_nodes_from(member.id for table in (document.capabilities, document.roles) for member in table)
    network.add_edges_from((link.source, link.target, {"relation": link.relation}) for link in links(document))
    frozen: nx.MultiDiGraph[str] = nx.freeze(network)
    return frozen


def main() -> None:
    """Print what the index costs, and the index together with its networkx graph."""
    document = framework()
    network = bare(document)
    print(f"{network.number_of_nodes():,} entries, {network.number_of_edges():,} links")
    compare({"CapabilityGraph": lambda: CapabilityGraph(document), "bare networkx": lambda: bare(document)})
    compare({"with .network": lambda: CapabilityGraph(document).network, "bare networkx": lambda: bare(document)})


if __name__ == "__main__":
    main()
