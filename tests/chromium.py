"""Finds the machine's Chromium, or installs it where that is possible, or says what to install."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
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
    "--process-per-site",
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
    for command in (
        ["apt-get", "update"],
        ["apt-get", "install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"],
    ):
        if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL).returncode != 0:
            raise ChromiumMissing(f"{' '.join(command)} failed.\n{MISSING}")
    return find()
