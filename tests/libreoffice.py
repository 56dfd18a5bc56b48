"""Finds the machine's LibreOffice, or installs it where that is possible; and a pytest plugin for the tests marked
`libreoffice`, which look at our files with it.

Those tests need a program that not every machine has. Where it is missing and cannot be installed, tests/run.py leaves
them out (`--without-libreoffice`, they are counted as deselected) and says so; asked for by name, they fail.
"""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

NAMES = ("soffice", "libreoffice")
#: Sheets and texts, without windows.
PACKAGES = ("libreoffice-calc-nogui", "libreoffice-writer-nogui")
#: The libraries beside the program that read them; a distribution may have installed one without the other.
LIBRARIES = ("libsclo.so", "libswlo.so")
MISSING = (
    "The tests of our files in LibreOffice need one of: "
    + ", ".join(NAMES)
    + f".\nInstall it (Debian, Ubuntu: sudo apt-get install {' '.join(PACKAGES)}) or name one: "
    + "SOFFICE=/path/to/soffice."
)
LIMIT_SECONDS = 600


class LibreOfficeMissing(Exception):
    """No LibreOffice here; the text says what to do about it."""


def find() -> str:
    """Return the path of the LibreOffice to use. Raises LibreOfficeMissing."""
    if chosen := os.environ.get("SOFFICE"):
        if found := shutil.which(chosen):
            return _whole(found)
        raise LibreOfficeMissing(f"SOFFICE names {chosen}, which is not a program on this machine.")
    for name in NAMES:
        if found := shutil.which(name):
            return _whole(found)
    raise LibreOfficeMissing(MISSING)


def _whole(program: str) -> str:
    """The path of a LibreOffice that reads both sheets and texts."""
    folder = Path(program).resolve().parent
    if lacking := [name for name in LIBRARIES if not (folder / name).exists()]:
        raise LibreOfficeMissing(f"{program} lacks {' and '.join(lacking)}.\n{MISSING}")
    return program


def find_or_install() -> str:
    """Return the path of the LibreOffice to use; as root on Debian install it first. Raises LibreOfficeMissing."""
    try:
        return find()
    except LibreOfficeMissing:
        if os.environ.get("SOFFICE") or os.getuid() != 0 or not shutil.which("apt-get"):
            raise
    print("No whole LibreOffice on this machine: installing it with apt-get …", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run = partial(subprocess.run, env=environment, stdin=subprocess.DEVNULL, timeout=LIMIT_SECONDS)
    try:
        run(["apt-get", "update"])
        if run(["apt-get", "install", "--yes", "--no-install-recommends", *PACKAGES]).returncode == 0:
            return find()
    except subprocess.TimeoutExpired:
        pass
    raise LibreOfficeMissing(f"apt-get install {' '.join(PACKAGES)} failed.\n{MISSING}")


def pytest_addoption(parser):
    parser.addoption("--without-libreoffice", action="store_true", help="leave out the tests marked libreoffice")


def pytest_collection_modifyitems(config, items):
    if not config.getoption("without_libreoffice"):
        return
    left_out = [item for item in items if item.get_closest_marker("libreoffice")]
    if left_out:
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="session")
def soffice():
    try:
        return find()
    except LibreOfficeMissing as missing:
        pytest.fail(str(missing))
