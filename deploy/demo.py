"""`make demo`, once .venv is there: settings, database, content, accounts, server. Runs with .venv's Python.

Every step looks first whether it has been done, so that running it again is quick and keeps what people entered.
"""

import contextlib
import os
import secrets
import socket
import sys
import threading
import time
from pathlib import Path
from urllib.parse import quote

PROJECT = Path(__file__).resolve().parent.parent
VAR = PROJECT / "var"
SETTINGS_FILE = VAR / "demo.env"
DATABASE_FILE = VAR / "demo.sqlite3"
DEFAULT_PASSWORD = "improving-lives-together"  # noqa: S105
ROLES = {
    "administrator": "sets up plans, owners, dates and people",
    "director": "reports on what they answer for",
    "analyst": "imports and edits figures",
    "lead_member": "reads what is published",
    "scrutiny_member": "reads what is published",
}
STEPS = (
    ("Preparing the database", ["migrate", "--no-input"]),
    ("Loading the published plans", ["load_published_plans"]),
    ("Making Example Borough, an invented council", ["make_example_borough"]),
    ("Playing its last months: rounds, meetings, questions", ["make_example_cycle"]),
    ("Publishing what was never published", ["publish_plans"]),
    ("Making the demo accounts", ["make_demo_users"]),
    # The demo has no worker beside its server: what is due goes out at each start, as files.
    ("Sending the reminders that are due, into var/mail", ["send_reminders", "--deliver"]),
)


def chosen_port() -> int:
    """Return PORT, or 8000. Exits with a sentence when it is no port or is taken."""
    text = os.environ.get("PORT") or "8000"
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 65535):
        sys.exit(f"PORT is {text!r}, but a port is a number from 1 to 65535.")
    port = int(text)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            sys.exit(f"This account may not use port {port}. Choose another: make demo PORT=8001")
        except OSError:
            sys.exit(f"Port {port} is in use. Stop what is using it, or choose another: make demo PORT={port + 1}")
    return port


def kept_secret_key() -> str | None:
    """Return the SECRET_KEY of an earlier start, so that people stay logged in."""
    if not SETTINGS_FILE.exists():
        return None
    from dotenv import dotenv_values

    return dotenv_values(SETTINGS_FILE).get("SECRET_KEY")


def write_settings(password: str, port: int) -> None:
    """Write var/demo.env, which manage.py reads too. The database's path is written anew: a checkout may move."""
    settings = {
        "LAMBETH_PLANS_MODE": "demo",
        "DATABASE_URL": f"sqlite:///{quote(str(DATABASE_FILE))}",
        "SECRET_KEY": kept_secret_key() or secrets.token_urlsafe(48),
        "DEMO_PASSWORD": password,
        "SITE_ADDRESS": f"http://127.0.0.1:{port}",
    }
    VAR.mkdir(exist_ok=True)
    lines = ["# Written by make demo at every start. manage.py reads it when nothing else is set.\n"]
    for name, value in settings.items():
        quoted = value.replace("\\", "\\\\").replace("'", "\\'")
        lines.append(f"{name}='{quoted}'\n")
        # The environment wins over the file, so somebody's own DATABASE_URL must not get in.
        os.environ[name] = value
    new = SETTINGS_FILE.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text("".join(lines))
    new.replace(SETTINGS_FILE)
    for name in ("DEBUG", "ALLOWED_HOSTS"):
        os.environ.pop(name, None)


@contextlib.contextmanager
def progress(title: str):
    """Say what is being done, a dot for every two seconds it takes, and how long it took."""
    print(f"{title} …", flush=True)
    done = threading.Event()

    def dots() -> None:
        while not done.wait(2):
            print(".", end="", flush=True)

    thread = threading.Thread(target=dots, daemon=True)
    started = time.monotonic()
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
    seconds = time.monotonic() - started
    if seconds > 2:
        print(f" {seconds:.0f} s", flush=True)


def prepare() -> None:
    """Bring database, content and accounts up to date, in one process because starting Django takes a second."""
    sys.path.insert(0, str(PROJECT))
    os.environ["DJANGO_SETTINGS_MODULE"] = "lambeth_plans.settings"
    import django
    from django.core.management import call_command
    from django.db import connections

    django.setup()
    for title, command in STEPS:
        with progress(title):
            call_command(*command)
    connections.close_all()


def serve(port: int) -> None:
    """Serve until Ctrl-C, from this process, which has loaded everything already."""
    from gunicorn.app.base import Application

    class Demo(Application):
        def load_config(self):
            self.load_config_from_file("deploy/gunicorn.conf.py")
            for name, value in {"bind": f"127.0.0.1:{port}", "preload_app": True, "loglevel": "warning"}.items():
                self.cfg.set(name, value)

        def load(self):
            from lambeth_plans.wsgi import application

            return application

    Demo().run()


def main() -> None:
    os.chdir(PROJECT)
    port = chosen_port()
    password = os.environ.get("DEMO_PASSWORD") or DEFAULT_PASSWORD
    write_settings(password, port)
    prepare()
    address = f"http://127.0.0.1:{port}"
    print(f"\nLambeth Plans is at {address}   (log in at {address}/accounts/login/; Ctrl-C stops it)\n")
    for name, may in ROLES.items():
        print(f"    {name:<16} {password}   {may}")
    print(flush=True)
    serve(port)


if __name__ == "__main__":
    main()
