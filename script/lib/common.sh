# Shared by the scripts beside this folder: where the project is, how to speak, how to become root,
# and how to know that a step was already done.  Sourced, never run.
# shellcheck shell=bash

set -euo pipefail

ROOT="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)"
readonly ROOT
readonly TOOLS="$ROOT/.venv-tools"      # uv, apart from the product's own environment
readonly STAMPS="$TOOLS/stamps"         # what was set up, keyed on the hashes of what it came from
readonly REFUSED=3                      # exit code: refused, nothing half-done (as in the product)
readonly SYSTEM_CERTIFICATES=/etc/ssl/certs/ca-certificates.crt

cd "$ROOT"

say() { printf '%s\n' "$*" >&2; }

heading() { printf '\n== %s\n' "$*" >&2; }

# fail MESSAGE REMEDY: one sentence that names the thing, one that says what to do.
fail() {
    printf 'Error: %s\n%s\n' "$1" "$2" >&2
    exit "$REFUSED"
}

# The packages named in the given list files, without comments.
read_packages() { sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@"; }

# The distribution as /etc/os-release names it (debian, ubuntu, ...); "unknown" without that file.
distribution() {
    # shellcheck disable=SC1091
    (. /etc/os-release 2>/dev/null && printf '%s' "${ID:-unknown}") || printf 'unknown'
}

# may_become_root: true where as_root will work.
may_become_root() { [[ $EUID -eq 0 ]] || command -v sudo >/dev/null; }

# as_root COMMAND...: with the proxy settings of the caller, which sudo would drop.
as_root() {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    else
        sudo --preserve-env=http_proxy,https_proxy,no_proxy,HTTP_PROXY,HTTPS_PROXY,NO_PROXY "$@"
    fi
}

# leave_sudo SCRIPT ARGUMENTS...: under `sudo script/...` go on as the person who typed it, once
# only things inside their own checkout are left to do; otherwise they could not delete them later.
leave_sudo() {
    [[ $EUID -eq 0 && ${SUDO_UID:-0} -ne 0 ]] || return 0
    [[ "$(stat -c %u "$ROOT")" == "$SUDO_UID" ]] || return 0
    local home
    home="$(getent passwd "$SUDO_UID" | cut -d: -f6)"
    exec setpriv --reuid "$SUDO_UID" --regid "$SUDO_GID" --init-groups \
        env "HOME=${home:-/tmp}" "USER=$SUDO_USER" "LOGNAME=$SUDO_USER" "$@"
}

# fingerprint WORD FILES...: changes when the word or any of the files changes.
fingerprint() {
    local word="$1"
    shift
    { printf '%s\n' "$word"; cat -- "$@"; } | sha256sum | cut -d' ' -f1
}

# done_before NAME FINGERPRINT: true where that step was finished with exactly this fingerprint.
done_before() { [[ -f "$STAMPS/$1" && "$(<"$STAMPS/$1")" == "$2" ]]; }

# mark_done NAME FINGERPRINT
mark_done() {
    mkdir -p "$STAMPS"
    printf '%s' "$2" >"$STAMPS/$1"
}

# The certificates of the system also count for pip, uv and npm, which otherwise bring their own:
# networks of the administration often end TLS at a proxy whose authority only the system knows.
trust_system_certificates() {
    [[ -f $SYSTEM_CERTIFICATES ]] || return 0
    export SSL_CERT_FILE="${SSL_CERT_FILE:-$SYSTEM_CERTIFICATES}"
    export PIP_CERT="${PIP_CERT:-$SSL_CERT_FILE}"
    export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$SSL_CERT_FILE}"
}
