"""Which language a text is written in, told by its script and by the small words that hold its sentences together."""

# ruff: noqa: RUF001 - the tables hold the letters of several scripts
from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_SMALL = {
    "cs": "a v na se je s z do pro že to jako by ve k o po od při nebo jsou které který",
    "da": "og i at det som en for med på er af til den ikke har du vi et om kan skal de din dit hvor også",
    "de": "der die das und ist von mit für den dem ein eine zu im auf sie wir nicht werden sind oder als bei auch des",
    "en": "the and of to in for is are with on you your we our will be as by from this that have an or at how",
    "es": "el la los las de y en para con por una un del que se su al como o más es son sus esta lo",
    "fi": "ja on ei että se hän ovat oli kun tai sekä ovat joka myös mukaan kanssa voi sen",
    "fr": "le la les des du de et est une un pour dans vous nous sur avec au aux par que qui votre ou en ce cette sont",
    "it": "il la di e che per con del della dei gli le un una nel sono alla da in lo si è delle o",
    "nb": "og i å det som en for med på er av til den ikke har du vi et om kan skal de din ditt hvor også",
    "nl": "de het een en van voor met op is te zijn je wij niet aan bij dat of door naar uw ook",
    "pl": "i w na z do nie się jest to oraz dla od po przez jak że o ze lub są który",
    "pt": "o a os as de e em para com por uma um do da que se dos das no na não ao é são ou",
    "sv": "och i att det som en för med på är av till den inte har du vi ett om kan ska de din ditt hur också",
    "bg": "и в на с за от да се по не че е са като или към при които",
    "ru": "и в не на что с по для как это к из от у мы вы или а о об при их",
    "uk": "і в не на що з до для як це та у від по за або й про при їх",
}
"""The small words of languages that share a script with others."""
_LETTERS = {
    "cs": "ěřů",
    "da": "æø",
    "de": "äöüß",
    "es": "ñáéíóú¿¡",
    "fi": "äö",
    "fr": "éèêàçùœ",
    "it": "èàùòì",
    "nb": "æø",
    "pl": "łżźśąęćń",
    "pt": "ãõçáêóú",
    "sv": "äöå",
    "bg": "ъ",
    "ru": "ыэъ",
    "uk": "іїєґ",
}
"""Letters that speak for a language where the small words do not decide."""
_SCRIPTS = {
    "ja": r"[\u3040-\u30ff]",
    "ko": r"[\uac00-\ud7af\u1100-\u11ff]",
    "zh": r"[\u3400-\u4dbf\u4e00-\u9fff]",
    "el": r"[\u0370-\u03ff]",
    "he": r"[\u0590-\u05ff]",
    "ar": r"[\u0600-\u06ff]",
    "hi": r"[\u0900-\u097f]",
    "th": r"[\u0e00-\u0e7f]",
    "ka": r"[\u10a0-\u10ff]",
    "hy": r"[\u0530-\u058f]",
}
"""The signs of scripts that one language stands for here; Japanese before Chinese, since it uses the signs of both."""
_SCRIPT_SIGNS = {language: re.compile(signs) for language, signs in _SCRIPTS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_LETTER_WEIGHT = 0.3
_SCRIPT_SHARE = 0.3
_LEAD = 1.3
"""How many times as much must speak for the language found as for the next one."""
_LONGEST = 5_000


def _owners() -> dict[str, tuple[str, ...]]:
    """Return the languages that have each small word."""
    found: dict[str, list[str]] = defaultdict(list)
    for language, words in _SMALL.items():
        for word in set(words.split()):
            found[word].append(language)
    return {word: tuple(languages) for word, languages in found.items()}


_OWNERS = _owners()


def main_language(tag: str) -> str:
    """Return the language of a BCP 47 tag without region and script.

    Examples
    --------
    >>> main_language("pt-BR")
    'pt'
    """
    return tag.partition("-")[0].lower()


def language_of(text: str, *, among: Collection[str] = ()) -> str:
    """Return the language of a text as a two-letter code, or nothing where the text does not tell.

    Scripts of one language decide at once.  Otherwise each small word speaks for the languages that have it, the less
    the more of them do, and letters with marks a little; the first language must lead the second by three tenths.

    Parameters
    ----------
    text : str
        Plain text; its first 5,000 signs are looked at.
    among : collection of str
        The languages that are possible, as BCP 47 tags; empty for all that are known.

    Notes
    -----
    Linear in the length of the text.  Titles of two or three nouns often do not tell.

    Examples
    --------
    >>> language_of("Sie lernen, wie man mit Daten arbeitet"), language_of("データ分析を学ぶ"), language_of("SQL")
    ('de', 'ja', '')
    """
    text = text[:_LONGEST].casefold()
    possible = {main_language(tag) for tag in among}
    letters = sum(map(len, _WORD.findall(text)))
    for language, signs in _SCRIPT_SIGNS.items():
        if (not possible or language in possible) and len(signs.findall(text)) > _SCRIPT_SHARE * letters:
            return language
    scores = _scores(text)
    ranked = sorted(
        ((score, language) for language, score in scores.items() if not possible or language in possible), reverse=True
    )
    if not ranked:
        return ""
    second = ranked[1][0] if len(ranked) > 1 else 0.0
    return ranked[0][1] if ranked[0][0] >= _LEAD * second and ranked[0][0] > second else ""


def _scores(text: str) -> dict[str, float]:
    """Return what speaks for each language."""
    found: dict[str, float] = defaultdict(float)
    for word in _WORD.findall(text):
        owners = _OWNERS.get(word, ())
        for language in owners:
            found[language] += 1 / len(owners)
    counts = Counter(text)
    for language, letters in _LETTERS.items():
        marked = sum(counts[letter] for letter in letters)
        if marked:
            found[language] += _LETTER_WEIGHT * marked
    return found
