"""Words of titles that name no subject: levels, formats, marketing, languages, forms of learning, and small words."""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    """Return the words of a text."""
    return frozenset(text.split())


_INTRODUCTORY = _words(
    """introduction introductory intro beginner beginners beginning basic basics fundamental fundamentals
    foundation foundations foundational essential essentials elementary primer overview 101 einführung
    einsteiger grundlagen grundkurs überblick anfänger basiswissen initiation découvrir découverte
    débutant débutants notions introducción introduccion principiantes básico fundamentos iniciación
    introduzione principianti inleiding beginners basis introdução"""
)
_INTERMEDIATE = _words("intermediate aufbaukurs intermédiaire intermedio intermediário gevorderden")
_ADVANCED = _words(
    """advanced expert experts mastering masterclass proficient fortgeschritten fortgeschrittene avancé avancée
    perfectionnement expertise avanzado avanzata avançado"""
)
_HONORS = _words("honors honours")
LEVELS = (
    dict.fromkeys(_INTRODUCTORY, "introductory")
    | dict.fromkeys(_INTERMEDIATE, "intermediate")
    | dict.fromkeys(_ADVANCED, "advanced")
    | dict.fromkeys(_HONORS, "honors")
)
"""The level that a word of a title stands for."""
FORMATS = _words(
    """online e-learning elearning virtual webinar classroom self-paced onsite on-site blended vod live video
    videos audio podcast webcast ebook recorded remote präsenz distanciel présentiel"""
)
"""Words in brackets that say how something is delivered."""
MARKETING = _words(
    """new updated update hot free bestseller exclusive popular trending neu nouveau nuevo nuovo aktualisiert
    recommended revised edition version now available coming soon limited special offer must watch best
    top"""
)
"""Words in brackets, or alone between colons, that only advertise."""
LANGUAGES = {
    name: code
    for code, names in {
        "en": "english englisch anglais inglés",
        "de": "german deutsch allemand alemán",
        "fr": "french français französisch francés",
        "es": "spanish español spanisch espagnol",
        "it": "italian italiano italienisch italien",
        "nl": "dutch nederlands",
        "pt": "portuguese português",
        "pl": "polish polski polnisch",
        "zh": "chinese mandarin chinesisch",
        "ja": "japanese japanisch",
    }.items()
    for name in _words(names)
}
"""Words in brackets that name the language of the content."""
LANGUAGE_CODES = _words("en de fr es nl pt pl zh ja")
"""Codes in brackets, or after a dash in capitals, that do the same; *IT* is more often information technology."""
AUDIENCES = _words(
    """manager managers leader leaders supervisor supervisors executive executives director directors staff employee
    employees everyone teacher teachers nurse nurses engineer engineers developer developers administrator
    administrators admins users contractor contractors newcomers apprentices trainees parents volunteers führungskräfte
    mitarbeiter mitarbeitende manageurs salariés directivos empleados"""
)
"""Words in brackets, or alone after a colon or dash, that say whom something is for."""
NEGATIONS = _words("not non no never without nicht kein keine ohne pas sans sin nunca senza")
"""Words that turn a subject into its opposite."""
VERSIONED = _words(
    """excel powerpoint outlook sharepoint visio onenote windows server sql autocad revit solidworks inventor archicad
    photoshop illustrator indesign matlab ubuntu"""
)
"""Software of which two years are two products, not two editions of a course."""
OPPOSITES = (
    ("hyper", "hypo"),
    ("inter", "intra"),
    ("inter", "exter"),
    ("micro", "macro"),
    ("pre", "post"),
    ("on", "off"),
    ("in", "out"),
    ("in", "ex"),
    ("under", "over"),
    ("up", "down"),
    ("pro", "anti"),
    ("mono", "poly"),
    ("im", "ex"),
)
"""Beginnings that turn a word into its opposite, which no typing error does."""
SESSIONS = {
    word: session
    for session, words in {
        "laboratory": "lab labs laboratory laboratories labor tp",
        "lecture": "lecture lectures vorlesung",
        "recitation": "recitation discussion tutorium",
        "exam": "exam exams examination test quiz assessment prüfung examen",
        "trainer": "trainer trainers instructor instructors ausbilder formateur formateurs formador formadores",
        "refresher": "refresher renewal recertification requalification auffrischung auffrischungskurs recyclage",
    }.items()
    for word in _words(words)
}
"""The form of session that a word of a title stands for: two forms of one course are two things."""
FORMS = _words(
    """thesis theses research special topics topic independent study studies directed seminar internship
    practicum project projects colloquium teaching apprentice apprenticeship reading readings group
    individual field senior first-year undergraduate graduate honors dissertation experience course
    courses training workshop program session module lesson test exam quiz orientation onboarding welcome
    capstone laboratory lab supervised guided selected current issues first conference tutorial lecture
    lectures series other misc untitled title various general year doctoral master masters student
    students freshman kurs schulung projekt formation cours atelier curso taller"""
)
"""Words that name the form of learning and not its subject."""
SMALL = _words(
    """a an and are as at be by for from how in into is it its of on or that the their this to will with your you
    we our what der die das und von für mit im in zu zur zum ein eine le la les de des du et en pour un
    une el los las y con para al il lo gli e di per"""
)
"""Words that hold a title together."""
JOINERS = SMALL | _words("à aux au")
"""Words that are dropped beside a level, as in "introduction to"."""
GENERIC = _words(
    """manage use develop provide perform apply create maintain ensure design plan implement support identify analyse
    assess evaluate understand work make take handle conduct coordinate monitor promote establish prepare lead
    skill knowledge ability experience competence understanding practice method principle technique process system
    verwalten entwickeln nutzen verwenden durchführen erstellen anwenden planen umsetzen sicherstellen leiten
    kenntnisse wissen fähigkeit erfahrung kompetenz grundlagen methoden verfahren
    gérer développer utiliser réaliser mettre œuvre assurer appliquer créer effectuer compétence connaissance méthodes
    gestionar desarrollar utilizar realizar aplicar crear asegurar mantener conocimiento habilidad competencia
    métodos"""
)
"""Words that stand in many capabilities of any framework and name none of them."""
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}
"""Roman numerals of series."""
NUMBER_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "first": 1, "second": 2, "third": 3}
"""Number words of series."""


def _misspelled() -> dict[str, str]:
    """Return long level words with two neighbors swapped or one letter left out."""
    found: dict[str, str] = {}
    for word, level in LEVELS.items():
        for place in range(1, len(word) - 1) if len(word) >= _LONG else ():
            found[word[:place] + word[place + 1] + word[place] + word[place + 2 :]] = level
            found[word[:place] + word[place + 1 :]] = level
    return {word: level for word, level in found.items() if word not in LEVELS}


_LONG = 7
MISSPELLED_LEVELS = _misspelled()
"""The level that a level word with one typing error stands for."""
