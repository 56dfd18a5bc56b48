"""The tools that the tests and the demo stand on."""

import os
import socket
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
import pytest
from dotenv import dotenv_values

from deploy import demo
from tests import chromium, libreoffice, postgres, run
from tests.run import NO_TESTS, Run

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("run", "passed"),
    [
        (Run("SQLite", status=0, counts={"passed": 3}), True),
        (Run("SQLite", status=0, counts={"passed": 0, "skipped": 3}), False),
        (Run("SQLite", status=1, counts={"passed": 3, "failed": 1}), False),
        (Run("SQLite", status=NO_TESTS), False),
        (Run("PostgreSQL", trouble="No PostgreSQL"), False),
    ],
)
def test_a_run_passes_only_when_tests_ran_and_none_failed(run, passed):
    assert run.passed is passed
    assert ("FAILED" in run.line()) is not passed


def test_a_missing_browser_is_named_to_whoever_cannot_install_it(monkeypatch):
    monkeypatch.setattr(chromium, "NAMES", ("no-such-browser",))
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    monkeypatch.delenv("CHROMIUM", raising=False)
    with pytest.raises(chromium.ChromiumMissing, match="apt-get install chromium"):
        chromium.find_or_install()


@pytest.mark.parametrize("there", ["chromium-headless-shell", "chromium"])
def test_root_installs_a_missing_browser(monkeypatch, tmp_path, there):
    said = tmp_path / "said"
    installer, browser = tmp_path / "apt-get", tmp_path / "new-browser"
    installer.write_text(
        f'#!/bin/sh\necho "$@" >> {said}\necho "$@" | grep -qE "update| {there} " || exit 1\n'
        f"touch {browser}\nchmod +x {browser}\n"
    )
    installer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(chromium, "NAMES", ("new-browser",))
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.delenv("CHROMIUM", raising=False)
    assert chromium.find_or_install() == str(browser)
    install = "install --yes --no-install-recommends {} fonts-liberation"
    tried = chromium.PACKAGES[: chromium.PACKAGES.index(there) + 1]
    assert said.read_text().splitlines() == ["update", *map(install.format, tried)]


@pytest.mark.parametrize("may_install", [True, False])
def test_without_libreoffice_the_run_goes_on_and_says_what_it_left_out(monkeypatch, tmp_path, may_install):
    said = tmp_path / "said"
    installer = tmp_path / "apt-get"
    installer.write_text(f'#!/bin/sh\necho "$@" >> {said}\nexit 1\n')
    installer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(libreoffice, "NAMES", ("no-such-office",))
    monkeypatch.setattr(os, "getuid", lambda: 0 if may_install else 1000)
    monkeypatch.delenv("SOFFICE", raising=False)
    with pytest.raises(libreoffice.LibreOfficeMissing, match="apt-get install libreoffice-calc-nogui"):
        libreoffice.find_or_install()
    assert said.exists() is may_install

    def passed(database, url, arguments, deadline):
        assert arguments == ["-q", "--without-libreoffice"]
        return Run(database, status=0, counts={"passed": 3})

    monkeypatch.setattr(run, "run_suite", passed)
    told = run.run_on_sqlite(["-q"], 0)
    assert told.passed
    assert "LibreOffice is missing: our files were NOT opened in it" in told.line()


def test_root_installs_a_missing_libreoffice(monkeypatch, tmp_path):
    installer, office = tmp_path / "apt-get", tmp_path / "new-office"
    libraries = " ".join(str(tmp_path / name) for name in libreoffice.LIBRARIES)
    to_make = f"touch {office} {libraries} && chmod +x {office}"
    installer.write_text(
        f'#!/bin/sh\ncase "$*" in *" libreoffice-calc-nogui libreoffice-writer-nogui") {to_make};; esac\n'
    )
    installer.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(libreoffice, "NAMES", ("new-office",))
    monkeypatch.setattr(os, "getuid", lambda: 0)
    monkeypatch.delenv("SOFFICE", raising=False)
    assert libreoffice.find_or_install() == str(office)


@pytest.mark.parametrize("source", ["the machine or the package", "the package"])
def test_a_throw_away_postgres_works_and_leaves_nothing_behind(monkeypatch, source):
    if source == "the package":
        monkeypatch.setattr(postgres, "programs_of_machine", lambda: None)
    with postgres.throw_away_postgres() as url:
        folder = Path(unquote(urlsplit(url).netloc.partition("@")[2]))
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
        assert folder.exists()
    assert not folder.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


def test_a_throw_away_postgres_goes_when_the_tests_break():
    with pytest.raises(KeyboardInterrupt), postgres.throw_away_postgres() as url:
        raise KeyboardInterrupt
    assert not Path(unquote(urlsplit(url).netloc.partition("@")[2])).exists()


def test_no_programs_and_no_address_says_what_to_do(monkeypatch):
    monkeypatch.setattr(postgres, "programs_of_machine", lambda: None)
    monkeypatch.setattr(postgres, "programs_of_package", lambda: None)
    with (
        pytest.raises(postgres.PostgresUnavailable, match="apt-get install postgresql"),
        postgres.throw_away_postgres(),
    ):
        raise AssertionError("started from nothing")


@pytest.fixture
def demo_folder(monkeypatch, tmp_path):
    monkeypatch.setattr(demo, "VAR", tmp_path)
    monkeypatch.setattr(demo, "SETTINGS_FILE", tmp_path / "demo.env")
    monkeypatch.setattr(os, "environ", os.environ.copy())
    return tmp_path


def test_demo_takes_a_new_password_and_keeps_its_secret_key(demo_folder):
    demo.write_settings("first", 8000)
    first = dotenv_values(demo_folder / "demo.env")
    demo.write_settings('it\'s #2 \\ "quoted"', 8001)
    second = dotenv_values(demo_folder / "demo.env")
    assert (first["DEMO_PASSWORD"], second["DEMO_PASSWORD"]) == ("first", 'it\'s #2 \\ "quoted"')
    assert first["SECRET_KEY"] == second["SECRET_KEY"]
    assert second["SITE_ADDRESS"] == "http://127.0.0.1:8001"
    assert len(first["SECRET_KEY"]) >= 50
    assert (demo_folder / "demo.env").stat().st_mode & 0o077 == 0


def test_demo_says_plainly_that_its_port_is_taken(demo_folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        os.environ["PORT"] = str(other.getsockname()[1])
        with pytest.raises(SystemExit, match=r"is in use. Stop what is using it, or choose another: make demo PORT="):
            demo.chosen_port()


def test_demo_refuses_what_is_no_port(demo_folder):
    os.environ["PORT"] = "eighty"
    with pytest.raises(SystemExit, match="a number from 1 to 65535"):
        demo.chosen_port()


def test_a_libreoffice_that_reads_sheets_alone_is_not_enough(monkeypatch, tmp_path):
    office = tmp_path / "soffice"
    for path in (office, tmp_path / libreoffice.LIBRARIES[0]):
        path.touch(mode=0o755)
    monkeypatch.setenv("SOFFICE", str(office))
    with pytest.raises(libreoffice.LibreOfficeMissing, match=r"lacks libswlo\.so"):
        libreoffice.find()
