"""Mailboxes against a real Dovecot: nothing is lost, nothing is taken twice."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from eakte.errors import Unavailable
from eakte.intake.channels.mailboxes import (
    Mailbox,
    MailboxChannel,
    Refused,
    Untrusted,
    internal_date,
    subject_name,
)
from eakte.models import Batch, Source
from eakte.ports import BlobStore
from tests.authority import Authority
from tests.conftest import absent
from tests.dovecot import PASSWORD, Dovecot, dovecot

SECONDS = 60
EARLIEST, LATEST = (datetime(year, 1, 1) for year in (1990, 2100))  # noqa: DTZ001  any zone


@pytest.fixture(scope="module")
def imap() -> Iterator[Dovecot]:
    if not shutil.which("dovecot", path="/usr/sbin:/usr/bin"):
        absent("no Dovecot; script/setup --tests installs it")
    # Not below pytest's own folder: the paths of its sockets must be short.
    folder = Path(tempfile.mkdtemp(prefix="eakte-imap-"))
    with dovecot(folder / "d", *(f"post{number}" for number in range(60))) as server:
        yield server
    shutil.rmtree(folder)


_accounts = iter(range(60))


@pytest.fixture
def login(imap: Dovecot) -> str:
    """An account with empty folders."""
    if imap.process is None:
        imap.start()
    return f"post{next(_accounts)}"


def message(number: int, *, sent: str = "Fri, 20 Nov 2026 10:00:00 +0100") -> bytes:
    return (
        f"From: Ole Schmidt <ole@example.org>\r\nTo: post@example.org\r\nDate: {sent}\r\n"
        f"Subject: =?utf-8?q?Pr=C3=BCfung_{number}?=\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/mixed; boundary="x"\r\n\r\n'
        f"--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nGuten Tag, Nummer {number}.\r\n"
        "--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; "
        'filename="anlage.pdf"\r\n\r\n%PDF-1.7\r\n--x--\r\n'
    ).encode()


def channel(authority: Authority, imap: Dovecot, login: str, **more: Any) -> MailboxChannel:
    settings = {"id": "poststelle", "host": "127.0.0.1", "port": imap.port, "tls": "none"}
    begun: list[str] = []
    return MailboxChannel(
        mailbox=Mailbox(login=login, **(settings | more)),
        password=lambda: PASSWORD,
        database=authority.database,
        store=authority.store,
        begin=begun.append,
    )


def secured(
    authority: Authority, imap: Dovecot, login: str, tls: str, **more: Any
) -> MailboxChannel:
    """The same over TLS, from the first byte on or begun in the plain connection."""
    port = imap.tls_port if tls == "tls" else imap.port
    return channel(authority, imap, login, tls=tls, port=port, **more)


def sources(authority: Authority) -> list[Source]:
    with authority.database.read() as session:
        return list(session.scalars(select(Source).order_by(Source.arrived_at, Source.id)))


def until(what: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end
        time.sleep(0.05)


class Running:
    """The channel in a thread of its own, as the worker runs it."""

    def __init__(self, made: MailboxChannel) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=made.run, args=(self.stop,), daemon=True)

    def __enter__(self) -> Running:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(SECONDS)
        assert not self.thread.is_alive()


def test_a_message_is_one_source_as_it_was_sent_and_leaves_the_folder(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, message(1))
    made = channel(authority, imap, login, site="husum")
    assert made.take_all() == 1
    (row,) = sources(authority)
    assert authority.store.read(row.sha256) == message(1)
    assert (row.channel, row.form, row.name) == ("mail", "mail", "Prüfung 1.eml")
    assert (row.given["one_letter"], row.state) == (True, "received")
    assert (imap.count(login, "INBOX"), imap.count(login, "Verarbeitet")) == (0, 1)
    with authority.database.read() as session:
        batch = session.get_one(Batch, row.batch_id)
    assert (batch.profile, batch.site_id) == ("poststelle", "husum")


def test_the_day_is_that_of_the_servers_arrival_in_berlin_not_of_the_date_header(
    authority: Authority, imap: Dovecot, login: str
):
    authority.clock.at = datetime(2026, 11, 20, 9, tzinfo=UTC)
    late = datetime(2026, 11, 18, 23, 30, tzinfo=UTC)  # half past midnight in Berlin
    imap.put(login, message(1, sent="Mon, 1 Jun 2020 10:00:00 +0200"), at=late)
    ahead = datetime(2026, 11, 25, 9, tzinfo=UTC)
    imap.put(login, message(2), at=ahead)
    channel(authority, imap, login).take_all()
    days = {row.name: row.received_here for row in sources(authority)}
    assert days == {
        "Prüfung 1.eml": date(2026, 11, 19),
        "Prüfung 2.eml": date(2026, 11, 20),  # a server's clock makes nothing arrive tomorrow
    }


def test_the_same_message_twice_is_two_sources_and_the_second_is_flagged(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, message(1), message(1))
    channel(authority, imap, login).take_all()
    # both arrived at the same moment of the test's clock, so that no order tells them apart
    first, second = sorted(sources(authority), key=lambda row: row.duplicate_of is not None)
    assert (first.duplicate_of, second.duplicate_of) == (None, first.id)
    assert {first.state, second.state} == {"received"}


class CutOff(Exception):
    """The line went dead just then."""


def test_what_was_committed_but_not_moved_is_not_taken_again(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, message(1), message(2))
    made = channel(authority, imap, login)
    begun = []

    def dies(source_id: str) -> None:
        begun.append(source_id)
        raise CutOff

    made.begin = dies
    with pytest.raises(CutOff):
        made.take_all()
    assert (imap.count(login, "INBOX"), len(sources(authority))) == (2, 1)
    made.begin = begun.append
    assert made.take_all() == 2
    assert len(sources(authority)) == 2
    assert imap.count(login, "INBOX") == 0


def test_where_nothing_can_be_stored_the_message_stays(
    authority: Authority, imap: Dovecot, login: str
):
    class Full:
        def put(self, _data: bytes) -> str:
            raise OSError(28, "No space left on device")

    imap.put(login, message(1))
    made = channel(authority, imap, login)
    store: BlobStore = made.store
    made.store = Full()  # type: ignore[assignment]
    with pytest.raises(Unavailable, match="No space left"):
        made.take_all()
    assert (imap.count(login, "INBOX"), sources(authority)) == (1, [])
    made.store = store
    assert made.take_all() == 1


def test_a_wrong_password_is_one_clear_sentence_and_the_next_mailbox_goes_on(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, message(1))
    wrong = channel(authority, imap, "post59", id="falsch")
    wrong.password = lambda: "geraten"
    with pytest.raises(Refused) as refused:
        wrong.take_all()
    assert refused.value.message == "Das Postfach „falsch“ lehnt die Anmeldung als „post59“ ab."
    right = channel(authority, imap, login)
    with Running(wrong), Running(right):
        until(lambda: len(sources(authority)) == 1)


def test_news_arrive_without_asking_again(authority: Authority, imap: Dovecot, login: str):
    made = channel(authority, imap, login, wait_seconds=1000)
    with Running(made):
        imap.put(login, message(1))
        until(lambda: len(sources(authority)) == 1)
        imap.put(login, message(2))
        until(lambda: imap.count(login, "Verarbeitet") == 2)
    assert len(sources(authority)) == 2


def test_the_server_goes_away_midway_and_comes_back(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, *(message(number) for number in range(20)))
    made = channel(authority, imap, login)
    pulled: list[str] = []

    def pull_the_plug(source_id: str) -> None:
        if made.taken == 7 and not pulled:
            imap.stop()
            pulled.append(source_id)

    made.begin = pull_the_plug
    with Running(made):
        until(lambda: pulled != [])
        imap.start()
        until(lambda: imap.count(login, "Verarbeitet") == 20)
    rows = sources(authority)
    assert {row.name for row in rows} == {f"Prüfung {number}.eml" for number in range(20)}
    assert len(rows) == 20


def test_a_server_that_is_not_there_is_named(authority: Authority, imap: Dovecot, login: str):
    made = channel(authority, imap, login, port=1)
    with pytest.raises(Unavailable, match=r"„poststelle“ auf 127\.0\.0\.1 ist nicht erreichbar"):
        made.take_all()


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_over_tls_a_trusted_server_is_believed_and_its_post_is_taken(
    authority: Authority, imap: Dovecot, login: str, tls: str
):
    imap.put(login, message(1))
    made = secured(authority, imap, login, tls, ca_file=imap.certificate)
    assert made.take_all() == 1
    assert [row.name for row in sources(authority)] == ["Prüfung 1.eml"]
    assert (imap.count(login, "INBOX"), imap.count(login, "Verarbeitet")) == (0, 1)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_server_with_an_unknown_certificate_is_refused_before_the_password_is_said(
    authority: Authority, imap: Dovecot, login: str, tls: str
):
    imap.put(login, message(1))
    asked: list[str] = []
    made = secured(authority, imap, login, tls)
    made.password = lambda: asked.append(login) or PASSWORD  # type: ignore[func-returns-value]
    with pytest.raises(Untrusted) as refused:
        made.take_all()
    assert refused.value.message == (
        "Dem Mailserver 127.0.0.1 des Postfachs „poststelle“ wird nicht vertraut: "
        "Sein Zertifikat ist von keiner bekannten Stelle ausgestellt."
    )
    assert "ca_file" in (refused.value.remedy or "")
    assert (asked, sources(authority), imap.count(login, "INBOX")) == ([], [], 1)


def test_a_certificate_for_another_name_is_not_believed(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, message(1))
    made = secured(authority, imap, login, "tls", ca_file=imap.certificate, host="localhost")
    with pytest.raises(Untrusted, match="gilt für einen anderen Namen"):
        made.take_all()
    assert (sources(authority), imap.count(login, "INBOX")) == ([], 1)


def test_a_message_larger_than_allowed_stays_marked_and_the_others_are_taken(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, message(1) + b"x" * 10_000, message(2))
    made = channel(authority, imap, login, max_bytes=5_000)
    assert made.take_all() == 1
    assert [row.name for row in sources(authority)] == ["Prüfung 2.eml"]
    with imap.client(login) as client:
        client.select("INBOX", readonly=True)
        assert client.search(None, "FLAGGED")[1] == [b"1"]


def test_a_backlog_of_a_hundred_messages_is_taken_whole(
    authority: Authority, imap: Dovecot, login: str
):
    imap.put(login, *(message(number) for number in range(100)))
    assert channel(authority, imap, login).take_all() == 100
    assert len({row.sha256 for row in sources(authority)}) == 100
    assert (imap.count(login, "INBOX"), imap.count(login, "Verarbeitet")) == (0, 100)


@given(
    st.datetimes(min_value=EARLIEST, max_value=LATEST),
    st.integers(-14 * 60, 14 * 60),
)
def test_an_internal_date_is_read_as_the_instant_that_it_is(at: datetime, minutes: int):
    moment = at.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    written = moment.strftime("%d-%b-%Y %H:%M:%S %z")
    assert internal_date(written) == moment
    assert internal_date(written.replace("0", " ", 1) if written[0] == "0" else written) == moment


@given(st.binary(max_size=300))
def test_a_subject_may_be_anything_and_its_name_can_be_shown(subject: bytes):
    name = subject_name(b"Subject: " + subject + b"\r\n\r\n")
    assert name.endswith(".eml")
    assert name.isprintable()
    assert "/" not in name
    assert len(name) <= 154
