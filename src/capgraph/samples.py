"""The sample taxonomy that comes with the library: an invented company with everything in it."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from capgraph.errors import CapgraphError
from capgraph.files import read_agenda, read_catalog, read_crosswalk, read_decisions, read_framework, read_workforce
from capgraph.graph import CapabilityGraph

if TYPE_CHECKING:
    from capgraph.model import Agenda, Catalog, Crosswalk, Decisions, Framework, Workforce

_HERE = Path(__file__).resolve().parent
_PLACES = (_HERE / "_data" / "sample_taxonomy", _HERE.parent.parent / "data" / "sample_taxonomy")


class Sample:
    """The documents of the sample, each read when it is first asked for.

    Parameters
    ----------
    path : Path
        The folder that holds them.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        """The folder that holds the files."""

    def __repr__(self) -> str:
        return f"Sample({str(self.path)!r})"

    @cached_property
    def framework(self) -> Framework:
        """The company's own framework."""
        return read_framework(self.path / "framework.json")

    @cached_property
    def catalogs(self) -> tuple[Catalog, ...]:
        """The catalogs of three departments, as three departments keep them."""
        profiles = sorted((self.path / "catalogs").glob("*.toml"))
        return tuple(read_catalog(_table(profile), profile=profile, framework=self.framework) for profile in profiles)

    @cached_property
    def workforce(self) -> Workforce:
        """The people, teams and evidence."""
        return read_workforce(self.path / "workforce.json")

    @cached_property
    def agenda(self) -> Agenda:
        """The business challenges."""
        return read_agenda(self.path / "agenda.json")

    @cached_property
    def crosswalk(self) -> Crosswalk:
        """The mappings from the company's framework to the public extract."""
        return read_crosswalk(self.path / "crosswalk.json")

    @cached_property
    def public(self) -> Framework:
        """An extract of a public framework."""
        return read_framework(self.path / "public_extract.json")

    @cached_property
    def decisions(self) -> Decisions:
        """What people decided about suggestions."""
        return read_decisions(self.path / "decisions.json")

    def graph(self) -> CapabilityGraph:
        """Return the graph of all documents."""
        own = (self.framework, *self.catalogs, self.workforce, self.agenda)
        return CapabilityGraph(*own, self.crosswalk, self.public, self.decisions)


def _table(profile: Path) -> Path:
    """Return the table that a profile beside it describes."""
    return next(path for path in sorted(profile.parent.glob(f"{profile.stem}.*")) if path != profile)


def sample() -> Sample:
    """Return the sample taxonomy, from an installed copy as from a checkout.

    Raises
    ------
    CapgraphError
        When the installation lacks it.

    Examples
    --------
    >>> sample().framework.kind
    'framework'
    """
    for place in _PLACES:
        if place.is_dir():
            return Sample(place)
    raise CapgraphError("the sample taxonomy is missing from this installation; install capgraph again from its wheel")
