"""Words that cells use: missing values, yes and no, units of time, currencies, languages, months.

Plain data in the normalized form of `capgraph.text.normalize`; English, German, French, Spanish, Italian, Portuguese,
Dutch and the Nordic languages where the words differ.
"""

from __future__ import annotations

MISSING = frozenset(
    {
        "", "-", "--", "—", "–", ".", "?", "n/a", "na", "n.a.", "n.a", "#n/a", "#ref!", "#value!", "#name?",
        "#div/0!", "#null!",
        "#num!", "nan", "null", "none", "nil", "(null)", "(none)", "(blank)", "(empty)", "\\n", "undefined",
        "<na>", "nat",
        "k. a.", "k.a.", "k.a", "keine angabe", "not available", "not applicable", "unknown", "tbd", "tba", "tbc",
        "t.b.d.",
        "*none*", "…", "...",
    }
)  # fmt: skip
"""What people and programs write into an empty cell."""

TRUE = frozenset(
    {
        "true", "t", "yes", "y", "1", "on", "x", "xx", "✓", "✔", "☑", "☒", "✅", "ja", "j", "wahr", "oui", "o",
        "vrai", "si",
        "sí", "s", "sim", "verdadero", "vero", "waar", "active", "aktiv", "enabled", "published", "live", "available",
        "required", "mandatory", "a",
    }
)  # fmt: skip
"""Ways to say yes."""

FALSE = frozenset(
    {
        "false", "f", "no", "n", "0", "off", "✗", "✘", "☐", "❌", "nein", "falsch", "non", "faux", "nej", "nee",
        "não", "falso",
        "onwaar", "inactive", "inaktiv", "disabled", "retired", "archived", "unpublished", "deleted", "draft",
        "hidden",
        "expired", "cancelled", "canceled", "optional", "i",
    }
)  # fmt: skip
"""Ways to say no."""

MARKS = {
    "free": frozenset({
        "free", "free of charge", "no charge", "no cost", "included", "kostenlos", "gratis", "gratuit", "frei",
        "inkl.", "kostenfrei", "gebührenfrei", "entgeltfrei", "at no cost", "free!",
        "gratuito", "gratuita", "gratuite", "grátis", "bezpłatne",
        "bezpłatny", "zdarma", "ücretsiz", "ingyenes", "бесплатно", "無料", "免费", "무료", "مجاني",
    }),
    "total": frozenset({
        "total", "totals", "grand total", "sum", "summe", "gesamt", "gesamtsumme", "total général",
        "total general", "totale", "totaal", "average", "group average", "avg", "avg.", "mean", "mittelwert",
        "durchschnitt", "moyenne", "count", "anzahl",
    }),
    "gone": frozenset({
        "cancelled", "canceled", "retired", "discontinued", "archived", "no longer available", "no longer offered",
        "withdrawn", "obsolete", "deleted", "expired", "abgesagt", "entfällt", "eingestellt", "nicht mehr buchbar",
        "archiviert", "gestrichen", "annulé", "supprimé", "cancelado", "annullato",
    }),
    "archive": frozenset({
        "archive", "archived", "archiv", "archives", "old", "alt", "retired", "inactive", "inaktiv", "obsolete",
        "discontinued", "past", "cancelled", "deleted", "expired", "ancien", "archivo", "archivio",
    }),
    "subtotal": frozenset({"subtotal", "sub-total", "sub total", "zwischensumme", "sous-total", "subtotaal"}),
    "legend": frozenset({
        "legend", "legende", "key", "légende", "leyenda", "notes", "note", "hinweis", "hinweise", "source",
        "quelle",
    }),
}  # fmt: skip
"""Words that have a meaning in a certain column or row."""

UNIT_WORDS = {
    word: unit
    for unit, words in {
        "second": "second seconds sec secs s sek sekunde sekunden seconde secondes segundo segundos",
        "minute": "minute minutes min mins m mn minuten minutos minuti minuto minuter "
        "minut minuta minuty minutter minuuttia minuutti dakika dk 分 分钟 분",
        "hour": "hour hours h hr hrs std stdn stunde stunden heure heures hora horas horária horaria ora ore uur uren "
        "timme timmar timer godz godzina godziny godzin hod hodina hodiny hodin tunti tuntia óra saat "
        "時間 小时 시간 学时 課時 課时 час часа часов",
        "day": "day days d tag tage tagen jour jours j jrs journée journées journee jornada jornadas giornata giornate "
        "día dia días dias giorno giorni dag dagen dagar dage pd "
        "dzień dni dny dnů päivä päivää nap gün 日 天 일",
        "week": "week weeks w wk wks woche wochen semaine semaines semana semanas settimana settimane weken",
        "month": "month months mo mon mth mths monat monate monaten mois mes meses mese mesi maand maanden",
        "year": "year years yr yrs jahr jahre jahren an ans année années año años anno anni jaar",
        "lesson": "ue uen ustd lektion lektionen unterrichtseinheit unterrichtseinheiten unterrichtsstunde "
        "unterrichtsstunden lehreinheit lehreinheiten lesuur lesuren",
        "half day": "dagdeel dagdelen halbtag halbtage",
    }.items()
    for word in words.split()
}
"""Words for units of time."""

CURRENCIES = {
    "us$": "USD", "a$": "AUD", "c$": "CAD", "ca$": "CAD", "au$": "AUD", "nz$": "NZD", "hk$": "HKD", "r$": "BRL",
    "s$": "SGD",
    "chf": "CHF", "eur": "EUR", "usd": "USD", "gbp": "GBP", "jpy": "JPY", "cny": "CNY", "inr": "INR", "aud": "AUD",
    "cad": "CAD",
    "sek": "SEK", "nok": "NOK", "dkk": "DKK", "pln": "PLN", "czk": "CZK", "huf": "HUF", "brl": "BRL", "mxn": "MXN",
    "sgd": "SGD",
    "hkd": "HKD", "nzd": "NZD", "zar": "ZAR", "try": "TRY", "aed": "AED", "sar": "SAR", "ils": "ILS", "krw": "KRW",
    "rub": "RUB",
    "euro": "EUR", "euros": "EUR", "dollars": "USD", "fr.": "CHF", "sfr": "CHF", "kč": "CZK", "zł": "PLN",
    "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW", "₪": "ILS", "₽": "RUB", "₺": "TRY",
}  # fmt: skip
"""Signs and words for currencies, the longer first where one is part of another."""

LANGUAGES = {
    name: tag
    for tag, names in {
        "en": "english englisch anglais inglés inglese inglês engels engelska eng",
        "de": "german deutsch allemand alemán tedesco alemão duits tyska deu ger",
        "fr": "french französisch français francés francese francês frans franska fra fre",
        "es": "spanish spanisch espagnol español castellano spagnolo espanhol spaans spanska spa",
        "it": "italian italienisch italien italiano italiaans italienska ita",
        "pt": "portuguese portugiesisch portugais portugués portoghese português portugees por",
        "nl": "dutch niederländisch holländisch néerlandais nederlands nld dut",
        "pl": "polish polnisch polonais polski pol",
        "cs": "czech tschechisch tchèque čeština ces cze",
        "sk": "slovak slowakisch slovenčina slk",
        "hu": "hungarian ungarisch hongrois magyar hun",
        "ro": "romanian rumänisch roumain română ron rum",
        "bg": "bulgarian bulgarisch български bul",
        "el": "greek griechisch grec ελληνικά ell gre",
        "sv": "swedish schwedisch suédois svenska swe",
        "da": "danish dänisch danois dansk dan",
        "nb": "norwegian norwegisch norvégien norsk bokmål nor nob",
        "fi": "finnish finnisch finnois suomi fin",
        "ru": "russian russisch russe русский rus",
        "uk": "ukrainian ukrainisch ukrainien українська ukr",
        "tr": "turkish türkisch turc türkçe tur",
        "ar": "arabic arabisch arabe العربية ara",
        "he": "hebrew hebräisch hébreu עברית heb",
        "zh": "chinese chinesisch chinois 中文 mandarin zho chi",
        "ja": "japanese japanisch japonais 日本語 jpn",
        "ko": "korean koreanisch coréen 한국어 kor",
        "hi": "hindi हिन्दी hin",
        "th": "thai ไทย tha",
        "vi": "vietnamese vietnamesisch tiếng vie",
        "id": "indonesian indonesisch bahasa ind",
        "ms": "malay malaiisch msa may",
    }.items()
    for name in names.split()
}
"""Names of languages, and their ISO 639 codes of three letters."""

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier enero gennaio janeiro januari januari janv ene gen",
            "feb february februar février febrero febbraio fevereiro februari févr fev fév",
            "mar march märz mars marzo março maart mär mrz maa",
            "apr april avril abril aprile avr abr",
            "may mai mayo maggio maio mei maj mag",
            "jun june juni juin junio giugno junho giu",
            "jul july juli juillet julio luglio julho juil lug",
            "aug august août agosto augustus augusti aoû ago",
            "sep september septembre septiembre settembre setembro sept set",
            "oct october oktober octobre octubre ottobre outubro okt ott out",
            "nov november novembre noviembre novembro",
            "dec december dezember décembre diciembre dicembre dezembro dez déc dic",
        ),
        start=1,
    )
    for name in names.split()
}
"""Names of months and their short forms."""

NO_PREREQUISITE = frozenset(
    {
        "", "none", "no", "no prerequisites", "no prerequisite", "no prior knowledge", "no prior knowledge required",
        "not required", "n/a", "nil", "keine", "keine vorkenntnisse", "keine voraussetzungen", "aucun", "aucune",
        "aucun prérequis", "ninguno", "ninguna", "nessuno", "nessuna", "geen",
    }
)  # fmt: skip
"""Ways to say that nothing must come before."""

COMPLETED = frozenset(
    {
        "completed", "complete", "completed (equivalent)", "passed", "pass", "done", "finished", "100%", "100 %", "100",
        "satisfied", "mastered", "attended", "successful", "credited", "certified", "achieved", "true", "yes", "y", "1",
        "abgeschlossen", "bestanden", "erledigt", "teilgenommen", "terminé", "réussi", "achevé", "completado",
        "aprobado", "completato", "superato", "voltooid", "afgerond", "compliant", "valid", "current",
        "certificate earned",
        "ja", "oui", "sí", "si", "sim", "ok", "absolviert", "validé", "effectué", "fait", "realizado", "concluído",
        "aprovado", "完了", "修了", "合格", "已完成", "完成", "通过", "완료", "수료", "завершен", "завершено",
        "пройден", "сдан", "مكتمل", "ukończono", "dokončeno", "genomförd", "gennemført",
    }
)  # fmt: skip
"""Ways to say that something was completed."""

UNDONE = frozenset(
    {
        "in progress", "not started", "started", "enrolled", "enroled", "registered", "assigned", "incomplete",
        "not completed", "not complete", "not attempted", "failed", "fail", "expired", "overdue", "due", "due soon",
        "past due", "pending", "planned", "booked", "scheduled", "to do", "todo", "tbc", "tbd", "tba", "cancelled",
        "canceled", "withdrawn", "no show", "no-show", "absent", "waitlisted", "subscribed", "suspended", "required",
        "outstanding", "invalid", "false", "no", "n", "nein", "non", "offen", "geplant", "in bearbeitung", "angemeldet",
        "abgelaufen", "überfällig", "nicht begonnen", "nicht bestanden", "en cours", "à faire", "à planifier", "expiré",
        "non commencé", "prévu", "en curso", "pendiente", "vencido", "caducado", "no iniciado", "em andamento",
        "pendente", "não iniciado", "in corso", "da fare", "scaduto", "gepland", "bezig", "verlopen",
        "受講中", "未受講", "未完了",
        "进行中", "未开始", "未完成", "진행중", "미수료", "в процессе", "не начат", "просрочен",
    }
)  # fmt: skip
"""Ways to say that something was not completed, or does not count any more."""

METHODS = {
    word: kind
    for kind, words in {
        "self": "self, self assessment, self-assessment, self rating, employee, own, selbst, selbsteinschätzung, "
        "myself, auto, auto-évaluation, autoevaluación, autoavaliação",
        "manager": "manager, supervisor, line manager, manager assessment, boss, lead, vorgesetzte, führungskraft, 90",
        "peer": "peer, peers, colleague, 360, 360 feedback, team, team member, peer review, kollege, direct report, "
        "direct reports, subordinate, upward, mitarbeitende, pair, collègue, compañero",
        "test": "test, exam, quiz, assessment, assessment center, score, prüfung, measured",
        "observation": "observation, observed, assessor, expert, beobachtung, interview",
        "credential": "credential, certificate, certification, badge, zertifikat",
        "completion": "completion, course, training",
        "inferred": "inferred, imported, ai, profile, derived",
    }.items()
    for word in words.split(", ")
}
"""Words for how a level is known."""
