"""Tables from bytes."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capgraph.errors import ParseError, UnsupportedError
from capgraph.formats.delimited import sniff_dialect, sniff_encoding
from capgraph.formats.headers import find_header
from capgraph.formats.tabular import Limits, as_text, column_name, sheets


def _rows(data: bytes) -> tuple[tuple[object, ...], ...]:
    return sheets(data, "t.csv")[0].rows


@pytest.mark.parametrize(
    ("text", "encoding"),
    [("id;Titel\n1;Führung\n", name) for name in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252")],
)
def test_encodings_with_and_without_a_mark(text: str, encoding: str) -> None:
    assert _rows(text.encode(encoding)) == (("id", "Titel"), ("1", "Führung"))


def test_single_windows_bytes_in_utf8_are_read_as_such() -> None:
    data = "id,title\n1,Führung für Führungskräfte\n".encode() + b"2,B\xfcro\n"
    sheet = sheets(data)[0]
    assert sheet.rows[1:] == (("1", "Führung für Führungskräfte"), ("2", "Büro"))
    assert sheet.notes


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_delimiters_are_sniffed_even_where_others_are_frequent(mark: str) -> None:
    other = ";" if mark == "," else ","
    lines = [f"id{mark}title{mark}note"] + [f"{n}{mark}a{other} b{other} c{mark}x" for n in range(5)]
    assert sniff_dialect("\n".join(lines).encode()).delimiter == mark


def test_a_sep_line_names_the_delimiter_and_counts_as_a_row() -> None:
    sheet = sheets(b"sep=;\r\nid;title\r\n1;a,b\r\n")[0]
    assert sheet.rows == (("id", "title"), ("1", "a,b"))
    assert sheet.locator(1) == "row:3"


def test_marked_records_have_no_quoting_and_may_break_lines() -> None:
    data = b'Item ID|Item Title!##!\nA|The "5 S method\nexplained!##!\nB|Two!##!\n'
    assert _rows(data) == (("Item ID", "Item Title"), ("A", 'The "5 S method\nexplained'), ("B", "Two"))


def test_a_quotation_mark_that_is_never_closed_swallows_nothing() -> None:
    lines = ["id,title,note"] + [f"{n},t{n},x" for n in range(30)]
    lines[4] = '3,"unclosed,x'
    rows = _rows("\n".join(lines).encode())
    assert len(rows) == 31
    assert rows[4] == ("3", "unclosed", "x")
    assert rows[5] == ("4", "t4", "x")


def test_a_column_that_is_always_quoted_does_not_hide_the_quoting() -> None:
    lines = ["id,title,note"] + [f'{n},"a, b",x' for n in range(300)]
    rows = _rows("\n".join(lines).encode())
    assert {len(row) for row in rows} == {3}
    assert rows[1] == ("0", "a, b", "x")


def test_quoted_line_breaks_and_delimiters_stay_inside_their_cell() -> None:
    data = b'id,title\n1,"a\nb, c"\n2,d\n'
    sheet = sheets(data)[0]
    assert sheet.rows[1] == ("1", "a\nb, c")
    assert sheet.locator(2, 1) == "row:3,column:2"


def test_blank_rows_keep_the_numbers_and_go_at_the_end() -> None:
    sheet = sheets(b"id,title\n\n1,a\n\n\n")[0]
    assert [sheet.locator(place) for place in range(len(sheet.rows))] == ["row:1", "row:2", "row:3"]


def test_limits_refuse_with_the_place() -> None:
    with pytest.raises(ParseError, match="row:3"):
        sheets(b"a,b\n1,2\n3,4\n", limits=Limits(rows=2))


def _workbook(rows: list[list[object]], *, start: int = 0) -> bytes:
    import xlsxwriter

    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True})
    sheet = book.add_worksheet("Skills")
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            sheet.write(number + start, column, value)
    sheet.merge_range(start + 1, 3, start + 2, 3, "both")
    book.close()
    return stream.getvalue()


def test_a_workbook_keeps_the_row_numbers_that_people_see() -> None:
    sheet = sheets(_workbook([["id", "title"], [17, "a"], [18, "b"]], start=3), "t.xlsx")[0]
    assert sheet.rows[3][:2] == ("id", "title")
    assert sheet.rows[4][0] == 17
    assert sheet.locator(4) == "Skills!5"
    assert sheet.locator(4, 1) == "Skills!B5"
    assert sheet.filled().rows[5][3] == "both"


def test_broken_encrypted_and_foreign_files_are_refused_with_advice() -> None:
    with pytest.raises(ParseError, match="damaged"):
        sheets(b"PK\x03\x04 cut", "t.xlsx")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(UnsupportedError, match="no workbook"):
        sheets(stream.getvalue(), "t.zip")


def test_a_workbook_that_unpacks_to_too_much_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "0" * (3 << 20))
    with pytest.raises(ParseError, match="beyond the limits"):
        sheets(stream.getvalue(), "t.xlsx")


def test_the_header_is_found_under_titles_and_groups() -> None:
    rows = [
        ["Course list 2026"],
        [],
        ["Course", "", "Level", ""],
        ["No.", "Title", "Basic", "Advanced"],
        ["1", "Data quality", "x", ""],
    ]
    header = find_header(rows)
    assert header is not None
    assert (header.row, header.names) == (3, ("No.", "Title", "Basic", "Advanced"))
    assert header.groups == ("Course", "Course", "Level", "Level")


def test_repeated_and_missing_names_get_keys_of_their_own() -> None:
    header = find_header([["Skill", "Level", "Skill", "", "Level"]])
    assert header is not None
    assert header.keys() == ("skill", "level", "skill #2", "column 4", "level #2")


def test_a_sheet_of_numbers_has_no_header() -> None:
    assert find_header([["1", "2"], ["3", "4"]]) is None


def test_columns_have_letters_and_cells_texts() -> None:
    assert [column_name(place) for place in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    assert as_text("\u00a0 a \ufeff") == "a"


def test_the_encoding_is_judged_by_all_bytes() -> None:
    assert sniff_encoding([b"a" * 10, "ü".encode("cp1252")]) == ("cp1252", False)
    assert sniff_encoding(["ü".encode()[:1], "ü".encode()[1:]]) == ("utf-8", False)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    try:
        sheets(data, "any")
    except (ParseError, UnsupportedError) as error:
        assert str(error)  # noqa: PT017 - hostile bytes may be refused, with a message


@given(
    st.lists(
        st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r")), min_size=3, max_size=3), min_size=2
    )
)
def test_written_rows_come_back(rows: list[list[str]]) -> None:
    import csv

    table = [["id", "title", "note"], *rows, ["end", "end", "end"]]
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    dialect = sniff_dialect(b"id,title,note\n1,2,3\n4,5,6\n")
    found = sheets(stream.getvalue().encode(), dialect=dialect)[0].rows
    assert [list(row) for row in found] == table


def test_a_line_ends_only_where_csv_says_so() -> None:
    """Signs that Unicode calls line ends, such as U+0085 and U+2028, stay inside their cell."""
    (sheet,) = sheets("id,title\n1,a\u0085b|c\n2,d\u2028e\n3,f\n".encode(), "courses.csv")
    assert list(sheet.rows) == [("id", "title"), ("1", "a\u0085b|c"), ("2", "d\u2028e"), ("3", "f")]


_XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" xmlns:h="http://www.w3.org/TR/REC-html40">{}</Workbook>'
)


def test_a_spreadsheet_in_xml_of_2003_is_read() -> None:
    rows = (
        '<Row ss:Index="2"><Cell ss:Index="2" ss:MergeAcross="1"><Data ss:Type="String">Group</Data></Cell></Row>'
        '<Row><Cell><Data ss:Type="String">a &amp; <h:B>b</h:B><h:Br/>c</Data></Cell>'
        '<Cell><Data ss:Type="Number">1.5</Data></Cell><Cell><Data ss:Type="Number">2</Data></Cell>'
        '<Cell><Data ss:Type="DateTime">2026-01-31T00:00:00.000</Data></Cell>'
        '<Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Number">many</Data></Cell><Cell/></Row>'
        '<Row ss:Span="2"/><Row><Cell><Data ss:Type="String">end</Data></Cell></Row><Row/>'
    )
    options = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    text = _XML.format(
        f'<Worksheet ss:Name="One"><Table>{rows}</Table></Worksheet><Worksheet ss:Name="Two">{options}</Worksheet>'
    )
    for data in (text.encode(), b"\xef\xbb\xbf" + text.encode(), text.encode("utf-16")):
        one, two = sheets(data, "a.xml")
        assert one.rows == (
            (),
            ("", "Group", ""),
            ("a & b\nc", 1.5, 2, dt.datetime.fromisoformat("2026-01-31"), True, "many", ""),
            *((),) * 3,
            ("end",),
        )
        assert (one.merged, one.locator(6, 0)) == (((1, 1, 1, 2),), "One!A7")
        assert (two.rows, two.visible) == ((), False)


@pytest.mark.parametrize(
    "rows",
    ['<Row ss:Index="2000000000"/>', '<Row><Cell ss:Index="90000"/></Row>', '<Row ss:Span="99999999"/>'],
)
def test_a_spreadsheet_in_xml_beyond_the_limits_is_refused(rows: str) -> None:
    text = _XML.format(f'<Worksheet ss:Name="One"><Table>{rows}</Table></Worksheet>')
    with pytest.raises(ParseError, match="'One' goes beyond the limits"):
        sheets(text.encode(), "a.xml")
    with pytest.raises(ParseError, match="not XML"):
        sheets(text.encode()[:-30], "a.xml")
