"""Importing a catalog of many rows, against bare csv and executemany; a second import; memory; course packages.

Run ``python bench/ingest.py [rows] [packages] [many] [completions]``; 100,000 rows, 500 packages and nothing else by
default.  With ``many``, such as 1000000, that many rows are imported as well, for their peak memory; with
``completions``, such as 100000, that many completions of 20,000 people.
"""

from __future__ import annotations

import csv
import io
import random
import sqlite3
import sys
import tempfile
import zipfile
from pathlib import Path

from harness import python, run, summary

SKILLS = ("SQL", "Python", "Data modeling", "Negotiation", "Coaching", "Risk assessment", "Statistics", "Git", "Excel")
COLUMNS = (
    "Course ID", "Title", "Description", "URL", "Duration (min)", "Language", "Level", "Skills", "Price", "Currency",
    "Status", "Last updated",
)  # fmt: skip
MANIFEST = """<?xml version="1.0"?><manifest identifier="bench.{0}" xmlns="http://www.imsproject.org/xsd/imscp_rootv1p1p2">
<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata><organizations default="o">
<organization identifier="o"><title>Package {0}</title><item identifier="i" identifierref="r"><title>Page</title></item>
</organization></organizations><resources><resource identifier="r" href="p.html"/></resources></manifest>"""
IMPORT = """
import sys
from capgraph.ingest import import_catalog
from capgraph.store import Store
with Store(sys.argv[2]) as store:
    print(import_catalog(sys.argv[1], into=store).counts())
"""
COMPLETIONS = """
import sys
from capgraph.ingest import import_completions
from capgraph.store import Store
with Store(sys.argv[2]) as store:
    print(import_completions(sys.argv[1], into=store).counts())
"""
PLAN = "import sys; from capgraph.ingest import import_catalog; print(import_catalog(sys.argv[1]).counts())"


def write_rows(path: Path, rows: int) -> None:
    """Write a table of invented courses."""
    draw = random.Random(20260301)  # noqa: S311 - rows of a bench, and no secret
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for number in range(rows):
            skills = draw.sample(SKILLS, 3)
            text = f"You will learn {skills[0]} step by step, with exercises and a final project."
            price, state = draw.choice(("49.00", "99.50", "0")), draw.choice(("active", "active", "retired"))
            minutes, language = draw.choice((30, 60, 90, 120)), draw.choice(("en", "de", "fr"))
            title, address = f"{skills[1]} for analysts {number}", f"https://learn.example.com/c/{number}"
            day = f"2025-{draw.randint(1, 12):02d}-{draw.randint(1, 28):02d}"
            key = f"C-{number:07d}"
            values = (
                key,
                title,
                text,
                address,
                minutes,
                language,
                "Beginner",
                "; ".join(skills),
                price,
                "EUR",
                state,
                day,
            )
            writer.writerow(values)


def write_completions(path: Path, rows: int) -> None:
    """Write a table of invented completions."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("User ID", "Course ID", "Course Title", "Completion Date", "Status", "Score"))
        for number in range(rows):
            course, person = divmod(number, 20_000)
            key, day = f"C-{course:04d}", f"2025-{number % 12 + 1:02d}-{number % 28 + 1:02d}"
            writer.writerow((f"P{person:06d}", key, f"Course {course}", day, "Completed", number % 50 + 50))


def write_packages(folder: Path, packages: int) -> None:
    """Write a folder of small course packages."""
    folder.mkdir()
    for number in range(packages):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("imsmanifest.xml", MANIFEST.format(number))
            archive.writestr("p.html", "<html><body>page</body></html>" * 100)
        (folder / f"package-{number:04d}.zip").write_bytes(stream.getvalue())


def floor(path: Path) -> None:
    """Put the rows into SQLite with csv and executemany alone."""
    with sqlite3.connect(":memory:") as connection, path.open(encoding="utf-8", newline="") as stream:
        connection.execute(f"create table course ({', '.join(f'c{place}' for place in range(len(COLUMNS)))})")
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(f"insert into course values ({marks})", csv.reader(stream))  # noqa: S608 - only marks


def main(rows: int = 100_000, packages: int = 500, many: int = 0, completions: int = 0) -> None:
    """Measure, and print the figures and their ratios."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table, database = folder / "courses.csv", f"sqlite:///{folder / 'bench.db'}"
        write_rows(table, rows)
        write_packages(folder / "packages", packages)
        bare = summary([run(lambda: floor(table)) for _ in range(3)])
        first = summary([run(python("-c", IMPORT, str(table), database))])
        second = summary([run(python("-c", IMPORT, str(table), database))])
        zips = summary([run(python("-c", PLAN, str(folder / "packages")))])
        if many:
            write_rows(folder / "many.csv", many)
            whole = summary([run(python("-c", IMPORT, str(folder / "many.csv"), f"sqlite:///{folder / 'many.db'}"))])
            print(f"{many} rows             {whole}")
        if completions:
            write_completions(folder / "done.csv", completions)
            done = [str(folder / "done.csv"), f"sqlite:///{folder / 'done.db'}"]
            print(f"{completions} completions       {summary([run(python('-c', COMPLETIONS, *done))])}")
    print(f"bare csv + executemany   {bare}")
    print(f"first import             {first}   {bare.seconds / first.seconds:.3f} x the rows/s of the floor")
    print(f"second import            {second}   {second.seconds / first.seconds:.2f} x the first")
    print(f"{packages} packages             {zips}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:5]))
