# System packages by apt.  Sourced, never run.
# shellcheck shell=bash

# missing_packages FILES...: the packages of the lists that are not installed.
missing_packages() {
    local package
    for package in $(read_packages "$@"); do
        [[ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" == installed ]] ||
            printf '%s ' "$package"
    done
}

# install_packages FILES...: installs what is missing; asks apt nothing when all is there.
install_packages() {
    if ! command -v apt-get >/dev/null; then
        say "No apt-get here: the packages of $* are taken for installed."
        return 0
    fi
    local missing
    missing="$(missing_packages "$@")"
    [[ -n $missing ]] || return 0
    local remedy="Let an administrator run: apt-get install --no-install-recommends $missing"
    may_become_root || fail "These system packages are missing: $missing" "$remedy"
    heading "System packages: $missing"
    local -a apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0
        -o DPkg::Lock::Timeout=300)
    as_root "${apt[@]}" update ||
        say "apt could not renew all of its lists; going on with what it knows."
    without_default_cluster
    # Word splitting is meant: one argument a package.
    # shellcheck disable=SC2086
    as_root "${apt[@]}" install -y --no-install-recommends $missing ||
        fail "apt could not install these packages: $missing" "$remedy"
    with_default_cluster
}

# Debian's PostgreSQL starts a cluster of its own when it is first installed.  The tests bring
# theirs and want no server on the machine, so that is switched off while apt runs, and only then.
readonly CLUSTER_SWITCH=/etc/postgresql-common/createcluster.d/eakte-set-up.conf

without_default_cluster() {
    [[ " $missing" == *" postgresql "* ]] || return 0
    as_root mkdir -p "${CLUSTER_SWITCH%/*}"
    trap with_default_cluster EXIT
    printf 'create_main_cluster = false\n' | as_root tee "$CLUSTER_SWITCH" >/dev/null
}

with_default_cluster() {
    [[ ! -e $CLUSTER_SWITCH ]] || as_root rm -f "$CLUSTER_SWITCH"
    trap - EXIT
}
