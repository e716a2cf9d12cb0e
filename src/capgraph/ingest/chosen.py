"""The profile that a caller gives or names, and what of it does not fit the tables that are read with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from capgraph.errors import Issue, ParseError
from capgraph.formats.headers import spelled
from capgraph.ingest.profile import ASSET_FIELDS, PEOPLE_FIELDS, Profile, generic, parse_profile, presets
from capgraph.text import closest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from capgraph.ingest.columns import Binding
    from capgraph.ingest.tables import Table

_FIELDS = {"courses": ASSET_FIELDS, "people": PEOPLE_FIELDS}
_SHOWN = 30


def chosen_profile(given: Profile | str | Path | None, about: str = "courses") -> Profile | None:
    """Return the profile that a caller gives or names, if any.

    Parameters
    ----------
    given : Profile, str or path, or None
        The profile, the name of a preset, or a TOML file.
    about : str
        What is imported: ``courses``, or ``people``, their evidence and their completions.

    Raises
    ------
    ParseError
        When there is none of this name, it is wrong, or it names fields that such an import does not have.
    """
    profile = given if given is None or isinstance(given, Profile) else profile_named(given)
    return None if profile is None else fitting(profile, about)


def fitting(profile: Profile, about: str) -> Profile:
    """Return a profile after a look at whether its fields are those of what is imported.

    Raises
    ------
    ParseError
        When it is about something else, or names other fields; all of them are listed.
    """
    known = _FIELDS[about]
    if profile.about != about and (profile.about == "people" or profile.match):
        command = "people, evidence or completions" if profile.about == "people" else "catalog"
        told = f"{profile.name!r} is a profile of {profile.about}, not of {about}"
        hint = f"import {command} with it, or choose another profile"
        raise ParseError([Issue("wrong-profile", told, (profile.name,), hint=hint)])
    issues = []
    for field in dict.fromkeys((*profile.columns, *profile.constants, *profile.required)):
        if field not in known:
            near = closest(field, known)
            hint = f"did you mean {near!r}?" if near else f"known are {', '.join(known)}"
            issues.append(Issue("unknown-key", f"{field!r} is no field of {about}", (field,), field, hint))
    if issues:
        raise ParseError(issues, path=profile.name, format="profile")
    return profile


def profile_named(name: str | Path) -> Profile:
    """Return a preset by its name, or the profile in a file.

    Raises
    ------
    ParseError
        When there is no such preset and no such file.
    """
    for profile in presets():
        if profile.name == str(name):
            return profile
    path = Path(name)
    if path.is_file():
        return parse_profile(_toml_text(path), str(path))
    known = [profile.name for profile in presets()]
    near = closest(str(name), known)
    hint = f"did you mean {near!r}?" if near else f"name a file, or one of {', '.join(known)}"
    told = "is a folder, and no profile" if path.is_dir() else "is neither a preset nor a file"
    raise ParseError([Issue("unknown-profile", f"{str(name)!r} {told}", hint=hint)])


def _toml_text(path: Path) -> str:
    """Return the text of a TOML, which some editors save as UTF-16.

    Raises
    ------
    ParseError
        When it is no text.
    """
    data = path.read_bytes()
    try:
        return data.decode("utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig")
    except UnicodeDecodeError as error:
        issue = Issue("not-toml", f"the text is not UTF-8: {error.reason}", hint="save it as UTF-8")
        raise ParseError([issue], path=str(path), format="profile") from None


def unfound(table: Table, binding: Binding) -> list[Issue]:
    """Return the fields for which a profile names columns that a table does not have.

    Presets name many columns of which an export has some, so theirs are not told.

    Raises
    ------
    ParseError
        When a column is missing that identifies the records: they would get other ids.
    """
    profile = binding.profile
    named = {spelled(column.name) for column in binding.columns}
    lost = [name for name in profile.key if spelled(name) not in named]
    if lost:
        raise ParseError([_no_column("key", [name], table.names) for name in lost], path=table.source)
    if profile.match or profile.name in {preset.name for preset in presets()}:
        return []
    usual = [generic(kind).columns for kind in ("generic", "people")]
    own = {field: names for field, names in profile.columns.items() if all(names != item.get(field) for item in usual)}
    return [_no_column(field, names, table.names) for field, names in own.items() if field in binding.unclaimed]


def _no_column(field: str, names: Sequence[str], there: Sequence[str]) -> Issue:
    """Return that a table has none of the columns that a profile names for a field."""
    shown = [name for name in there if name]
    near = next(filter(None, (closest(name, shown) for name in names)), "")
    listed = f"{', '.join(map(repr, shown[:_SHOWN]))}{' and more' if len(shown) > _SHOWN else ''}"
    hint = f"did you mean {near!r}?" if near else f"there are {listed}"
    read = "is made of" if field == "key" else "is to be read from"
    told = f"{field!r} {read} {' or '.join(map(repr, names))}, which is no column here"
    return Issue("no-such-column", told, (field,), hint=hint)


def refuse_other_sheets(profile: Profile | None, names: Sequence[str], source: str) -> Iterator[str]:
    """Yield that a workbook lacks some of the sheets that a profile names.

    Raises
    ------
    ParseError
        When it lacks all of them.
    """
    wanted = profile.sheets if profile is not None else ()
    lost = [name for name in wanted if name not in names]
    there = f"there are {', '.join(map(repr, names))}"
    if lost and len(lost) == len(wanted):
        issues = []
        for name in lost:
            near = closest(name, names)
            hint = f"did you mean {near!r}?" if near else there
            issues.append(Issue("no-such-sheet", f"{name!r} is no sheet of the workbook", (name,), hint=hint))
        raise ParseError(issues, path=source)
    for name in lost:
        yield f"the profile names the sheet {name!r}, which is not in the workbook; {there}"


def refuse_header_row(profile: Profile | None, rows: int, source: str) -> None:
    """Refuse a header that lies below the last row.

    Raises
    ------
    ParseError
        When the profile states such a row.
    """
    if profile is not None and (profile.header_row or 0) > rows:
        told = f"'header_row' is {profile.header_row}, and there are {rows} rows at most to find it in"
        raise ParseError([Issue("no-such-row", told, hint="count the rows as a spreadsheet does, from 1")], path=source)
