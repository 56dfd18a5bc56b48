"""`make test`: the whole suite on SQLite, then again on a real PostgreSQL, and one summary of both.

    python -m tests.run [--only sqlite|postgres] [arguments for pytest]

The browser tests run on SQLite only, once: they check pages, not the database. So do those that are marked `once`,
because they ask no database (the rules of the repository, the tools of the tests, reading workbooks), and those that
open our files in LibreOffice; where it is missing and cannot be installed, they are left out and the summary says so.
Both programs are looked for before anything starts. PostgreSQL is the one in DATABASE_URL, otherwise a throw-away
cluster (tests/postgres.py). Exits 0 only when every run had tests and all of them passed. `CAMPAIGN=soak` lifts the
time limit.
"""

import argparse
import json
import os
import shlex
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import chromium, libreoffice
from tests.postgres import PostgresUnavailable, throw_away_postgres

LIMIT_MINUTES = 30
#: The database is each run's own. Compiled modules are kept, so that the many processes of a run start quickly.
LEFT_BEHIND = ("DATABASE_URL", "PYTHONDONTWRITEBYTECODE")
NO_TESTS = 5  # pytest's own exit status
SOAK = os.environ.get("CAMPAIGN") == "soak"


@dataclass
class Run:
    """What one database's run came to. `status` is pytest's exit status, or None when it never started."""

    database: str
    status: int | None = None
    seconds: float = 0
    counts: dict[str, int] = field(default_factory=dict)
    trouble: str = ""
    left_out: str = ""

    @property
    def passed(self) -> bool:
        return self.status == 0 and self.counts.get("passed", 0) > 0

    def line(self) -> str:
        counted = ", ".join(f"{number} {outcome}" for outcome, number in self.counts.items() if number)
        parts = (counted, counted and self.left_out, self.trouble, f"{self.seconds:.0f} s")
        told = "; ".join(part for part in parts if part)
        return f"{self.database:<11} {'passed' if self.passed else 'FAILED'}   {told}"


def run_suite(database: str, url: str | None, arguments: list[str], deadline: float) -> Run:
    """Run pytest once. `deadline` is a moment of time.monotonic()."""
    print(f"\n── {database} {'─' * (100 - len(database))}", flush=True)
    environment = {name: value for name, value in os.environ.items() if name not in LEFT_BEHIND}
    if url:
        environment["DATABASE_URL"] = url
    workers = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    run = Run(database)
    with tempfile.TemporaryDirectory(prefix="lambeth-plans-run-") as folder:
        summary = environment["TEST_SUMMARY"] = str(Path(folder, "summary.json"))
        started = time.monotonic()
        pytest = subprocess.Popen(
            [sys.executable, "-m", "pytest", "-q", "-n", str(workers), "--dist", "worksteal", *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            process_group=0,  # Ctrl-C reaches this process only, which passes it on once
        )
        try:
            run.status = pytest.wait(timeout=max(1.0, deadline - started))
        except subprocess.TimeoutExpired:
            run.trouble = f"stopped: the whole run may take {LIMIT_MINUTES} minutes"
        finally:
            # Also on Ctrl-C, so that pytest removes its databases before the cluster goes.
            end(pytest)
        run.seconds = time.monotonic() - started
        if Path(summary).exists():
            run.counts = json.loads(Path(summary).read_text())
    if run.status == NO_TESTS:
        run.trouble = "no test was found for these arguments" + (
            "" if database == "SQLite" else " (browser tests run on SQLite only)"
        )
    return run


def end(process: subprocess.Popen) -> None:
    """Wait for a process that may still be running; ask it to stop, then insist."""
    if process.poll() is not None:
        return
    process.send_signal(signal.SIGINT)
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def run_on_sqlite(arguments: list[str], deadline: float) -> Run:
    try:
        libreoffice.find()
    except libreoffice.LibreOfficeMissing:
        run = run_suite("SQLite", None, [*arguments, "--without-libreoffice"], deadline)
        run.left_out = "LibreOffice is missing: our files were NOT opened in it"
        return run
    return run_suite("SQLite", None, arguments, deadline)


def run_on_postgres(arguments: list[str], deadline: float) -> Run:
    given = os.environ.get("DATABASE_URL", "")
    arguments = [*arguments, "--without-browser", "--without-once", "--without-libreoffice"]
    try:
        if given.startswith(("postgres://", "postgresql://")):
            run = run_suite("PostgreSQL", given, arguments, deadline)
        else:
            with throw_away_postgres() as url:
                run = run_suite("PostgreSQL", url, arguments, deadline)
    except PostgresUnavailable as trouble:
        return Run("PostgreSQL", trouble=str(trouble))
    run.left_out = "left out: tests in the browser, and those that ask no database"
    return run


@contextmanager
def stopped_like_ctrl_c():
    """A kill (SIGTERM) ends the run as tidily as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)


def main() -> int:
    parser = argparse.ArgumentParser(description="Runs the suite on SQLite and on PostgreSQL.")
    parser.add_argument("--only", choices=["sqlite", "postgres"])
    options, arguments = parser.parse_known_args()
    databases = {"sqlite": run_on_sqlite, "postgres": run_on_postgres}
    chosen = [options.only] if options.only else list(databases)
    if "sqlite" in chosen:
        try:
            print(f"Browser tests: {chromium.find_or_install()}", flush=True)
        except chromium.ChromiumMissing as missing:
            print(missing, file=sys.stderr)
            return 1
        try:
            print(f"Tests of our files: {libreoffice.find_or_install()}", flush=True)
        except libreoffice.LibreOfficeMissing as missing:
            print(f"{missing}\nThe run goes on without them.", file=sys.stderr)
    deadline = float("inf") if SOAK else time.monotonic() + LIMIT_MINUTES * 60
    try:
        with stopped_like_ctrl_c():
            runs = [databases[name](arguments, deadline) for name in chosen]
    except KeyboardInterrupt:
        print("\nStopped. Nothing is left running.", file=sys.stderr)
        return 130
    selection = f" for {shlex.join(arguments)}" if arguments else ""
    print(f"\n── Summary{selection} {'─' * 60}")
    for run in runs:
        print(run.line())
    return 0 if all(run.passed for run in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
