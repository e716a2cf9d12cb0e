"""diagnose: is learning the remedy?  The questions of performance analysis, and what their answers say."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, NamedTuple, get_args

from capgraph.analysis.typed import typed
from capgraph.errors import DocumentError, Issue, UnknownIdError
from capgraph.model import Agenda, Cause, Challenge, Finding
from capgraph.report import Report, ReportRow
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TRAINABLE: frozenset[Cause] = frozenset({"knowledge", "skill"})
"""The causes that learning remedies."""
REMEDIES: dict[Cause, str] = {
    "knowledge": "tell people, or put the facts where the work is done; a course is the last resort",
    "skill": "let people practice with feedback until they can",
    "motivation": "make doing it right worth more than not doing it; training is not the remedy",
    "process": "change the rule or the workflow that stands in the way; training is not the remedy",
    "tools": "provide the tools, time or information that are missing; training is not the remedy",
    "expectations": "say what is expected and how people are doing; training is not the remedy",
}
"""What helps against each cause."""


class Question(NamedTuple):
    """One question of performance analysis."""

    key: str
    """The word by which answers name it."""
    text: str
    """The question."""
    cause: Cause | None
    """The cause that the answer *no* points to; None where it decides together with others."""


QUESTIONS: tuple[Question, ...] = (
    Question("told", "Do people know what is expected of them, and how they are doing?", "expectations"),
    Question("equipped", "Do they have the tools, the time and the information that it takes?", "tools"),
    Question("allowed", "Do rules, workflow and authority let them do it?", "process"),
    Question("rewarded", "Does doing it right pay off for them more than not doing it?", "motivation"),
    Question("able", "Could they do it if they had to?", None),
    Question("informed", "Would knowing the facts be enough, without practice?", None),
)
"""The questions in the order in which they are asked: first what surrounds people, then what they can do."""

Answer = bool | tuple[bool, str]
"""Yes or no; with a note on who said so, or how it was seen."""


@dataclass(frozen=True, kw_only=True)
class DiagnosisRow(ReportRow):
    """One question and its answer."""

    key: str
    """The word by which answers name it."""
    question: str
    """The question."""
    answer: str
    """``yes``, ``no``, or nothing while nobody has answered."""
    note: str
    """Who said so, or how it was seen."""
    points_to: str
    """The cause that the answer points to."""

    def tone(self) -> str:
        """Return how the row is colored."""
        return "poor" if self.points_to else {"yes": "good", "": "open"}.get(self.answer, "")


@dataclass(frozen=True, kw_only=True, repr=False)
class Diagnosis(Report[DiagnosisRow]):
    """The questions in the order in which they are asked, the cause, and the agenda with the answers in it."""

    name: ClassVar[str] = "diagnosis"
    row_type: ClassVar[type[ReportRow]] = DiagnosisRow

    challenge: str
    """The challenge."""
    cause: Cause | None
    """What the answers point to; None while they do not decide."""
    trainable: bool | None
    """Whether learning is the remedy; None while nobody knows."""
    remedy: str
    """What helps."""
    agenda: Agenda = field(repr=False)
    """The agenda with the answers and the cause recorded."""


@typed
def diagnose(agenda: Agenda, challenge: str, answers: Mapping[str, Answer] | None = None) -> Diagnosis:
    """Return what the questions of performance analysis say about a challenge, and the agenda with the answers.

    Causes around people go before causes in them, since no learning lasts against a rule, a missing tool or a reward
    for the opposite: the first *no* among *told*, *equipped*, *allowed* and *rewarded* is the cause.  Where all four
    are *yes* and people are not *able*, it is ``knowledge`` if being *informed* is enough, else ``skill``.  Anything
    else does not decide: ask further.

    Parameters
    ----------
    agenda : Agenda
        The agenda that holds the challenge.
    challenge : str
        The id of the challenge.
    answers : mapping of str to bool or (bool, str)
        New answers by the words of `QUESTIONS`; a later answer replaces an earlier one.

    Returns
    -------
    Diagnosis
        One row for each question, answered earlier, now or not yet.

    Raises
    ------
    UnknownIdError
        When the agenda holds no such challenge.
    DocumentError
        When an answer belongs to no question; all of them are listed.

    References
    ----------
    Mager and Pipe, *Analyzing Performance Problems*; Gilbert, *Human Competence*.

    Examples
    --------
    >>> agenda = Agenda(id="ag:1", challenges=[Challenge(id="challenge:late", statement="Reports are late.")])
    >>> found = diagnose(agenda, "challenge:late", {"told": True, "equipped": (False, "no access to the data")})
    >>> found.cause, found.trainable, found.agenda.challenges[0].cause
    ('tools', False, 'tools')
    """
    given = dict(answers or {})
    node = next((item for item in agenda.challenges if agenda.iri(item.id) == agenda.iri(challenge)), None)
    if node is None:
        raise UnknownIdError(challenge, closest(challenge, [item.id for item in agenda.challenges]))
    _refuse_unknown(node, given)
    findings = {item.question: item for item in node.diagnosis}
    for question in QUESTIONS:
        if question.key in given:
            stated = given[question.key]
            yes, note = stated if isinstance(stated, tuple) else (stated, "")
            findings[question.text] = Finding(question=question.text, answer="yes" if yes else "no", note=note)
    rows = tuple(_row(question, findings.get(question.text)) for question in QUESTIONS)
    cause = _cause(rows)
    changed = node.replace(diagnosis=tuple(findings.values()), cause=cause or node.cause)
    recorded = agenda.replace(challenges=[changed if item is node else item for item in agenda.challenges])
    settled = changed.cause
    return Diagnosis(
        records=rows,
        notes=_notes(rows, node, cause),
        challenge=node.id,
        cause=settled,
        trainable=None if settled is None else settled in TRAINABLE,
        remedy=REMEDIES[settled] if settled else "ask the open questions first",
        agenda=recorded,
    )


def _refuse_unknown(challenge: Challenge, given: Mapping[str, Answer]) -> None:
    """Refuse answers to questions that nobody asks."""
    keys = [question.key for question in QUESTIONS]
    issues = [
        Issue("unknown-question", f"{key!r} is no question", (challenge.id,), "", f"use {', '.join(keys)}")
        for key in given
        if key not in keys
    ]
    if issues:
        raise DocumentError.of(issues, f"diagnosis of {challenge.id!r}")


def _row(question: Question, finding: Finding | None) -> DiagnosisRow:
    """Return the row of a question."""
    answer = finding.answer if finding is not None and finding.answer in {"yes", "no"} else ""
    return DiagnosisRow(
        key=question.key,
        question=question.text,
        answer=answer,
        note=finding.note if finding is not None else "",
        points_to=question.cause if question.cause is not None and answer == "no" else "",
    )


def _cause(rows: Sequence[DiagnosisRow]) -> Cause | None:
    """Return the cause that the answers decide, or None."""
    answers = {row.key: row.answer for row in rows}
    for row in rows:
        for cause in get_args(Cause):
            if row.points_to == cause:
                return cause  # type: ignore[no-any-return]
    around = [question.key for question in QUESTIONS if question.cause is not None]
    if any(answers[key] != "yes" for key in around) or answers["able"] != "no":
        return None
    return {"yes": "knowledge", "no": "skill"}.get(answers["informed"])  # type: ignore[return-value]


def _notes(rows: Sequence[DiagnosisRow], node: Challenge, cause: Cause | None) -> tuple[str, ...]:
    """Return what a reader must know."""
    notes = []
    pointed = [row.points_to for row in rows if row.points_to]
    if len(pointed) > 1:
        notes.append(f"several answers name a cause: {', '.join(pointed)}; the first one is taken")
    if all(row.answer == "yes" for row in rows if row.key != "informed"):
        notes.append("people could do it and nothing stands in the way; look again at whether there is a problem")
    if cause is not None and node.cause not in {None, cause}:
        notes.append(f"the agenda said {node.cause} so far; the answers say {cause}")
    others = {finding.question for finding in node.diagnosis} - {question.text for question in QUESTIONS}
    if others:
        notes.append(f"{len(others)} findings in other words are kept in the agenda")
    return tuple(notes)
