# The Python environment: uv from PyPI in an environment of its own, the product in .venv from
# uv.lock.  Sourced, never run.
# shellcheck shell=bash

readonly UV_PIN="$ROOT/script/requirements-uv.txt"

# The system's interpreter, or the first other on the PATH that is new enough.
find_python() {
    local candidate
    for candidate in /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if command -v "$candidate" >/dev/null &&
            "$candidate" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' \
                2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    fail "No Python 3.11 or newer with the module venv was found." \
        "Install python3 and python3-venv of Debian 12, Ubuntu 24.04 or newer."
}

install_uv() {
    local print
    print="$(fingerprint uv "$UV_PIN")"
    if done_before uv "$print" && "$TOOLS/bin/uv" --version >/dev/null 2>&1; then
        return 0
    fi
    heading "uv"
    local python
    python="$(find_python)"
    "$python" -m venv --clear "$TOOLS"
    PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1 \
        "$TOOLS/bin/python" -m pip install --quiet --require-hashes -r "$UV_PIN"
    mark_done uv "$print"
}

# The index that pip or uv were told to use in place of the public one; empty without one.
own_index() {
    local index="${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-${PIP_INDEX_URL:-}}}"
    printf '%s' "${index:-$("$TOOLS/bin/python" -m pip config get global.index-url 2>/dev/null)}"
}

# install_python WHAT: "server" installs what runs, "tests" also what checks it.  An environment
# that was set up for tests stays one.
install_python() {
    local what="$1" print
    [[ ! -f "$STAMPS/python-tests" ]] || what=tests
    print="$(python_fingerprint "$what")"
    if done_before "python-$what" "$print" && "$ROOT/.venv/bin/python" -c 'import pydantic' 2>/dev/null; then
        return 0
    fi
    heading "Python packages"
    local -a groups=(--no-default-groups --group frontend)
    [[ $what == server ]] || groups+=(--group dev)
    # Compiled once here, or anew by every process where the environment is not writable or
    # PYTHONDONTWRITEBYTECODE is set: half a second for each OCR process, test worker and command.
    export UV_COMPILE_BYTECODE=1
    export UV_PYTHON_DOWNLOADS=never UV_LINK_MODE="${UV_LINK_MODE:-copy}"
    export UV_PROJECT_ENVIRONMENT="$ROOT/.venv"
    local index
    index="$(own_index)"
    if [[ -z $index ]]; then
        "$TOOLS/bin/uv" sync --locked --quiet "${groups[@]}"
    else
        sync_from_index "$index"
    fi
    mark_done "python-$what" "$print"
}

python_fingerprint() { fingerprint "$1" "$ROOT/uv.lock" "$ROOT/pyproject.toml"; }

# The lockfile names the public index, and `uv sync --locked` insists on it.  From an index of
# one's own the same versions are installed with the same hashes, by way of a list.
sync_from_index() {
    local list
    list="$(mktemp)"
    "$TOOLS/bin/uv" export --frozen --quiet --no-emit-project "${groups[@]}" >"$list"
    [[ -x "$ROOT/.venv/bin/python" ]] ||
        "$TOOLS/bin/uv" venv --quiet --python "$(find_python)" "$ROOT/.venv"
    local -a pip=(env "UV_DEFAULT_INDEX=$1" "VIRTUAL_ENV=$ROOT/.venv" "$TOOLS/bin/uv" pip)
    "${pip[@]}" sync --quiet --require-hashes "$list"
    "${pip[@]}" install --quiet --no-deps --editable "$ROOT"
    rm -f "$list"
}
