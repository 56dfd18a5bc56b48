"""How fast a file of figures comes in, beside a floor that checks nothing and django-import-export as it comes.

`make bench` runs it, or `python bench/figures_import.py [--rows 10000 100000] [--rounds 3] [--only sqlite|postgres]`.
Of the rows 80 % are unchanged, 15 % changed and 5 % new. Each run is a process of its own on a fresh copy of the same
database, so that its peak memory is its own; the methods take turns, and medians are told. What is timed is the work
between the bytes of the file and the committed change: imports of modules and the connection are made before.

The floor reads the CSV with `csv`, COPYs (PostgreSQL) or executemanys (SQLite) it into a staging table, upserts once
and writes history with one INSERT … SELECT. The peer is django-import-export with its defaults: a dry run, then the
import.
"""

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "bench")]
from figures_methods import METHODS, as_csv, as_xlsx  # noqa: E402

from tests.postgres import throw_away_postgres  # noqa: E402

#: Figures of another council that stand in the table already.
OTHERS = {"": 36_000, "large": 1_000_000}
SCRIPT = str(PROJECT / "bench" / "figures_methods.py")


class Databases:
    """Makes each starting point once and hands out fresh copies of it."""

    def __init__(self, vendor: str, folder: Path, server: str = "") -> None:
        self.vendor, self.folder, self.server = vendor, folder, server
        self.made: set[str] = set()

    def url(self, name: str) -> str:
        if self.vendor == "sqlite":
            return f"sqlite:///{self.folder / name}.sqlite3"
        return f"{self.server.rpartition('/')[0]}/{name}"

    def _sql(self, statement: str) -> None:
        import psycopg

        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def base(self, rows: int, others: int) -> str:
        name = f"base_{rows}_{others}"
        if name not in self.made:
            if self.vendor == "postgresql":
                self._sql(f"CREATE DATABASE {name}")
            run(["make", str(rows), str(others)], self.url(name))
            self.made.add(name)
        return name

    @contextmanager
    def copy(self, rows: int, others: int) -> Iterator[str]:
        base = self.base(rows, others)
        if self.vendor == "sqlite":
            shutil.copy(self.folder / f"{base}.sqlite3", self.folder / "copy.sqlite3")
            yield self.url("copy")
            for left in self.folder.glob("copy.sqlite3*"):
                left.unlink()
        else:
            self._sql(f"CREATE DATABASE copy TEMPLATE {base}")
            yield self.url("copy")
            self._sql("DROP DATABASE copy")


def run(arguments: list[str], url: str) -> dict[str, float]:
    ended = subprocess.run(  # noqa: S603 - our own file
        [sys.executable, SCRIPT, *arguments],
        env=os.environ | {"DATABASE_URL": url},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(ended.stdout.splitlines()[-1]) if ended.stdout.strip() else {}


def measure(databases: Databases, rows: int, files: dict[str, Path], rounds: int, *, with_peer: bool) -> dict[str, Any]:
    """Medians by method; the methods take turns."""
    told: dict[str, list[dict[str, float]]] = {}
    turns = ["floor", "ours, CSV", "openpyxl", "ours, xlsx"]
    for number in range(rounds):
        once = ["statements", "page", *(["peer"] if with_peer else [])] if number == 0 else []
        for method in [*turns, *once]:
            with databases.copy(rows, OTHERS[""]) as url:
                told.setdefault(method, []).append(run(["run", method, str(files[METHODS[method][1]])], url))
    return {
        method: {name: statistics.median(each[name] for each in found) for name in found[0]}
        for method, found in told.items()
    }


def size_of_table(databases: Databases, file: Path, rows: int, rounds: int) -> dict[str, float]:
    """The same file into a small and into a large table."""
    told: dict[str, list[float]] = {}
    for _ in range(rounds):
        for name, others in OTHERS.items():
            with databases.copy(rows, others) as url:
                told.setdefault(name, []).append(run(["run", "ours, CSV", str(file)], url)["seconds"])
    return {name: statistics.median(found) for name, found in told.items()}


def tell(vendor: str, results: dict[int, dict[str, Any]], sizes: dict[str, float]) -> list[str]:
    said = [
        f"| {vendor}: rows | floor | ours, CSV | openpyxl | ours, xlsx | peer | preview + confirm | statements | MB |"
    ]
    said.append("|---|---|---|---|---|---|---|---|---|")
    for rows, found in results.items():
        seconds = {method: each["seconds"] for method, each in found.items()}
        csv_seconds = seconds["ours, CSV"]
        both = f"{found['ours, CSV']['preview']:.2f} + {found['ours, CSV']['confirm']:.2f} s"
        peer_said = f"{seconds['peer']:.1f} s" if "peer" in seconds else "–"
        peak = max(found["ours, CSV"]["peak"], found["ours, xlsx"]["peak"])
        cells = [f"{rows:,}", f"{seconds['floor']:.2f} s", f"{csv_seconds:.2f} s", f"{seconds['openpyxl']:.2f} s",
                 f"{seconds['ours, xlsx']:.2f} s", peer_said, both, f"{found['statements']['statements']:.0f}",
                 f"{peak:.0f}"]  # fmt: skip
        said.append(f"| {' | '.join(cells)} |")
    said.append("")
    said += _ratios(results, sizes)
    return said


def _introduction(rounds: int) -> list[str]:
    """What the kept table says of itself."""
    day = f"{datetime.now(UTC):%-d %B %Y}"
    cores = len(os.sched_getaffinity(0))
    return [
        "# How fast figures come in",
        "",
        f"Written by `make bench` on {day}: {cores} cores, Python {platform.python_version()}, medians of {rounds}",
        "runs of each method, which take turns on fresh copies of the same database. Read the ratios, not the seconds.",
        "",
        "Of the rows 80 % are unchanged, 15 % changed and 5 % new. *Floor*: the CSV read with `csv`, COPY or",
        "executemany into a staging table, one upsert, one INSERT … SELECT into history; nothing is checked. *Peer*:",
        "django-import-export with its defaults. *Ours*: read, checked, previewed with ratings and unusual values,",
        "kept, confirmed against every base version, written with full history. MB is the largest process.",
    ]


def _ratios(results: dict[int, dict[str, Any]], sizes: dict[str, float]) -> list[str]:
    said = []
    few, many = min(results), max(results)
    peer_row = results[few]["peer"]["seconds"] / few

    def line(what: str, value: float, limit: float, *, at_least: bool = False) -> None:
        holds = value >= limit if at_least else value <= limit
        said.append(f"- {'holds' if holds else 'FAILS'}: {what}: {value:.2f} (limit {limit:g})")

    for rows, found in results.items():
        seconds = {method: each["seconds"] for method, each in found.items()}
        line(f"{rows:,} rows of CSV against the floor", seconds["ours, CSV"] / seconds["floor"], 3)
        both = seconds["openpyxl"] + seconds["ours, CSV"]
        line(f"{rows:,} rows of xlsx against openpyxl and our CSV", seconds["ours, xlsx"] / both, 1.3)
        line(f"{rows:,} rows, times faster than the peer", peer_row * rows / seconds["ours, CSV"], 100, at_least=True)
        line(f"{rows:,} rows, statements", found["statements"]["statements"], 30)
        line(f"{rows:,} rows, peak memory in MB", max(found[each]["peak"] for each in ("ours, CSV", "ours, xlsx")), 350)
        line(f"{rows:,} rows, slowest page meanwhile in seconds", found["page"]["seconds"], 1)
    if few != many:
        growth = results[many]["ours, CSV"]["seconds"] / results[few]["ours, CSV"]["seconds"]
        line(f"{many:,} rows against {few:,}", growth, 1.2 * many / few)
    line(f"{few:,} rows into a table of a million against one of 36,000", sizes["large"] / sizes[""], 1.3)
    return said


def main() -> bool:
    """Whether any ratio fails."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    parser.add_argument("--keep", type=Path, metavar="FILE.md", help="where the table is kept")
    options = parser.parse_args()
    told: list[str] = []
    with tempfile.TemporaryDirectory(prefix="lambeth-plans-bench-") as kept, throw_away_postgres() as server:
        folder = Path(kept)
        files = {rows: {"csv": folder / f"{rows}.csv", "xlsx": folder / f"{rows}.xlsx"} for rows in options.rows}
        for rows, each in files.items():
            each["csv"].write_bytes(as_csv(rows))
            each["xlsx"].write_bytes(as_xlsx(rows))
        for vendor in [options.only] if options.only else ["sqlite", "postgresql"]:
            databases = Databases(vendor, folder, server)
            few = min(options.rows)
            results = {
                rows: measure(databases, rows, files[rows], options.rounds, with_peer=rows == few)
                for rows in options.rows
            }
            sizes = size_of_table(databases, files[few]["csv"], few, options.rounds)
            found = tell(vendor, results, sizes)
            told += ["", *found]
            sys.stdout.write("\n".join([*found, "", ""]))
            sys.stdout.flush()
    if options.keep:
        options.keep.write_text("\n".join([*_introduction(options.rounds), *told, ""]), encoding="utf-8")
    return any(line.startswith("- FAILS") for line in told)


if __name__ == "__main__":
    sys.exit(main())
