# A PostgreSQL cluster for one test run: in a temporary folder, for nobody else, gone afterwards.
# Sourced, never run.
# shellcheck shell=bash

# The newest server's programs; Debian keeps them off the PATH.
postgres_programs() {
    local folder
    folder="$(find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null |
        sort -V | tail -n 1)"
    if [[ -z $folder ]] && command -v initdb >/dev/null; then
        folder="$(dirname "$(command -v initdb)")"
    fi
    [[ -n $folder ]] || fail "No PostgreSQL server was found." \
        "Run script/setup --tests, or install the package postgresql."
    printf '%s' "$folder"
}

# PostgreSQL refuses to run as root; Debian's package brings the user postgres.
as_postgres() {
    if [[ $EUID -eq 0 ]]; then
        setpriv --reuid postgres --regid postgres --init-groups env HOME="$CLUSTER" "$@"
    else
        "$@"
    fi
}

free_port() {
    .venv/bin/python -c '
import socket
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    print(probe.getsockname()[1])'
}

# Starts the cluster and exports EAKTE_TEST_POSTGRES, a SQLAlchemy URL of a role that may create
# databases.  The caller sets `trap stop_postgres EXIT` first.
start_postgres() {
    local programs port password
    programs="$(postgres_programs)"
    CLUSTER="$(mktemp -d /tmp/eakte-postgres.XXXXXX)"
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    printf '%s' "$password" >"$CLUSTER/password"
    [[ $EUID -ne 0 ]] || chown -R postgres:postgres "$CLUSTER"
    # md5, not scram: on the loopback, for minutes, thousands of hashes a connection guard nothing
    # and cost more than most statements of a test.
    (cd "$CLUSTER" && as_postgres "$programs/initdb" --pgdata="$CLUSTER/data" \
        --username=eakte_test --pwfile="$CLUSTER/password" --auth=md5 \
        --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$CLUSTER/initdb.log" 2>&1) ||
        { cat "$CLUSTER/initdb.log" >&2 && return 1; }
    port="$(free_port)"
    # Nothing in this cluster outlives the run, so it need not survive a power cut; its databases
    # live for seconds, so nothing in them is worth a vacuum or a compiled query.
    cat >>"$CLUSTER/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$CLUSTER'
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
jit = off
CONF
    CLUSTER_CTL=("$programs/pg_ctl" --pgdata="$CLUSTER/data" --log="$CLUSTER/server.log")
    (cd "$CLUSTER" && as_postgres "${CLUSTER_CTL[@]}" --wait start >/dev/null) ||
        { cat "$CLUSTER/server.log" >&2 && return 1; }
    export EAKTE_TEST_POSTGRES="postgresql+psycopg://eakte_test:$password@127.0.0.1:$port/postgres"
}

stop_postgres() {
    [[ -n ${CLUSTER:-} ]] || return 0
    [[ -z ${CLUSTER_CTL:-} ]] ||
        (cd "$CLUSTER" && as_postgres "${CLUSTER_CTL[@]}" --mode=immediate --wait stop \
            >/dev/null 2>&1) || true
    rm -rf "$CLUSTER"
}
