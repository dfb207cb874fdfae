# Front-end packages from package-lock.json, with the Node that uv brought along: Debian 12's own
# npm is too old for the lockfile.  Sourced, never run.
# shellcheck shell=bash

install_frontend() {
    local print
    print="$(fingerprint npm "$ROOT/package.json" "$ROOT/package-lock.json" "$ROOT/.npmrc")"
    if done_before frontend "$print" && [[ -d "$ROOT/node_modules" ]]; then
        return 0
    fi
    heading "Front-end packages"
    PATH="$ROOT/.venv/bin:$PATH" npm ci --ignore-scripts --no-progress --loglevel=error >&2
    mark_done frontend "$print"
}
