"""What every document and every part of one shares: frozen models, ids, prefixes, translations, provenance."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from capgraph.model.frozen import FrozenMapping, Json
from capgraph.model.refusal import ID_PATTERN, LABEL_PATTERN, TEXT_PATTERN, document_error

if TYPE_CHECKING:
    from collections.abc import Callable

Id = Annotated[str, StringConstraints(pattern=ID_PATTERN, max_length=2000)]
"""An IRI, or a CURIE whose prefix the document declares."""
Text = Annotated[str, StringConstraints(pattern=TEXT_PATTERN)]
"""Any text but U+0000 and lone surrogates."""
Label = Annotated[str, StringConstraints(pattern=LABEL_PATTERN)]
"""Text with at least one visible character."""
Language = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$")]
"""A BCP 47 language tag, such as ``en`` or ``pt-BR``."""
Share = Annotated[float, Field(ge=0, le=1)]
"""A number from 0 to 1."""
Rank = Annotated[int, Field(ge=-1000, le=1000)]
"""A level, as its rank on a scale."""
Count = Annotated[int, Field(ge=0, le=2**53)]
"""A whole number that JSON, SQL and data frames all hold exactly."""
Number = Annotated[float, Field(ge=0)]
"""A finite number that is not negative."""
Timestamp = Annotated[AwareDatetime, AfterValidator(lambda moment: moment.astimezone(dt.UTC))]
"""A moment with its zone, kept in UTC."""
Status = Literal["draft", "active", "deprecated"]


def _sorted_ids(ids: tuple[str, ...]) -> tuple[str, ...]:
    """Return the distinct ids in order."""
    return tuple(sorted(set(ids)))


Ids = Annotated[tuple[Id, ...], AfterValidator(_sorted_ids)]
"""A set of ids, kept sorted."""
Labels = tuple[Label, ...]
"""Labels in the order of their source."""


def sorted_by(key: Callable[[Any], Any]) -> AfterValidator:
    """Return a validator that sorts the members of a table by the key."""
    return AfterValidator(lambda members: members if len(members) < 2 else tuple(sorted(members, key=key)))  # noqa: PLR2004 - one is sorted


by_id = sorted_by(lambda member: member.id)


class Model(BaseModel):
    """A frozen, hashable value; unknown fields and wrong types are refused with all problems at once.

    Raises
    ------
    DocumentError
        When the fields contradict their types or each other; ``.issues`` lists every problem.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, use_attribute_docstrings=True)

    if not TYPE_CHECKING:  # the type checkers read the signature from the fields

        def __init__(self, /, **data: object) -> None:
            try:
                super().__init__(**data)
            except ValidationError as error:
                raise document_error(error, type(self).__name__, data) from None

        # Pydantic builds nested parts through __init__ only where a class changes what it does; this one does not.
        __init__.__pydantic_base_init__ = True

        def __setattr__(self, name: str, value: object) -> None:
            message = f"{name!r} cannot be set: a {type(self).__name__} does not change; build another with .replace()"
            raise AttributeError(message)

        def __delattr__(self, name: str) -> None:
            message = f"{name!r} cannot be removed: a {type(self).__name__} does not change; use .replace()"
            raise AttributeError(message)

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:  # noqa: ANN401 - pydantic's signature
        """Return the model for plain data; as the constructor, it raises `DocumentError`."""
        try:
            return super().model_validate(obj, **options)
        except ValidationError as error:
            raise document_error(error, cls.__name__, obj) from None

    @classmethod
    def model_validate_json(cls, json_data: str | bytes | bytearray, **options: Any) -> Self:
        """Return the model for JSON text; as the constructor, it raises `DocumentError`."""
        try:
            return super().model_validate_json(json_data, **options)
        except ValidationError as error:
            raise document_error(error, cls.__name__, None) from None

    def replace(self, **changes: object) -> Self:
        """Return a copy with some fields changed, checked like a new one.

        Raises
        ------
        DocumentError
            As the constructor.
        """
        return self.model_validate({**self.__dict__, **changes})

    def to_dict(self) -> dict[str, Any]:
        """Return the value as JSON-ready dicts and lists, without the fields that have their default."""
        return self.model_dump(mode="json", exclude_defaults=True)


class Money(Model):
    """An amount of money."""

    amount: Annotated[Decimal, Field(ge=0)]
    """The amount, as a decimal number."""
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    """The ISO 4217 code, such as ``EUR``."""


class Translation(Model):
    """The texts of a part in another language than that of its document."""

    language: Language
    """The language of these texts."""
    label: Label | None = None
    """The label, title or statement."""
    description: Text | None = None
    """The description."""
    alternative_labels: Labels = ()
    """Other labels for the same thing."""


class Provenance(Model):
    """Where a part comes from."""

    source: Label
    """The file or system; the name of one of the document's sources where they are listed."""
    locator: Text = ""
    """The place in it: ``row:12``, ``Skills!A14``, a JSON pointer or an XPath."""


class OtherId(Model):
    """An identifier that another system uses for the same thing."""

    scheme: Label
    """The system, such as ``case``, ``ctid`` or the name of an LMS."""
    value: Label
    """The identifier there."""


class Source(Model):
    """A file or system that a document was read from."""

    name: Label
    """Its name, to which the provenance of the parts refers."""
    format: Text = ""
    """The name of its format."""
    version: Text = ""
    """Its version or edition."""
    sha256: Text = ""
    """The digest of the bytes read, in hexadecimal."""
    retrieved: dt.date | None = None
    """The day on which it was read."""


Translations = Annotated[tuple[Translation, ...], sorted_by(lambda text: text.language)]
Extensions = FrozenMapping[Text, Json]


class Node(Model):
    """A part that has an id of its own."""

    id: Id
    """The id; an IRI, or a CURIE whose prefix the document declares."""
    other_ids: Annotated[tuple[OtherId, ...], sorted_by(lambda other: (other.scheme, other.value))] = ()
    """Identifiers of the same thing in other systems."""
    provenance: tuple[Provenance, ...] = ()
    """Where the part comes from, in the order in which the sources were read."""
    extensions: Extensions = FrozenMapping()
    """What a source format holds and the model does not, by format name."""


class Described(Node):
    """A node with the life of an entry in a framework or catalog."""

    notation: Text = ""
    """The code shown to people, such as ``PROG`` or ``2654.1``; it may repeat."""
    status: Status = "active"
    """Whether the entry is in use."""
    replaced_by: Ids = ()
    """The entries to use instead."""
    sequence: Count | None = None
    """The place in the order of the source."""
    translations: Translations = ()
    """The texts in other languages, one entry a language."""


class Document(Node):
    """A frozen document; it refuses what contradicts itself and names everything that does."""

    kind: ClassVar[str]
    """The word for this kind of document, such as ``framework``."""
    tables: ClassVar[tuple[str, ...]]
    """The fields that hold the document's keyed members."""

    title: Text = ""
    """The title shown to people."""
    version: Text = ""
    """The publisher's version, such as ``1.2.0``."""
    description: Text = ""
    """What the document is about."""
    language: Language = "en"
    """The language of its labels and texts."""
    prefixes: FrozenMapping[Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][\w.+-]*$")], Id] = FrozenMapping()
    """What the prefixes of its CURIEs stand for."""
    imports: Ids = ()
    """The documents to which its references may lead; without any, every reference in its tables must resolve here."""
    publisher: Text = ""
    """Who publishes it."""
    license: Text = ""
    """The licence under which it may be used."""
    attribution: Text = ""
    """The sentence that the licence asks for."""
    url: Text = ""
    """Where the publisher describes it."""
    sources: Annotated[tuple[Source, ...], sorted_by(lambda source: source.name)] = ()
    """The files and systems that it was read from."""

    def iri(self, id: str) -> str:
        """Return the identity of an id: its IRI, expanded with the prefixes that this document declares.

        An id whose prefix is not declared is an IRI already.
        """
        prefix, _, local = id.partition(":")
        base = self.prefixes.get(prefix) if self.prefixes else None
        return base + local if base is not None else id
