"""Planning: everything that was read against what is known, a portion at a time."""

from __future__ import annotations

from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from capgraph.errors import DocumentError
from capgraph.formats.identity import slug
from capgraph.ingest.assets import asset_id
from capgraph.ingest.compare import changed
from capgraph.ingest.intake import Entry
from capgraph.ingest.merging import Made, Merging
from capgraph.ingest.names import Names
from capgraph.ingest.outcome import CatalogOutcome
from capgraph.ingest.prerequisites import Links, is_linked
from capgraph.ingest.ready import Ready
from capgraph.ingest.told import Told
from capgraph.ingest.twins import Twins
from capgraph.model import Catalog, LearningAsset
from capgraph.model.base import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from capgraph.ingest.drafts import Draft
    from capgraph.ingest.known import Heading, KnownCatalog
    from capgraph.ingest.reading import CatalogReading
    from capgraph.ingest.tags import Tagger
    from capgraph.model import Decision

_PORTION = 1000


class Planning:
    """What an import does, found out a portion of the records at a time.

    Parameters
    ----------
    reading : CatalogReading
        What was read.
    known : KnownCatalog
        The catalog as it is.
    tagger : Tagger
        Finds the capabilities that tags stand for.
    decisions : sequence of Decision
        What people have decided: merges and renamings.
    sync : bool
        Whether assets that the source does not hold any more leave.
    """

    def __init__(
        self,
        reading: CatalogReading,
        known: KnownCatalog,
        tagger: Tagger,
        decisions: Sequence[Decision] = (),
        *,
        sync: bool = False,
    ) -> None:
        self.reading, self.known, self.tagger, self.sync = reading, known, tagger, sync
        self.intake, self.journal = reading.intake, reading.intake.journal
        self.outcome = CatalogOutcome(known, self._header())
        self._twins = Twins()
        self._met: set[str] = set()
        self._merging = Merging(decisions)
        self._links = Links(self._names()) if self.intake.is_linked else None

    def run(self) -> CatalogOutcome:
        """Return what the import leads to, with everything told."""
        entries = self.intake.in_order()
        while portion := list(islice(entries, _PORTION)):
            self._take(portion)
        if self._links is not None:
            self.journal.extend(self._links.cycles())
        self._merge()
        self.journal.extend(self._gone())
        gone = set(self.outcome.gone)
        stay = self.known.headings(without=gone)
        self.journal.extend(self._twins.suspected(stay, self.known.others()))
        return self.outcome

    def _header(self) -> Catalog:
        """Return what the catalog says of itself, with the files that it was read from."""
        before = self.known.header()
        read = {name: Source(name=name, format=format_) for name, format_ in self.reading.sources.items()}
        if before is None:
            id_ = self.known.id
            title = slug(id_.split(":", 1)[-1]).replace("-", " ").capitalize()
            return Catalog(id=id_, title=title, sources=tuple(read.values()))
        known = {source.name: source for source in before.sources}
        return before.replace(sources=tuple({**read, **known}.values()))

    def _names(self) -> Names:
        """Return the names of all assets: ids and codes first, then titles."""
        names = Names(self.known.id, next((system for system, _, _ in self.intake.in_order()), ""))
        for system, key, entry in self.intake.in_order():
            names.add(key, self._id(system, key, entry))
        for heading in self.known.headings():
            names.add(heading.notation, heading.id)
        for system, key, entry in self.intake.in_order():
            title = entry.title if isinstance(entry, Entry) else entry.data["title"]
            names.add(title, self._id(system, key, entry))
        return names

    def _id(self, system: str, key: str, entry: Entry | Draft) -> str:
        """Return the id of the asset that a record becomes."""
        return asset_id(self.known.id, system, key) if isinstance(entry, Entry) else str(entry.data["id"])

    def _take(self, portion: list[tuple[str, str, Entry | Draft]]) -> None:
        """Plan a portion: what is as it was read the last time is not made again."""
        ids = [self._id(*item) for item in portion]
        stored = self.known.fingerprints(ids)
        fresh: list[tuple[str, Entry | Draft, str]] = []
        for id_, (_, _, entry) in zip(ids, portion, strict=True):
            fingerprint = ""
            if isinstance(entry, Entry):
                assembly = self.intake.assemblies[entry.place]
                fingerprint = assembly.fingerprint(entry.raw, self.tagger.fingerprint(id_))
                if stored.get(id_) == fingerprint and id_ not in self._merging:
                    self._met.add(id_)
                    where = (assembly.table.source, assembly.table.locator(entry.raw.number))
                    self.journal.tell(Told(*where, "unchanged", id_, after=entry.title))
                    continue
            fresh.append((id_, entry, fingerprint))
        known = self.known.assets([id_ for id_, _, _ in fresh])
        made: list[Made | Ready] = []
        for id_, entry, fingerprint in fresh:
            ready = None if id_ in known else self._ready(entry, id_, fingerprint)
            if ready is not None:
                made.append(ready)
                continue
            draft = self.intake.draft(entry, id_) if isinstance(entry, Entry) else entry
            if draft is not None:
                made.extend(self._made(draft, fingerprint, entry))
        self._compare(made, known)

    def _ready(self, entry: Entry | Draft, id_: str, fingerprint: str) -> Ready | None:
        """Return the new asset that a record becomes, ready to be written; None where it needs a draft."""
        if not self.intake.composings or not isinstance(entry, Entry) or id_ in self._merging:
            return None
        composing = self.intake.composings[entry.place]
        if (composing.system, entry.key) in self._aliases:
            return None
        return composing.ready(entry.raw, entry.key, entry.title, id_, fingerprint=fingerprint, tagger=self.tagger)

    def _made(self, draft: Draft, fingerprint: str, entry: Entry | Draft) -> Iterator[Made]:
        """Yield the asset that a draft becomes, unless the model refuses it."""
        told = [remark._replace(asset=draft.data["id"]) for remark in draft.remarks]
        linked = is_linked(draft)
        if self._links is not None and linked:
            told.extend(self._links.link(draft))
        told.extend(self.tagger.tag(draft))
        try:
            asset = LearningAsset.model_validate(draft.data)
        except DocumentError as error:
            self.intake.refuse(entry, draft, error)
            return
        self.journal.extend(told)
        made = Made(asset, draft, "" if told or linked else fingerprint)
        if not self._merging.take(made):
            yield made

    def _compare(self, made: list[Made | Ready], known: dict[str, LearningAsset]) -> None:
        """Tell what happens to assets, of which some are known, and keep those that are new or change."""
        aliases = self._alias(one.asset for one in made if isinstance(one, Made) and one.asset.id not in known)
        known |= self.known.assets(aliases.values()) if aliases else {}
        for one in made:
            if isinstance(one, Ready):
                self.outcome.changed.put_ready(one.prepared)
                self.journal.extend(one.remarks)
                self._added(one.prepared.id, one.title, one.language, (one.source, one.locator))
            else:
                self._decide(one, known.get(one.asset.id) or known.get(aliases.get(one.asset.id, "")))

    def _added(self, id_: str, title: str, language: str | None, where: tuple[str, str]) -> None:
        """Tell that an asset is new."""
        self._twins.add(id_, title, language, where)
        self.journal.tell(Told(*where, "added", id_, after=title))

    def _decide(self, made: Made, target: LearningAsset | None) -> None:
        """Tell what happens to one asset."""
        asset, draft, fingerprint = made
        where = (draft.source, draft.locator)
        if target is None:
            self.outcome.changed.put(asset, fingerprint)
            self._added(asset.id, asset.title, asset.language, where)
            return
        self._met.add(target.id)
        if target.id != asset.id and not _same_system(asset, target):
            self.journal.tell(Told(*where, "unchanged", target.id, after=asset.title, reason="merged-asset"))
            return
        merged, changes = changed(target, asset, draft.data)
        own = fingerprint if target.id == asset.id else ""
        if changes:
            self.outcome.changed.put(merged, own)
            self.journal.extend(Told(*where, "changed", target.id, name, old, new) for name, old, new in changes)
            return
        if own:
            self.outcome.same.put(target, own)
        self.journal.tell(Told(*where, "unchanged", target.id, after=target.title))

    @cached_property
    def _aliases(self) -> dict[tuple[str, str], str]:
        """The known assets that have an id of a source's, though another id here."""
        found = {}
        for heading in self.known.headings():
            for scheme, value in heading.other_ids:
                if asset_id(self.known.id, scheme, value) != heading.id:
                    found[scheme, value] = heading.id
        return found

    def _alias(self, assets: Iterable[LearningAsset]) -> dict[str, str]:
        """Return those of some assets that are known under another id."""
        found = {}
        for asset in assets:
            ids = [self._aliases.get((other.scheme, other.value), "") for other in asset.other_ids]
            if any(ids):
                found[asset.id] = next(filter(None, ids))
        return found

    def _merge(self) -> None:
        """Make one of the assets that people have called the same, and tell it."""
        ids = self._merging.ids()
        known = self.known.assets(ids) if ids else {}
        for made, told, gone in self._merging.settled(known):
            if made is not None:
                self._decide(made, known.get(made.asset.id))
            self._met.update(gone)
            self.outcome.gone.extend(id_ for id_ in gone if id_ in known)
            self.journal.extend(told)

    def _gone(self) -> Iterator[Told]:
        """Tell the assets of these systems that the source does not hold any more, and those it says to delete."""
        deletions = self.intake.deletions
        for heading in self.known.headings(without=self._met):
            if not any(scheme in self.reading.systems for scheme, _ in heading.other_ids):
                continue
            asked = next((deletions[key] for key in heading.other_ids if key in deletions), None)
            if asked is not None or not deletions:
                yield from self._left(heading, asked)

    def _left(self, heading: Heading, asked: Told | None) -> Iterator[Told]:
        """Tell one such asset."""
        place = (asked.source, asked.locator) if asked else ("", "")
        if self.sync:
            self.outcome.gone.append(heading.id)
        reason = "delete-flag" if asked else "not-in-source"
        hint = "" if self.sync else "it stays; remove it with sync=True"
        action = "removed" if self.sync else "missing"
        yield Told(*place, action, heading.id, "", heading.title, None, reason, hint)
        renamed = self._twins.of(heading)
        if renamed is not None:
            hint = "if it is the same, record a decision of the kind rename"
            yield Told(*place, "suspected", heading.id, "id", heading.notation, renamed.id, "renamed", hint)


def _same_system(asset: LearningAsset, target: LearningAsset) -> bool:
    """Return whether an asset carries on another one of the same system under a new id, and is not merged into it."""
    own = {other.scheme for other in asset.other_ids}
    first = {other.scheme for other in target.other_ids}
    return own >= first
