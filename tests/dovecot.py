"""A private Dovecot on loopback: a real IMAP server with accounts, mail, TLS and trouble."""

from __future__ import annotations

import imaplib
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

PASSWORD = "post-geheim"

_CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {run}
state_dir = {run}
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/cert.pem
ssl_key = <{folder}/key.pem
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
first_valid_uid = 0
mail_location = maildir:~/Maildir
mail_max_userip_connections = 50
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/users
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/home/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
"""


@dataclass
class Dovecot:
    """The running server; ``stop`` and ``start`` make it go away and come back.

    ``port`` speaks plainly and offers STARTTLS, ``tls_port`` is TLS from the first byte on.
    """

    folder: Path
    port: int
    tls_port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Run until it answers.

        While it was away, somebody else's connection may have been given its port for a moment;
        then it ends at once and is started again.
        """
        self.process = self._process()
        until = time.monotonic() + 30
        while time.monotonic() < until:
            if self.process.poll() is not None:
                self.process = self._process()
            try:
                with socket.create_connection(("127.0.0.1", self.port), 1) as door:
                    door.settimeout(5)
                    if door.recv(100).startswith(b"* OK"):
                        return
            except OSError:
                time.sleep(0.05)
        raise AssertionError(self.log())

    @property
    def certificate(self) -> Path:
        """Whoever trusts this file trusts the server; nobody else does."""
        return self.folder / "cert.pem"

    def _process(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def stop(self) -> None:
        """End it with every connection, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def log(self) -> str:
        path = self.folder / "dovecot.log"
        return path.read_text() if path.exists() else ""

    @contextmanager
    def client(self, login: str) -> Iterator[imaplib.IMAP4]:
        """A plain client of the account, as another program would use it."""
        client = imaplib.IMAP4("127.0.0.1", self.port)
        try:
            client.login(login, PASSWORD)
            yield client
        finally:
            client.logout()

    def put(self, login: str, *messages: bytes, at: datetime | None = None) -> None:
        """Messages arrive in the inbox, at ``at`` by the server's clock."""
        with self.client(login) as client:
            for message in messages:
                when = f'"{at.strftime("%d-%b-%Y %H:%M:%S %z")}"' if at else ""
                assert client.append("INBOX", None, when or None, message)[0] == "OK"  # type: ignore[arg-type]

    def count(self, login: str, folder: str) -> int:
        """How many messages lie in the folder; 0 where there is none."""
        with self.client(login) as client:
            kind, found = client.status(f'"{folder}"', "(MESSAGES)")
            if kind != "OK" or found[0] is None:
                return 0
            number = re.search(rb"MESSAGES (\d+)", found[0])
            assert number
            return int(number[1])


def certify(folder: Path, address: str) -> None:
    """``cert.pem``, signed by itself for ``address`` alone, and its ``key.pem``."""
    kind = ["req", "-x509", "-nodes", "-days", "2"]
    kind += ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    names = ["-subj", "/CN=Poststelle", "-addext", f"subjectAltName=IP:{address}"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    subprocess.run(["openssl", *kind, *names, *files], check=True, capture_output=True)


@contextmanager
def dovecot(folder: Path, *accounts: str) -> Iterator[Dovecot]:
    """A server with these accounts, ended and forgotten afterwards."""
    assert shutil.which("dovecot") or Path("/usr/sbin/dovecot").exists()
    with socket.socket() as free, socket.socket() as also_free:
        free.bind(("127.0.0.1", 0))
        also_free.bind(("127.0.0.1", 0))
        port, tls_port = free.getsockname()[1], also_free.getsockname()[1]
    me = pwd.getpwuid(os.getuid())
    mail = pwd.getpwnam("nobody") if os.getuid() == 0 else me
    internal, login = ("dovecot", "dovenull") if os.getuid() == 0 else (me.pw_name, me.pw_name)
    group = "dovecot" if os.getuid() == 0 else str(me.pw_gid)
    for name in ("run", "home"):
        (folder / name).mkdir(parents=True)
    for account in accounts:
        home = folder / "home" / account
        home.mkdir()
        os.chown(home, mail.pw_uid, mail.pw_gid)
    for one in (folder, folder / "home", *list(folder.parents)[:3]):
        if os.getuid() == 0 and one.owner() == "root":
            one.chmod(one.stat().st_mode | 0o011)
    certify(folder, "127.0.0.1")
    (folder / "users").write_text("".join(f"{one}:{{PLAIN}}{PASSWORD}\n" for one in accounts))
    (folder / "dovecot.conf").write_text(
        _CONFIG.format(
            folder=folder,
            run=folder / "run",
            internal=internal,
            group=group,
            login=login,
            uid=mail.pw_uid,
            gid=mail.pw_gid,
            port=port,
            tls_port=tls_port,
        )
    )
    server = Dovecot(folder, port, tls_port)
    server.start()
    try:
        yield server
    finally:
        server.stop()
