"""Records as assets that are ready to be written, without a draft and a model in between: the way of most records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

from capgraph.ingest.drafts import Rejected
from capgraph.ingest.told import Told

if TYPE_CHECKING:
    from capgraph.ingest.assets import Assembly
    from capgraph.ingest.details import Note
    from capgraph.ingest.fields import Read
    from capgraph.ingest.tables import Raw
    from capgraph.ingest.tags import Tagger
    from capgraph.store import Composer, Prepared, Share

_LINKING = frozenset({"prerequisites", "corequisites", "programs"})


class Ready(NamedTuple):
    """An asset that is ready to be written, and what planning needs to know of it."""

    prepared: Prepared
    """The asset."""
    title: str
    """Its title."""
    language: str | None
    """Its language."""
    source: str
    """The file."""
    locator: str
    """The place in it."""
    remarks: list[Told]
    """What a person should know."""


class Composing:
    """Makes assets of the records of one table, as a store writes them.

    Parameters
    ----------
    assembly : Assembly
        Reads the records.
    composer : Composer
        Composes what the pieces of a record say.
    """

    def __init__(self, assembly: Assembly, composer: Composer) -> None:
        self._assembly, self._composer = assembly, composer
        self.system = assembly.system
        """The source system."""
        self._source = assembly.table.source
        self._signature = composer.signature(self._source, assembly.system if assembly.has_ids else "")

    def ready(self, raw: Raw, key: str, title: str, id_: str, *, fingerprint: str, tagger: Tagger) -> Ready | None:
        """Return the asset of a record; None where it needs a draft.

        It needs one where it has several titles or ids, where it names other assets, where its tags stand for
        capabilities, where the model refuses a field, and where the profile demands what it lacks.

        Parameters
        ----------
        raw : Raw
            The record.
        key, title : str
            What `Assembly.heading` returned for it.
        id_ : str
            The id of the asset.
        fingerprint : str
            The digest of the record.
        tagger : Tagger
            Finds the capabilities that tags stand for.
        """
        assembly = self._assembly
        notes: list[Note] = []
        if not assembly.is_usual(raw, key, title):
            data = assembly.identity(raw, key, title, id_, notes)
            if "alternative_titles" in data or len(data.get("other_ids", ())) > 1:
                return None  # several titles, which a column may state as well, or several ids
        source, locator = self._source, assembly.table.locator(raw.number)
        found = [piece.read(raw) for piece in assembly.pieces]
        code = key if assembly.has_ids else ""
        shares = [self._signature.share(id_, title, code, locator), *[piece.share for piece in found]]
        words: dict[str, Any] = {}
        reads: dict[str, Read] = {}
        for piece in found:
            if piece.is_loud:
                notes.extend(piece.notes)
                words.update(piece.words)
                reads.update(piece.reads)
        if None in shares or not self._is_plain(id_, words, reads, tagger):
            return None
        remarks = [Told(source, locator, "remark", id_, *note) for note in notes]
        whole, mark = cast("list[Share]", shares), None if remarks else fingerprint or None
        made = self._composer.prepared(whole, form=assembly.form, fingerprint=mark, sources=(source,))
        return Ready(made, title, self._composer.language(made), source, locator, remarks)

    def _is_plain(self, id_: str, words: dict[str, Any], reads: dict[str, Read], tagger: Tagger) -> bool:
        """Return whether a record names nothing but itself, and lacks nothing."""
        try:
            self._assembly.check(reads)
        except Rejected:
            return False
        return _LINKING.isdisjoint(words) and not tagger.concerns(id_, words.get("skills", ()))
