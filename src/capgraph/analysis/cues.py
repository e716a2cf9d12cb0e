"""What a stretch of text says of the capabilities that it names: taught, required, denied, or beside the point."""

# ruff: noqa: RUF001 - cues in several scripts
from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

TEACHES: Final = "teaches"
REQUIRES: Final = "requires"
DENIED: Final = "denied"
"""The text says that it is not needed, or not covered."""
OFFER: Final = "offer"
"""What an employer gives: nothing that an advertisement asks for."""
ASIDE: Final = "aside"
"""Who speaks, and how to apply."""


def _cues(lines: str, *, around: str = r"(?<!\w)(?:{})(?!\w)") -> re.Pattern[str]:
    """Return what finds any of the cues in lower case: one or more a line, as regular expressions for any space."""
    found = "|".join(line.strip().replace(" ", r"\s+") for line in lines.strip().splitlines())
    return re.compile(around.format(found))


_NEEDED = "(?:needed|required|necessary|assumed|expected|mandatory|a must|a requirement|a prerequisite)"
_NOETIG = "(?:erforderlich|notwendig|nötig|vorausgesetzt|benötigt|erwartet)"
_REQUIS = "(?:nécessaires?|requise?s?|exigée?s?|obligatoires?|indispensables?)"
_NECESARIO = "(?:necesari[oa]s?|obligatori[oa]s?|imprescindibles?)"
_KENNTNIS = r"\w*(?:kenntnisse?n?|erfahrung(?:en)?|wissen)"

_NOTHING_OF = _cues(rf"""
    no (?:(?!for|way|better|to|substitute|doubt|limit|longer)[\w-]+ ){{0,3}}(?:knowledge|experience|skills?|background)
    no (?:(?!doubt|longer|later)[\w+#/-]+,? ){{1,5}}{_NEEDED}|no need (?:to|for)
    without (?:any|using|having|needing|prior|previous|knowledge)
    (?:do|does|will|would|need)(?:n['’]t| not) (?:\w+ )?(?:need|require|cover|include|teach|assume|expect|know)
    keine (?:[\w-]+ ){{0,2}}{_KENNTNIS}|ohne (?:[\w-]+ )?{_KENNTNIS}
    aucune? (?:connaissance|expérience|compétence|notion)|sans (?:aucune? )?(?:connaissance|expérience|compétence)s?
    no (?:se requieren?|se necesitan?|hacen? falta|necesitas?|se tratan?|se incluyen?)
    sin (?:conocimientos?|experiencia)
""")
"""What speaks against the words after it."""
_NOT_SO = _cues(rf"""
    (?:not|never|isn['’]?t|aren['’]?t) (?:(?!only|just)\w+ )?{_NEEDED}
    (?<!what\s)(?<!that\s)(?<!which\s)(?:is|are)(?:n['’]?t| not) (?:covered|included|taught|part of this \w+)
    nicht (?:(?!nur)\w+ )?(?:{_NOETIG}|enthalten|behandelt)|pas (?:\w+ )?(?:{_REQUIS}|abordée?s?)
    no (?:es|son) {_NECESARIO}
    не (?:требу\w+|обязательн\w+|нуж\w+)
""")
"""What speaks against the words before it, or at the beginning of a clause against those after it."""
_INSTEAD = _cues(
    r"""
    , (?:and )?not (?!only|just|least|to)|, nicht (?!nur|zuletzt)|(?:instead of|rather than) |(?:an)?statt |anstelle von
    (?:plutôt que|au lieu de) |(?:en lugar de|en vez de)
    """,
    around=r"(?:{})[^,;:()]*",
)
"""What speaks against the next few words."""
_TOLD = _cues(rf"{_NEEDED}|{_NOETIG}|{_REQUIS}|{_NECESARIO}")
"""Where the words end that *no knowledge of* speaks against."""
_CONTRAST = _cues(
    "but|however|although|whereas|aber|jedoch|sondern|mais|cependant|pero|sino", around=r"(?<=\w)\W+(?=(?:{})\s)"
)
_NEXT = _cues(
    "you|we|this|it|sie|wir|es|der kurs|vous|nous|il|usted|se|el curso", around=r"[;:]|,\s+(?:and\s+)?(?=(?:{})\s)"
)
"""Where another clause begins, which what was said before does not reach."""
_WELCOME = _cues("""
    an? (?:plus|advantage|asset|bonus)|desirable|welcome|helpful|von vorteil|wünschenswert|hilfreich|un plus|un atout
    apprécié\\w*|souhaité\\w*|deseables?|valorable|преимуществ\\w+
""")
_WANTED = _cues(rf"""
    prerequisites?|pre-requisites?|\w*voraussetzung(?:en)?|vorausgesetzt|vorkenntnisse?n?|vorwissen|pré-?requis
    voorkennis|prerrequisitos?|prerequisiti|pré-requisitos?|requisitos? previos?|conocimientos? previos?
    connaissances? préalables?|assumes (?:\w+ )?knowledge
    (?:prior|previous) (?:knowledge|experience|exposure)|предварительн\w+ (?:знани|подготовк)\w*|необходим\w+ знани\w*
    already (?:know|have|be|familiar|comfortable|understand)|(?:bereits|déjà|ya) (?:kennen|können|connaître|conocer)
    (?:should|must) be (?:familiar|comfortable)
    (?:should|must) have (?:a )?(?:basic|some|good|sound|knowledge|experience)
    (?:knowledge|experience|understanding|familiarity|command) .{{0,80}}(?:is|are) (?:\w+ )?{_NEEDED}
    {_KENNTNIS} .{{0,80}}{_NOETIG}|connaissances? .{{0,80}}{_REQUIS}
    se requieren?|before (?:taking|starting|attending) this
    (?:(?:entry|course|technical) )?requirements?(?= ?:)|anforderungen(?= ?:)|requisitos(?= ?:)
""")
_UNSPACED_WANTED = re.compile("先修|前提条件|前提知識|预备知识|受講条件|المتطلبات السابقة|προαπαιτούμεν")
_OUTCOME = _cues("""
    after th(?:is|e)|by the end|at the end|up?on completi\\w+|nach dem|am ende|à l['’]issue|à la fin|al final(?:izar)?
""")
"""What learners hold afterwards, and so need not bring."""
_GIVEN = _cues(
    """
    we(?:['’]ll)? (?:can )?(?:offer|provide)|wir bieten|(?:das|was) (?:bieten wir|wir bieten)
    nous (?:vous )?(?:offrons|proposons)
    (?:benefits|perks|beneficios|avantages)(?= ?:)|what we offer|our offer|(?:te )?ofrecemos|мы предлагаем
    """,
    around=r"\W*(?:{})(?!\w)",
)
_LEARNING = _cues("""
    you(?:['’]ll| will)? (?:learn|study|explore)|participants (?:learn|will)
    this (?:course|workshop|class|training|module)
    sie lernen|in diese[rmn] (?:kurs|seminar)|vous apprend\\w+|cet?te? (?:cours|formation)|aprender\\w+|este curso
""")
_HEADINGS = {
    REQUIRES: r"""
        (?:(?:entry|admission|technical|course|formal) )?(?:requirements|prerequisites?|pre-requisites?)
        (?:(?:required|recommended) )?(?:prior|previous) (?:knowledge|experience)|before you (?:start|begin)
        what you(?: wi|['’])ll need|\w*voraussetzung(?:en)?|vorkenntnisse|vorwissen|pré-?requis|prerrequisitos
        requisitos(?: previos)?|conocimientos previos|connaissances préalables|требования|先修课程|前提条件|受講条件""",
    OFFER: r"""
        (?:what )?we (?:can )?offer(?: you)?|our offer|(?:(?:your|our|employee) )?(?:benefits|perks)(?: (?:and|&) \w+)?
        what['’]s in it for you|why (?:join )?us|why work (?:for|with) us|compensation
        (?:das |was )?wir bieten(?: ihnen)?
        (?:das bieten|was) wir(?: (?:ihnen|dir))?(?: bieten)?|unser angebot|(?:ihre|deine) vorteile|avantages|beneficios
        (?:ce que )?nous (?:vous )?(?:offrons|proposons)|(?:lo que |qué )?(?:te )?ofrecemos|мы предлагаем|условия""",
    ASIDE: r"""
        about (?:us|the (?:company|author|instructor|teacher|trainer|employer))|who we are|how to apply|contact(?: us)?
        über uns|wer wir sind|kontakt|bewerbung|à propos(?: de nous)?|qui sommes-nous|sobre nosotros|quiénes somos
        о нас""",
    TEACHES: r"""
        (?:(?:course|learning) )?(?:contents?|outcomes?|objectives?|goals?|topics?|outline)
        syllabus|description|overview|program(?:me)?|curriculum|modules|(?:what )?you(?: wi|['’])ll (?:learn|do)
        (?:(?:your|key|main) )?(?:responsibilities|tasks|duties|role|profile)|(?:kurs|lern)?(?:inhalte?|ziele?)
        das lernen sie|themen|(?:ihre |deine )?aufgaben
        (?:ihr|dein) profil|contenus?|objectifs?|(?:au )?programme|(?:votre )?profil|vos missions|contenidos?|objetivos?
        temario|programa|(?:tu |su )?perfil|funciones|содержание|программа|обязанности|课程内容|学习内容|学習内容""",
}
_HEADING = tuple((says, _cues(lines, around=r"\W*(?:{})\W*")) for says, lines in _HEADINGS.items())
_HEADING_WORDS, _HEADING_SIGNS = 6, 100


def heading(line: str) -> str | None:
    """Return what the lines below a heading speak of, empty for a heading that does not say, None for no heading.

    Examples
    --------
    >>> heading("Prerequisites:"), heading("What we offer"), heading("Module 1:"), heading("Learn SQL")
    ('requires', 'offer', '', None)
    """
    if len(line) > _HEADING_SIGNS or len(line.split()) > _HEADING_WORDS:
        return None
    for says, pattern in _HEADING:
        if pattern.fullmatch(_lower(line)):
            return says
    return "" if line.rstrip().endswith((":", "：")) else None


def speaks_of_learning(sentence: str) -> bool:
    """Return whether a sentence says what a course does, which ends a list of what learners must bring."""
    return _LEARNING.search(_lower(sentence)) is not None


def clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the stretches of a sentence in their order, each with what it says, or an empty text.

    Examples
    --------
    >>> list(clauses("No knowledge of Python is needed, but you should already know SQL"))
    [('No knowledge of Python is needed', 'denied'), ('but you should already know SQL', 'requires')]
    >>> list(clauses("Learn Python, not Java"))
    [('Learn Python', ''), (', not Java', 'denied')]
    """
    plain = _lower(sentence)
    said = OFFER if _GIVEN.match(plain) else ""
    begin = 0
    for stop, after in (*(cue.span() for cue in _CONTRAST.finditer(plain)), (len(plain), 0)):
        clause, start = plain[begin:stop], 0
        for left, right in sorted(_denied(clause, sentence=plain)):
            if left > start:
                yield sentence[begin + start : begin + left], said or _wanted(clause[start:left])
            if right > start:
                yield sentence[begin + max(left, start) : begin + right], DENIED
                start = right
        if start < len(clause):
            yield sentence[begin + start : stop], said or _wanted(clause[start:])
        begin = after


def _lower(text: str) -> str:
    """Return a text in lower case, or as it is where that would move its signs."""
    plain = text.lower()
    return plain if len(plain) == len(text) else text


def _wanted(clause: str) -> str:
    """Return whether a stretch says what learners must bring."""
    is_wanted = (_WANTED.search(clause) or _UNSPACED_WANTED.search(clause)) and not _OUTCOME.search(clause)
    return REQUIRES if is_wanted else ""


def _denied(clause: str, *, sentence: str) -> Iterator[tuple[int, int]]:
    """Yield the stretches of a clause that say what is not needed or not covered."""
    for cue in _INSTEAD.finditer(clause):
        yield cue.span()
    for cue in _NOTHING_OF.finditer(clause):
        told = _TOLD.search(clause, cue.end())
        end = _reach(clause, cue)
        yield cue.start(), min(end, told.end()) if told else end
    for cue in _NOT_SO.finditer(clause):
        if _WELCOME.search(sentence):
            return
        begin = max((one.end() for one in _NEXT.finditer(clause, 0, cue.start())), default=0)
        leads = not clause[begin : cue.start()].strip()
        yield begin, _reach(clause, cue) if leads else cue.end()


def _reach(clause: str, cue: re.Match[str]) -> int:
    """Return where the words end that a cue before them speaks of."""
    found = _NEXT.search(clause, cue.end())
    return found.start() if found else len(clause)
