"""Finds the machine's Chromium, or installs it where that is possible, or says what to install."""

import os
import shutil
import subprocess
import sys
from functools import partial

#: The first is Chromium without its windows: it needs a fifth less of the machine.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
#: Older systems have only the second.
PACKAGES = ("chromium-headless-shell", "chromium")
MISSING = (
    "The browser tests need Chromium and found none of: "
    + ", ".join(NAMES)
    + ".\nInstall it (Debian, Ubuntu: sudo apt-get install chromium) or name one: CHROMIUM=/path/to/chromium."
)

# The first three are what a machine without a screen needs, the others keep Chromium from calling home.
ARGUMENTS = [
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--process-per-site",  # a process for every page that is opened would cost more than the page
]
if os.getuid() == 0:
    ARGUMENTS.append("--no-sandbox")  # Chromium refuses to run as root with its sandbox


class ChromiumMissing(Exception):
    """No Chromium here; the text says what to do about it."""


def find() -> str:
    """Return the path of the Chromium to use. Raises ChromiumMissing."""
    if chosen := os.environ.get("CHROMIUM"):
        if found := shutil.which(chosen):
            return found
        raise ChromiumMissing(f"CHROMIUM names {chosen}, which is not a program on this machine.")
    for name in NAMES:
        if found := shutil.which(name):
            return found
    raise ChromiumMissing(MISSING)


def find_or_install() -> str:
    """Return the path of the Chromium to use; as root on Debian install it first. Raises ChromiumMissing."""
    try:
        return find()
    except ChromiumMissing:
        if os.environ.get("CHROMIUM") or os.getuid() != 0 or not shutil.which("apt-get"):
            raise
    print("No Chromium on this machine: installing it with apt-get …", file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run = partial(subprocess.run, env=environment, stdin=subprocess.DEVNULL)
    run(["apt-get", "update"])
    for package in PACKAGES:
        if run(["apt-get", "install", "--yes", "--no-install-recommends", package, "fonts-liberation"]).returncode == 0:
            return find()
    raise ChromiumMissing(f"apt-get install {' or '.join(PACKAGES)} failed.\n{MISSING}")
