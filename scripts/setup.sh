#!/bin/sh
# Makes .venv out of uv.lock. Gets uv where there is none, and never touches the system's Python.
set -eu
cd "$(dirname "$0")/.."

say() { printf '%s\n' "$*" >&2; }
fail() { say ""; say "setup: $*"; exit 1; }

needed_mb=4500
free_mb=$(df -Pm . | awk 'NR==2 {print $4}')
if [ ! -d .venv ] && [ "$free_mb" -lt "$needed_mb" ]; then
    fail "the disk that holds $(pwd) has $free_mb MB free; $needed_mb MB are needed.
       Free some space, or clone the project on another disk, and run make again."
fi

python=""
for candidate in python3.11 python3; do
    if command -v "$candidate" >/dev/null 2>&1; then python=$candidate; break; fi
done

uv=$(command -v uv || true)
if [ -z "$uv" ]; then
    uv=.tools/bin/uv
    if [ ! -x "$uv" ]; then
        [ -n "$python" ] || fail "no Python found. Install Python 3.11 (Debian, Ubuntu: apt install
       python3.11 python3.11-venv) and run make again."
        say "setup: getting uv into .tools/ ..."
        rm -rf .tools
        if "$python" -m venv .tools >/dev/null 2>&1; then
            .tools/bin/python -m pip install --quiet --require-hashes -r scripts/uv-requirements.txt \
                || fail "uv could not be installed from the package index: see above."
        elif "$python" -m pip --version >/dev/null 2>&1; then
            "$python" -m pip install --quiet --require-hashes --target .tools \
                -r scripts/uv-requirements.txt \
                || fail "uv could not be installed from the package index: see above."
        else
            fail "$python has neither venv nor pip. Install them (Debian, Ubuntu: apt install
       python3-venv), or install uv (https://docs.astral.sh/uv/), and run make again."
        fi
    fi
fi

if ! "$uv" python find 3.11 >/dev/null 2>&1 && ! "$uv" python install --quiet 3.11 >/dev/null 2>&1; then
    found=$([ -n "$python" ] && "$python" --version || echo "no Python")
    fail "Python 3.11 is needed and was not found (this machine has $found).
       Install it (Debian, Ubuntu: apt install python3.11 python3.11-venv) and run make again."
fi

say "setup: installing what uv.lock lists into .venv (some minutes the first time) ..."
"$uv" sync --frozen --quiet --compile-bytecode --python 3.11 \
    || fail "the packages could not be installed: see above. If the disk is full, free some space
       ($(df -Pm . | awk 'NR==2 {print $4}') MB are free); if the network failed, run make again:
       what was fetched is kept."
say "setup: done; .venv takes $(du -sm .venv | cut -f1) MB."
