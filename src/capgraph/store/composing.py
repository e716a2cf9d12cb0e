"""Assets composed of fields that were checked one by one, without a model in between.

Nothing in a `LearningAsset` depends on two of its fields but for its alignments, so that fields which the model takes
one by one make an asset that it takes.  An import meets the same languages, prices and tags a million times: what they
become in the database is found out once for each.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import ConfigDict, StringConstraints, TypeAdapter, ValidationError

from capgraph.errors import DocumentError
from capgraph.model import Catalog, LearningAsset
from capgraph.model.refusal import LABEL_PATTERN, TEXT_PATTERN
from capgraph.store.layout import PARTS
from capgraph.store.prepared import Prepared
from capgraph.store.revisions import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pydantic.fields import FieldInfo

    from capgraph.store.fields import Column
    from capgraph.store.rows import Row

[_PART] = PARTS[Catalog]
_APART = {part.field for part in _PART.parts}
_WIDTH = len(_PART.fields.names)
_LANGUAGE = _PART.fields.names.index("language")
_PLAIN = re.compile(r"[ !#-\[\]-~]+")
"""Text that JSON holds as it is."""
_CONFIG = ConfigDict(allow_inf_nan=False)
_quoted = json.JSONEncoder(ensure_ascii=False).encode


def _places(*names: str) -> tuple[int, ...]:
    """Return where fields stand: each in the asset's row, and in the model behind it."""
    order = list(LearningAsset.model_fields)
    return tuple(at for name in names for at in (_PART.fields.names.index(name), _WIDTH + order.index(name)))


_EXTENSIONS = _places("extensions")
_OWN = _places("id", "title", "provenance", "notation", "other_ids")


class Share(NamedTuple):
    """Some fields of an asset as they are written."""

    cells: dict[int, Any]
    """Values of the asset's row by their place, and JSON of fields by the place in the model behind these."""
    links: tuple[Row, ...] = ()
    """Fields and targets of links."""
    labels: tuple[Row, ...] = ()
    """Fields, positions and texts of labels."""
    kept: dict[str, str] | None = None
    """Values for the extensions by name, each as JSON with the name before it."""


class Composer:
    """Composes assets of shares.

    Examples
    --------
    >>> from capgraph.store import prepared, restored
    >>> composer = Composer()
    >>> shares = [composer.share({"id": "asset:sql", "title": "SQL"}), composer.share({"duration": 90})]
    >>> made = composer.prepared(shares)
    >>> [asset] = restored([made])
    >>> asset.duration, made == prepared(asset)
    (90.0, True)
    """

    def __init__(self) -> None:
        fields = enumerate(LearningAsset.model_fields.items(), start=_WIDTH)
        self._write = {name: _writer(place, name, field) for place, (name, field) in fields if name not in _APART}
        row = _PART.fields.values(LearningAsset.model_construct(id="", title=""))
        self._blank = dict(enumerate([*row, *[""] * len(LearningAsset.model_fields)]))
        self._inside = _adapter(LearningAsset.model_fields["extensions"])

    def share(self, fields: Mapping[str, object], kept: Mapping[str, object] | None = None) -> Share | None:
        """Return some fields, and values for the extensions, as they are written; None where the model refuses one.

        Raises
        ------
        KeyError
            For alignments and translations, which have tables of their own.
        """
        try:
            if not kept and len(fields) == 1:
                [(name, value)] = fields.items()
                return self._write[name](value)
            found = [self._write[name](value) for name, value in fields.items()]
            extensions = self._extended(kept) if kept else None
        except (ValidationError, DocumentError):
            return None
        cells = {place: value for share in found for place, value in share.cells.items()}
        links = tuple([row for share in found for row in share.links])
        labels = tuple([row for share in found for row in share.labels])
        return Share(cells, links, labels, extensions)

    def signature(self, source: str, scheme: str) -> Signature:
        """Return what gives the own fields of the records of a file, whose codes are those of a system, if any."""
        return Signature(self, source, scheme)

    def _extended(self, kept: Mapping[str, object]) -> dict[str, str]:
        """Return values for the extensions by name, each as JSON with the name before it."""
        checked = self._inside.validate_python({"": kept})[""]
        return {name: self._inside.dump_json({name: value}).decode()[1:-1] for name, value in checked.items()}

    def prepared(
        self,
        shares: Iterable[Share],
        *,
        form: str = "",
        fingerprint: str | None = None,
        sources: tuple[str, ...] = (),
    ) -> Prepared:
        """Return the asset that shares make up, ready to be written; of two with the same field the later one counts.

        Parameters
        ----------
        shares : iterable of Share
            Its shares; each field of links or labels is in one of them alone.
        form : str
            The name of the format under which the values for the extensions are kept; a plain word.
        fingerprint : str or None
            A digest of what it was made from.
        sources : tuple of str
            The sources that its provenance names.
        """
        cells = self._blank.copy()
        rows: dict[str, list[Row]] = {"asset": []}
        kept: dict[str, str] = {}
        for own, links, labels, extended in shares:
            cells.update(own)
            if links:
                rows.setdefault("link", []).extend(links)
            if labels:
                rows.setdefault("label", []).extend(labels)
            if extended:
                kept.update(extended)
        if kept:
            extensions = f'{{"{form}":{{{",".join(kept.values())}}}}}'
            cells[_EXTENSIONS[0]], cells[_EXTENSIONS[1]] = extensions, f'"extensions":{extensions}'
        values = tuple(cells.values())
        rows["asset"].append(values[:_WIDTH])
        mark = digest(f"{{{','.join(filter(None, values[_WIDTH:]))}}}".encode())
        return Prepared(values[0], mark, fingerprint, sources, tuple(rows.items()))

    @staticmethod
    def language(asset: Prepared) -> str | None:
        """Return the language of an asset that was prepared."""
        [(_, [row]), *_] = asset.rows
        language: str | None = row[_LANGUAGE]
        return language


class Signature:
    """Gives what is a record's own as it is written: id, title, code, and where it stands.

    Parameters
    ----------
    composer : Composer
        Checks what is not plain.
    source : str
        The file of the records.
    scheme : str
        The system that has codes for the assets; empty where there are none.
    """

    def __init__(self, composer: Composer, source: str, scheme: str) -> None:
        self._composer, self._source, self._scheme = composer, source, scheme
        self._is_id = _adapter(LearningAsset.model_fields["id"]).validator.isinstance_python
        self._checked = composer.share(self._fields("a:b", "a", "a", "a")) is not None
        self._place = f'[{{"source":{_quoted(source)},"locator":"'
        self._other = f'[{{"scheme":{_quoted(scheme)},"value":"'

    def share(self, id_: str, title: str, code: str, locator: str) -> Share | None:
        """Return what is a record's own; None where the model refuses it.

        Parameters
        ----------
        id_, title, code, locator : str
            The id and title of the asset, its code in the system, and the place in the file.
        """
        plain = self._checked and _PLAIN.fullmatch(f"{id_}{title}{code}{locator}")
        if not (plain and self._is_id(id_) and title.strip() and (code.strip() or not self._scheme) and locator):
            return self._composer.share(self._fields(id_, title, code, locator))
        place = f'{self._place}{locator}"}}]'
        stated: tuple[str, ...] = id_, f'"id":"{id_}"', title, f'"title":"{title}"', place, f'"provenance":{place}'
        if self._scheme:
            other = f'{self._other}{code}"}}]'
            stated = (*stated, code, f'"notation":"{code}"', other, f'"other_ids":{other}')
        return Share(dict(zip(_OWN, stated, strict=False)))

    def _fields(self, id_: str, title: str, code: str, locator: str) -> dict[str, object]:
        """Return the fields of an asset."""
        place = {"source": self._source, "locator": locator}
        fields: dict[str, object] = {"id": id_, "title": title, "provenance": (place,)}
        if self._scheme:
            fields |= {"notation": code, "other_ids": ({"scheme": self._scheme, "value": code},)}
        return fields


def _adapter(field: FieldInfo) -> TypeAdapter[Any]:
    """Return what checks a single field as the model does."""
    stated: Any = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return TypeAdapter(stated, config=_CONFIG)


def _writer(place: int, name: str, field: FieldInfo) -> Callable[[Any], Share]:
    """Return the function that checks a field and gives it as it is written."""
    columns = [(at, column) for at, column in enumerate(_PART.fields.columns) if column.field == name]
    if field.annotation is str:
        return _text_writer(place, name, field, columns[0][0])
    adapter, default = _adapter(field), field.get_default(call_default_factory=True)
    check, dump = adapter.validator.validate_python, adapter.serializer.to_json
    link, label = name in _PART.fields.links, name in _PART.fields.labels

    def write(stated: object) -> Share:
        value = check(stated)
        text = "" if value == default else f'"{name}":{dump(value, exclude_defaults=True).decode()}'
        links = tuple([(name, target) for target in value]) if link else ()
        labels = tuple([(name, number, one) for number, one in enumerate(value)]) if label else ()
        return Share({**{at: _cell(column, value) for at, column in columns}, place: text}, links, labels)

    return write


def _cell(column: Column, value: object) -> object:
    """Return what a column holds of a field."""
    if column.write is None:
        return value
    return column.write(value) if value else None


def _text_writer(place: int, name: str, field: FieldInfo, at: int) -> Callable[[Any], Share]:
    """Return the function for a field of text; what most cells hold needs no regular expression."""
    check, default, lead = _adapter(field).validator.validate_python, field.default, f'"{name}":'
    patterns = {item.pattern for item in field.metadata if isinstance(item, StringConstraints)}
    is_text, is_label = TEXT_PATTERN in patterns, LABEL_PATTERN in patterns

    def write(stated: Any) -> Share:  # noqa: ANN401 - whatever a cell was read as
        plain = type(stated) is str and stated.isascii() and "\0" not in stated
        if not (plain and (is_text or (is_label and stated and not stated.isspace()))):
            stated = check(stated)
        return Share({at: stated, place: "" if stated == default else lead + _quoted(stated)})

    return write
