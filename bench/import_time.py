"""What a cold import costs, against importing the two packages that capgraph cannot do without.

Run it as ``python bench/import_time.py``.
"""

from __future__ import annotations

from harness import compare, python

FLOOR = "import networkx, pydantic"
AIMS = {"import capgraph": 1.6, "import capgraph; capgraph.gap": 2.5}
"""The code of each subject and the ratio that it should stay below."""


def main() -> None:
    """Print each ratio beside its aim."""
    for code, aim in AIMS.items():
        ratio = compare({code: python("-c", code), FLOOR: python("-c", FLOOR)})
        print(f"{'aim':<{len(code)}}  {aim:9.2f}    ({'reached' if ratio <= aim else 'missed'})\n")


if __name__ == "__main__":
    main()
