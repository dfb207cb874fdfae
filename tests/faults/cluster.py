"""A PostgreSQL cluster of one test's own, which it may stop and start."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.faults.house import REPOSITORY

_KEEPER = """
source script/lib/common.sh
source script/lib/postgres.sh
trap stop_postgres EXIT
start_postgres
echo "$EAKTE_TEST_POSTGRES"
while read -r verb; do
    (cd "$CLUSTER" && as_postgres "${CLUSTER_CTL[@]}" --mode=immediate --wait "$verb" >/dev/null)
    echo "$verb"
done
"""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running cluster; ``url`` is of a role that may create databases."""

    keeper: subprocess.Popen[str]
    url: str

    def stop(self) -> None:
        """Gone, as after a crash: connections break in the middle."""
        self._say("stop")

    def start(self) -> None:
        """Back again, at the same address."""
        self._say("start")

    def _say(self, verb: str) -> None:
        assert self.keeper.stdin is not None
        assert self.keeper.stdout is not None
        self.keeper.stdin.write(f"{verb}\n")
        self.keeper.stdin.flush()
        assert self.keeper.stdout.readline().strip() == verb


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """Made as ``script/test`` makes its own; gone at the end."""
    with subprocess.Popen(
        ["bash", "-c", _KEEPER],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as keeper:
        assert keeper.stdout is not None
        url = keeper.stdout.readline().strip()
        assert url, "no PostgreSQL could be started"
        try:
            yield Cluster(keeper, url)
        finally:
            assert keeper.stdin is not None
            keeper.stdin.close()
            keeper.wait(30)
