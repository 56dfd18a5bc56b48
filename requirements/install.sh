#!/bin/sh
# Usage: requirements/install.sh production|development
# Makes .venv with Python 3.11 and installs the pinned requirements into it, each checked against its hash.
# Does nothing when .venv already holds exactly these.
set -eu
cd "$(dirname "$0")/.."
wanted=$1

is_python_311() {
    "$1" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' >/dev/null 2>&1
}

can_make_environments() {
    "$1" -c 'import ensurepip, venv' >/dev/null 2>&1
}

# What is installed is remembered as a copy of the list it came from. The development list holds the production list.
if cmp -s "requirements/$wanted.txt" ".venv/$wanted.txt" && is_python_311 .venv/bin/python; then
    exit 0
fi

if ! is_python_311 .venv/bin/python || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    # The distribution's own comes first: it is built with all optimisations and runs everything a third faster than
    # what version managers build on the spot, and its security fixes come with the machine's.
    python=
    for candidate in ${PYTHON:-} /usr/bin/python3.11 python3 python3.11; do
        if is_python_311 "$candidate"; then
            python=${python:-$candidate}
            if can_make_environments "$candidate"; then
                python=$candidate
                break
            fi
        fi
    done
    if [ -z "$python" ]; then
        echo "Lambeth Plans needs Python 3.11. python3 here is: $(python3 --version 2>&1 || echo 'not installed')," >&2
        echo "and there is no python3.11. Install it (Debian 12: apt-get install python3 python3-venv) or name one:" >&2
        echo "    make demo PYTHON=/path/to/python3.11" >&2
        exit 1
    fi
    if ! can_make_environments "$python"; then
        echo "$python cannot make virtual environments: its venv module is not installed." >&2
        echo "Install it (Debian, Ubuntu: apt-get install python3.11-venv or python3-venv) and try again." >&2
        exit 1
    fi
    echo "Making .venv with $("$python" --version), $(command -v "$python") …"
    rm -rf .venv
    "$python" -m venv .venv
fi

echo "Installing requirements/$wanted.txt into .venv …"
rm -f .venv/production.txt .venv/development.txt
.venv/bin/python -m pip install --disable-pip-version-check --no-input --progress-bar off --require-hashes \
    --requirement "requirements/$wanted.txt"
if [ "$wanted" = development ]; then
    cp requirements/production.txt .venv/production.txt
fi
cp "requirements/$wanted.txt" ".venv/$wanted.txt"
