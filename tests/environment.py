"""pytest plugin, loaded before Django (see `addopts` in pyproject.toml): where the tests run, and how long.

Every run has its own folder and its own database, so that two runs at once, the demo and a server on the same
machine never meet. `DATABASE_URL` chooses another database; `make test` does so for PostgreSQL.
"""

import atexit
import gc
import json
import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

SOAK = os.environ.get("CAMPAIGN") == "soak"

os.environ["LAMBETH_PLANS_MODE"] = "test"
# A command that a test starts must never find the demo's settings, nor somebody's own.
for name in ("LAMBETH_PLANS_ENV", "DEBUG", "ALLOWED_HOSTS", "DEMO_PASSWORD"):
    os.environ.pop(name, None)
os.environ["SECRET_KEY"] = "known-to-everybody-and-only-for-the-tests-of-lambeth-plans"
# A worker of pytest-xdist finds the folder of the run that started it.
if "LAMBETH_PLANS_TEST_FOLDER" not in os.environ:
    folder = os.environ["LAMBETH_PLANS_TEST_FOLDER"] = tempfile.mkdtemp(prefix="lambeth-plans-tests-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['LAMBETH_PLANS_TEST_FOLDER']}/main.sqlite3")

# No deadline: the machine may be busy with other things. The blob in a failure's report repeats it.
hypothesis.settings.register_profile(
    "small", deadline=None, max_examples=50 if os.environ["DATABASE_URL"].startswith("sqlite") else 15, print_blob=True
)
hypothesis.settings.register_profile("full", deadline=None, max_examples=2_000, print_blob=True)
hypothesis.settings.load_profile("full" if SOAK else "small")


def pytest_collection_finish():
    """What is there before the first test stays to the end: looking through it again and again finds no rubbish."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def rounds():
    """How often a campaign goes round: `rounds(10, 100)` is 10 in `make test` and 100 in `make soak`."""

    def choose(small: int, full: int) -> int:
        return full if SOAK else small

    return choose


def is_in_full() -> bool:
    """Whether a walk over everything is taken by everybody: on SQLite, and on both databases in `make soak`.

    What differs on the second database is the database: there the walk is taken by one of each kind.
    """
    return SOAK or os.environ["DATABASE_URL"].startswith("sqlite")


@pytest.fixture(scope="session")
def in_full():
    return is_in_full()


def pytest_terminal_summary(terminalreporter):
    """Leave the counts for tests/run.py, which tells them for both databases at the end."""
    if path := os.environ.get("TEST_SUMMARY"):
        outcomes = ("passed", "failed", "error", "skipped", "deselected", "xfailed")
        counts = {outcome: len(terminalreporter.stats.get(outcome, [])) for outcome in outcomes}
        Path(path).write_text(json.dumps(counts))
