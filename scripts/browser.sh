#!/bin/sh
# Makes sure that there is a browser for the tests, and says where it came from.
set -eu
cd "$(dirname "$0")/.."

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1; then echo "browser: $(command -v "$name")"; exit 0; fi
done

as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null 2>&1 && $as_root true 2>/dev/null; then
    echo "browser: none found; installing Debian's chromium ..."
    if $as_root apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
        $as_root apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
    then
        echo "browser: $(command -v chromium)"; exit 0
    fi
fi

echo "browser: none found, and none to be had from Debian; getting Playwright's own ..."
.venv/bin/python -m playwright install chromium || {
    echo "browser: the tests need Chromium. Install it (Debian: apt install chromium) and run" \
        "make test again." >&2
    exit 1
}
