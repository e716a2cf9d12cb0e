"""What a user gets: the archives hold everything, and an installed copy does its main job without a network."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ROOT = Path(__file__).resolve().parent.parent
DATA = {"schemas": "schemas", "data/sample_taxonomy": "sample_taxonomy"}
"""Folders of the checkout and where the package keeps them, under ``capgraph/_data``."""

SETTINGS = ("CAPGRAPH", "COV", "PYTHON")
"""How the names of variables begin that could change what a command does."""

pytestmark = pytest.mark.slow


def _run(command: Sequence[str | Path], cwd: Path) -> str:
    """Return what a command printed that knows none of this process's settings; fail with all that it said."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
    told = subprocess.run(command, cwd=cwd, env=kept, capture_output=True, text=True, check=False)
    assert told.returncode == 0, f"{command} ended with {told.returncode}\n{told.stdout}\n{told.stderr}"
    return told.stdout


def _build(project: Path, into: Path, *options: str) -> None:
    """Build a project's archives with what is installed here, so that no network is needed."""
    _run([sys.executable, "-m", "build", "--no-isolation", *options, "--outdir", into, project], into)


def _files(folder: Path) -> set[str]:
    hidden = {"__pycache__"}
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not hidden & set(path.parts) and not path.name.startswith(".")
    }


def _missing(names: Iterable[str], prefix: str, folder: Path) -> set[str]:
    present = set(names)
    return {file for file in _files(folder) if f"{prefix}/{file}" not in present}


class Environment:
    """A fresh virtual environment that sees the dependencies of this one, but not its capgraph."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, symlinks=os.name != "nt")
        variables = {"base": str(folder), "platbase": str(folder)}
        self.scripts = Path(sysconfig.get_path("scripts", "venv", variables))
        self.packages = Path(sysconfig.get_path("purelib", "venv", variables))
        self.python = self.scripts / Path(sys.executable).name
        # A .pth file's folders are searched last, and the .pth files in them (an editable capgraph's) are not read.
        own = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
        (self.packages / "dependencies.pth").write_text("\n".join(sorted(own)), encoding="utf-8")

    def install(self, wheel: Path) -> None:
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "--disable-pip-version-check", "--quiet"]
        _run([*pip, "install", "--no-deps", "--no-index", str(wheel)], wheel.parent)

    def run(self, command: str, *arguments: str, cwd: Path) -> str:
        return _run([self.scripts / command, *arguments], cwd)


@pytest.fixture(scope="module")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder with the source archive, and the wheel that was built from it."""
    folder = tmp_path_factory.mktemp("archives")
    _build(ROOT, folder)
    return folder


@pytest.fixture(scope="module")
def installed(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("environment"))
    environment.install(next(archives.glob("*.whl")))
    return environment


def test_wheel_holds_the_package_and_its_data(archives: Path) -> None:
    with zipfile.ZipFile(next(archives.glob("*.whl"))) as wheel:
        names = wheel.namelist()
    assert _missing(names, "capgraph", ROOT / "src" / "capgraph") == set()
    for folder, kept in DATA.items():
        assert _files(ROOT / folder), f"{folder} is empty"
        assert _missing(names, f"capgraph/_data/{kept}", ROOT / folder) == set()
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"capgraph"}


def test_source_archive_holds_the_checkout(archives: Path) -> None:
    source = next(archives.glob("*.tar.gz"))
    with tarfile.open(source) as archive:
        names = archive.getnames()
    top = source.name.removesuffix(".tar.gz")
    for folder in ("src", "tests", "schemas", "data", "bench"):
        assert _missing(names, f"{top}/{folder}", ROOT / folder) == set()
    assert {f"{top}/{name}" for name in ("LICENSE", "README.md", "CHANGELOG.md", "pyproject.toml")} <= set(names)


def test_installed_copy_is_the_wheel(installed: Environment, tmp_path: Path) -> None:
    where = installed.run(installed.python.name, "-c", "import capgraph; print(capgraph.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.packages)


def test_tour_runs_in_an_empty_folder(installed: Environment, tmp_path: Path) -> None:
    told = installed.run("capgraph", "tour", cwd=tmp_path)
    for word in ("gap", "learning path", "duplicates"):
        assert word in told.lower()


def test_module_runs_as_the_command(installed: Environment, tmp_path: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    told = installed.run(installed.python.name, "-m", "capgraph", "--version", cwd=tmp_path)
    assert version in told.split()


@pytest.fixture(scope="module")
def with_plugin(installed: Environment, tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return the environment with the distribution that CONTRIBUTING.md shows, which adds the format skill-list."""
    shown = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    project = tmp_path_factory.mktemp("plugin")
    for name, language in (("pyproject.toml", "toml"), ("skill_list.py", "python")):
        (block,) = re.findall(rf"^```{language}\n(.*?)^```$", shown, re.MULTILINE | re.DOTALL)
        (project / name).write_text(block, encoding="utf-8")
    _build(project, project, "--wheel")
    installed.install(next(project.glob("*.whl")))
    return installed


def test_format_of_another_distribution_is_listed(with_plugin: Environment, tmp_path: Path) -> None:
    code = "from capgraph.formats import known_formats; print(*(format.name for format in known_formats()))"
    assert "skill-list" in with_plugin.run(with_plugin.python.name, "-c", code, cwd=tmp_path).split()


def test_format_of_another_distribution_is_sniffed_and_converted(with_plugin: Environment, tmp_path: Path) -> None:
    (tmp_path / "team.skills").write_text("Data modeling\nSQL\n", encoding="utf-8")
    with_plugin.run("capgraph", "convert", "team.skills", "team.json", cwd=tmp_path)
    converted = json.loads((tmp_path / "team.json").read_text(encoding="utf-8"))
    assert [item["label"] for item in converted["capabilities"]] == ["Data modeling", "SQL"]
