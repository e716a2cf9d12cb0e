"""What the name of a column may mean: its own words, those without units, and those without what they are said of.

*Nombre del curso*, *Kurstitel_DE*, *idFormation* and *course length* say a name, a title, an id and a length; that it
is of a course goes without saying in a list of courses.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from capgraph.formats.headers import spelled, without_brackets
from capgraph.formats.lexicon import CURRENCIES, UNIT_WORDS
from capgraph.ingest.nested import is_language
from capgraph.text import without_accents

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def _words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


LEADING = frozenset(
    {"course", "training", "content", "learning", "class", "module", "lesson", "item", "asset", "event"}
)
"""Words that names of columns begin with where they say something of a course."""
TRAILING = frozenset({"timestamp", "utc", "text", "field", "value", "column"})
"""Words that names of columns end with without saying anything."""
_VALUES = frozenset({"value", "text", "rendered", "string", "content"})
_SUBJECTS = _words(
    "course courses training trainings class module lesson program programme subject unit paper workshop event content "
    "kurs kurse kurses seminars seminar schulung schulungs lehrgang lehrgangs modul veranstaltung weiterbildung "
    "cours formation formations stage session curso cursos taller materia asignatura modulo actividad capacitacion "
    "corso corsi disciplina disciplinas insegnamento treinamento formacao formacion cursus opleiding "
    "szkolenia szkolenie kursu kurzu skoleni utbildning kursus egitim kursi"
)
"""What the records of a catalog are, without accents."""
_PARTICLES = _words(
    "of the a de du des del della dello di da do dos das d l la le les el los las der die dem den van het"
)
_QUALIFIERS = _words(
    "primary main official default principal hauptsachliche short long brief full average avg mean curta corta courte "
    "breve larga longa completa media moyenne"
)
_SAID_IN = _words("en de fr es it pt nl ja zh ko ru ar pl cs sv fi english german deutsch englisch")
_COUNTS = _words("n num number no nr nb nbr count total anzahl numero cantidad nombre qty sum overall")
COUNTED = ("learners", "seats")
"""Fields that are counts, so that a name may say *number of* before what is counted."""


@lru_cache(maxsize=8192)
def folded(name: str) -> str:
    """Return a spelled name without accents.

    Examples
    --------
    >>> folded("Durée"), folded("TítuloCurso"), folded("コース名")
    ('duree', 'titulo curso', 'コース名')
    """
    return without_accents(spelled(name))


def forms(name: str, paths: Sequence[str] | None) -> list[str]:
    """Return the forms of a name that are compared, the exact one last, so that it wins."""
    words = without_brackets(name).split()
    bare = " ".join(word for word in words if word not in UNIT_WORDS and word not in CURRENCIES and word != "in")
    core = [word for word in words if word not in TRAILING]
    core = core[1:] if len(core) > 1 and core[0] in LEADING else core
    found = [" ".join(core), bare, without_brackets(name), spelled(name)]
    if paths is not None and name.rpartition(".")[0] not in paths:
        found[:0] = ends(name)
    return [folded(form) for form in found if form]


def ends(path: str) -> list[str]:
    """Return the names that the end of a path may stand for; ``duration.value`` is a duration, and its unit none."""
    steps = [step.lstrip("@#") for step in path.split(".")]
    last = spelled(steps[-1])
    if len(steps) == 1:
        return [last]
    if last in _VALUES or is_language(steps[-1]):
        return [last, spelled(steps[-2])] if last == "id" else [spelled(steps[-2])]
    return [last, spelled(f"{steps[-2]} {steps[-1]}")]


def cores(name: str, *, tongue: bool = False) -> Iterator[str]:
    """Yield what a name says without what it is said of, the language that it is said in, and particles.

    With `tongue`, of names that say a language alone.

    Examples
    --------
    >>> list(cores("nombre_del_curso")), list(cores("nomsFormations")), list(cores("Title EN"))
    (['nombre'], ['noms', 'nom'], ['title'])
    """
    words = folded(without_brackets(name)).split()
    if len(words) > 1 and words[-1] in _SAID_IN:
        words = words[:-1]
    elif tongue:
        return
    if len(words) > 1 and words[-1].isdigit():
        words = words[:-1]
    if len(words) > 1 and words[0] in _QUALIFIERS:
        words = words[1:]
    if len(words) > 1 and words[-1] in _QUALIFIERS:
        words = words[:-1]
    if words[0:1] and words[0] in _COUNTS and len(words) > 1 and words[-1].endswith("s"):
        return
    words = _without_subject(words)
    core = " ".join(words)
    if core and core != folded(without_brackets(name)):
        yield core
        if core.endswith("s"):
            yield core[:-1]


def counted(name: str) -> Iterator[str]:
    """Yield what a name says is counted.

    Examples
    --------
    >>> list(counted("n_enrolled")), list(counted("Total number of students")), list(counted("Enrollment"))
    (['enrolled', 'enrolleds'], ['students'], [])
    """
    words = folded(without_brackets(name)).split()
    left = [word for word in words if word not in _COUNTS]
    if len(left) == len(words):
        return
    core = " ".join(_without_particles(left))
    if core:
        yield core
        if not core.endswith("s"):
            yield f"{core}s"


def _without_subject(words: list[str]) -> list[str]:
    """Return words without those that name the subject at either end, and without the particles beside them."""
    while len(words) > 1 and words[0] in _SUBJECTS:
        words = words[1:]
    while len(words) > 1 and words[-1] in _SUBJECTS:
        words = words[:-1]
    return _without_particles(words)


def _without_particles(words: list[str]) -> list[str]:
    """Return words without particles at either end."""
    while words and words[0] in _PARTICLES:
        words = words[1:]
    while words and words[-1] in _PARTICLES:
        words = words[:-1]
    return words
