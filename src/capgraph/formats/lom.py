"""Learning object metadata (IEEE LOM and its IMS ancestors): what a course package says about itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from capgraph.formats.durations import duration
from capgraph.formats.identity import is_id
from capgraph.formats.markup import plain_text
from capgraph.formats.xmltext import child, children, descendants, text_of, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_ORGANIZATION = re.compile(r"^\s*ORG[^:\n]*:(.+?)\s*(?:\bEND:VCARD.*)?$", re.MULTILINE)
_EDITION = 100
_RELATIONS = {"competency": "teaches", "educational objective": "teaches", "prerequisite": "requires"}


def described(lom: Element | None, record: dict[str, Any]) -> None:
    """Add to the record of an asset what metadata say: texts, translations, keywords, language, time, alignments.

    A classification with the purpose *competency* or *educational objective* teaches its last taxon, one with the
    purpose *prerequisite* requires it.  A taxon that is no IRI is kept in the extensions with its label.
    """
    if lom is None:
        return
    general = child(lom, "general")
    _named(general, record)
    keywords = [text for item in children(general, "keyword") for text in texts_of(item).values()]
    record["keywords"] = list(dict.fromkeys(keywords))
    spent = text_of(child(lom, "educational", "typicallearningtime"))
    if spent:
        _time(spent, record)
    _published(child(lom, "lifecycle"), record)
    for relation, source, id_, label in classified(lom):
        _classify(record, relation, source, id_, label)


def _named(general: Element | None, record: dict[str, Any]) -> None:
    """Set title, description and language; the other languages are translations."""
    titles = texts_of(child(general, "title"))
    texts = texts_of(child(general, "description"))
    language = text_of(child(general, "language"))
    main = language if language in titles else next(iter(titles), "")
    if titles:
        record.setdefault("title", titles[main])
    if texts:
        record["description"] = plain_text(texts.get(main) or next(iter(texts.values())))
    if is_language(language or main):
        record["language"] = language or main
    others = sorted({tag for tag in (*titles, *texts) if tag and tag != main})
    record["translations"] = [
        {"language": tag, "label": titles.get(tag), "description": plain_text(texts.get(tag, ""))} for tag in others
    ]


def _published(cycle: Element | None, record: dict[str, Any]) -> None:
    """Set the edition, and the organization that published it; people who contributed are left out."""
    record["edition"] = next(iter(texts_of(child(cycle, "version")).values()), "")[:_EDITION]
    for item in children(cycle, "contribute"):
        role = text_of(child(item, "role", "value")) or text_of(child(item, "role"))
        card = "".join(item.itertext())
        stated = _ORGANIZATION.search(card)
        if role.lower() == "publisher" and stated:
            record.setdefault("provider", " ".join(stated[1].replace("\\,", ",").strip("; ").split()))


def is_language(tag: str) -> bool:
    """Return whether a text is a language tag."""
    return 1 < len(tag) <= 35 and tag.replace("-", "").isalnum() and tag[:2].isalpha()  # noqa: PLR2004 - BCP 47


def _time(spent: str, record: dict[str, Any]) -> None:
    """Set the typical learning time; one that cannot be read is kept."""
    try:
        found = duration(spent)
    except ValueError:
        record["extensions"]["typicalLearningTime"] = spent
        return
    if found is not None and found.minutes:
        record["duration"] = found.minutes


def classified(lom: Element) -> Iterator[tuple[str, str, str, str]]:
    """Yield relation (or the purpose itself), taxonomy, id and label of the last taxon of every path."""
    for item in children(lom, "classification"):
        purpose = text_of(child(item, "purpose", "value")).lower()
        for path in children(item, "taxonpath"):
            taxa = list(descendants(path, "taxon"))
            if taxa:
                label = next(iter(texts_of(child(taxa[-1], "entry")).values()), "")
                source = next(iter(texts_of(child(path, "source")).values()), "")
                yield _RELATIONS.get(purpose, purpose), source, text_of(child(taxa[-1], "id")), label


def _classify(record: dict[str, Any], relation: str, source: str, id_: str, label: str) -> None:
    """Add one classification: an alignment where its taxon is an IRI, else a tag."""
    if relation in {"teaches", "requires"} and "://" in id_ and is_id(id_):
        stated = {
            "target": id_,
            "relation": relation,
            "state": "proposed",
            "label": label,
            "method": "LOM classification",
        }
        record["alignments"].append(stated)
        return
    taxon = {"purpose": relation, "source": source, "id": id_, "label": label}
    record["extensions"].setdefault("classifications", []).append(taxon)
    if relation == "teaches" and label:
        record["keywords"] = list(dict.fromkeys([*record["keywords"], label]))
