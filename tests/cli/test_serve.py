"""``eakte serve``: one process tree that starts, refuses and ends as a whole."""

from __future__ import annotations

import json
import signal
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from eakte.bootstrap import Product
from tests.faults.accounts import all_through
from tests.faults.house import House, house, impatient_settings, wait_for
from tests.faults.ports import free_port
from tests.letters import letters

PATIENCE = 120


@pytest.fixture
def running(product: Product, tmp_path: Path) -> Iterator[House]:
    product.inbox.mkdir(exist_ok=True)
    config = impatient_settings(tmp_path / "config")
    url = product.settings.database_url
    with house(product.settings.home, config, url, tmp_path / "log.txt") as made:
        yield made


def is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def test_a_server_serves_beside_commands_and_ends_in_order(
    running: House, product: Product, tmp_path: Path
):
    port = free_port()
    server = running.start("serve", "--port", str(port))
    wait_for(lambda: is_ready(port), PATIENCE, running.log.read_text)
    wait_for(lambda: "E-Akte läuft" in running.log.read_text(), PATIENCE, running.log.read_text)

    second = running.run("serve", "--port", str(free_port()))
    assert (second.returncode, second.stdout) == (3, "")
    assert second.stderr == (
        "Der Server läuft mit diesem Datenordner schon. Das laufende Programm beenden oder einen "
        "anderen EAKTE_HOME wählen.\n"
    )

    post = letters(2)
    (tmp_path / "brief.pdf").write_bytes(post["brief-000.pdf"])
    (running.inbox / "gescannt.pdf").write_bytes(post["brief-001.pdf"])
    beside = running.run("intake", str(tmp_path / "brief.pdf"), "--json")
    assert beside.returncode == 0, beside.stderr
    told = json.loads(beside.stdout)
    assert told["status"] == "delivered"
    found = running.run("search", "kennwort000", "--user", "m.petersen", "--json")
    assert [json.loads(line)["document_id"] for line in found.stdout.splitlines()] == [
        told["document_id"]
    ]
    wait_for(lambda: all_through(product, 2), PATIENCE, running.log.read_text)

    server.send_signal(signal.SIGTERM)
    assert server.wait(30) == 0
    wait_for(lambda: not running.living(), 30, lambda: f"no process left: {running.living()}")


def test_a_port_in_use_is_one_sentence_and_no_loop(running: House):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = running.run("serve", "--port", str(port))
    assert (refused.returncode, refused.stdout) == (3, "")
    assert refused.stderr == (
        f"Der Port {port} auf 127.0.0.1 ist schon belegt. Das andere Programm beenden oder mit "
        "--port einen anderen nehmen.\n"
    )
    assert running.living() == []


def test_an_address_of_another_machine_is_refused(running: House):
    refused = running.run("serve", "--host", "192.0.2.1", "--port", "8000")
    assert refused.returncode == 3
    assert "192.0.2.1" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


def test_a_second_worker_is_refused(running: House):
    running.start("worker")
    lock = running.home / "worker.lock"
    wait_for(lock.exists, PATIENCE, running.log.read_text)
    refused = running.run("worker")
    assert refused.returncode == 3
    assert "Die Verarbeitung läuft" in refused.stderr
