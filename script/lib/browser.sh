# The browser of the end-to-end tests.  Sourced, never run.
# shellcheck shell=bash

# Debian's package, or Playwright's own on Ubuntu, where the package is a snap in a sandbox that
# sees neither the temporary folders nor the debugging pipe.
install_browser() {
    [[ -z "$(find_browser)" ]] || return 0
    heading "Chromium by Playwright"
    may_become_root || fail "Chromium is missing." \
        "Let somebody with the right run: .venv/bin/playwright install-deps chromium"
    if ! as_root "$ROOT/.venv/bin/playwright" install-deps chromium >&2 ||
        ! "$ROOT/.venv/bin/playwright" install chromium >&2; then
        fail "Playwright could not fetch its Chromium." \
            "Name one that is already here: EAKTE_CHROMIUM=PATH script/test"
    fi
}

# The path of a Chromium that can be driven; empty without one.
find_browser() {
    local candidate
    for candidate in "${EAKTE_CHROMIUM:-}" /usr/bin/chromium; do
        # Ubuntu's /usr/bin/chromium-browser only starts the snap: it is left out on purpose.
        if [[ -n $candidate && -x $candidate ]]; then
            printf '%s' "$candidate"
            return 0
        fi
    done
    candidate="$("$ROOT/.venv/bin/python" -c '
from playwright.sync_api import sync_playwright
with sync_playwright() as playwright:
    print(playwright.chromium.executable_path)' 2>/dev/null || true)"
    [[ ! -x $candidate ]] || printf '%s' "$candidate"
}
