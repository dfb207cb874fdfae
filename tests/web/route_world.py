"""One authority in which every kind of thing lies, and everybody who might ask for it.

The requests of ``test_every_route.py`` are made here and their answers told apart; what is
expected stands in ``route_table.py``.
"""

from __future__ import annotations

import asyncio
import enum
import functools
import hashlib
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlencode

from sqlalchemy import event, func, select

from classifiers.rule_text import TriggerText
from eakte.bootstrap import Product
from eakte.domain.rights import system_reader
from eakte.domain.rules import Origin
from eakte.domain.schlagworte import Schlagwort
from eakte.models import (
    AuditRow,
    BadScan,
    Base,
    Batch,
    CutProposal,
    DocumentPage,
    Page,
    QualityCheck,
    Source,
    UserSession,
)
from eakte.repositories.audit import AuditTrail
from eakte.repositories.database import EakteSession
from eakte.repositories.outbox import Outbox
from eakte.services.annotations import AnnotationKind
from eakte.services.handing_in import Facts
from eakte.services.handovers import Plan
from eakte.services.misfiled_views import RightFile
from eakte.services.moving_views import MovePlan
from eakte.services.register_file import parse_register
from tests.authority import Authority
from tests.small_authority import (
    COLLEAGUE,
    MUELLER,
    OTHER_SITE,
    PROTECTED,
    SCHMIDT,
    small_register,
)
from web.app import create_app
from web.presenters.case_files import path_of

EARLIER, BEFORE, DURING, AFTER = "2026-11-20", "2026-11-23", "2026-12-01", "2026-12-08"
"""m.petersen is away from 30 November to 7 December; the letters came on the second day."""

PEOPLE = {
    "responsible": ("m.petersen", BEFORE),
    "same team": ("n.neben", BEFORE),
    "other function": ("k.thomsen", BEFORE),
    "other site": ("d.deputy", BEFORE),
    "team lead": ("a.lead", BEFORE),
    "legal": ("r.legal", BEFORE),
    "scan": ("t.scan", BEFORE),
    "who scanned it": ("s.scan", BEFORE),
    "scan, excluded": ("u.scan", BEFORE),
    "administrator": ("x.admin", BEFORE),
    "excluded": ("j.hansen", BEFORE),
    "central team": ("c.chief", BEFORE),
    "emergency": ("e.eilig", BEFORE),
    "deputy before": ("v.tretung", BEFORE),
    "deputy during": ("v.tretung", DURING),
    "deputy after": ("v.tretung", AFTER),
}
DESK = frozenset({"scan", "who scanned it", "scan, excluded"})
STRANGERS = ("nobody", "expired")
PROGRAMMES = ("programme", "other programme", "revoked programme")
WITH_DOORS_OF_THEIR_OWN = DESK | {"legal", "administrator", *PROGRAMMES}
EVERYBODY = (*PEOPLE, *STRANGERS, *PROGRAMMES)

UNKNOWN_ID = "00000000-0000-7000-8000-000000000000"


class Answer(enum.Enum):
    """What somebody gets."""

    OPENS = "it opens, or is done"
    TOLD = "an answer about this very thing, for those alone who may know of it"
    WRONG = "the form is wrong, whatever it is about"
    UNKNOWN = "404, as if it did not exist"
    CLOSED = "403, whether it exists or not"
    SIGN_IN = "to the sign-in page"
    NO_TOKEN = "401, a programme without a valid token"


Trace = tuple[str, str, str]
"""A row of the audit log: who, what, about which id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back, and the rows that the audit log gained by it."""

    status: int
    location: str
    text: str
    traces: tuple[Trace, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request: the address is concrete."""

    method: str
    path: str
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


class World:
    """The product over the small authority with one thing of every kind; ``ids`` by its name."""

    def __init__(self, product: Product, key: bytes, folder: Path) -> None:
        self.product, self.services, self.database = product, product.services, product.database
        if product.database.engine.dialect.name == "sqlite":
            # Nobody pulls the plug here; waiting for the disk would cost more than all else.
            product.database.engine.dispose()
            event.listen(
                product.database.engine,
                "connect",
                lambda raw, _: raw.execute("PRAGMA synchronous=OFF"),
            )
        self.hand = Authority(product.settings, key, folder)
        self.hand.database.engine.dispose()
        self.hand.database, self.hand.store = product.database, product.store
        self.hand.use_policy(product.settings.access)  # its services over the same database
        self.clock = self.hand.clock
        product.database.clock = self.clock
        trail = AuditTrail(key, self.clock)
        product.database.trail = trail
        product.database.session_maker.configure(trail=trail)
        self.services.register.run(system_reader("operator"), parse_register(_register()))
        self.documents: dict[str, str] = {}
        self.things: dict[str, dict[str, str]] = {"": {}}
        self.clock.set_day(EARLIER)
        self._released_batch()
        self.clock.set_day(BEFORE)
        self._letters()
        self._desk()
        self._handed_in()
        self.things["rules"] = self.draft("anfang") | {"name": "recht.toml", "number": "1"}
        self.services.case_files.open_in_emergency(
            self.reader("e.eilig"), MUELLER, "Wohnungslos, steht am Empfang"
        )
        with self.database.write() as session:
            Outbox(session).put(list(self.documents.values()), self.clock.now())
        product.indexer.drain()
        self.sessions = {who: self._session(login, day) for who, (login, day) in PEOPLE.items()}
        self.sessions["expired"] = self._session("m.petersen", EARLIER)
        self.clock.set_day(BEFORE)
        self.app = create_app(self.services)
        self.loop = asyncio.Runner()
        # Looked up once a browser: the door has tests of its own, and this is half of each request.
        known = functools.cache(self.services.accounts.signed_in)
        self.services.accounts.signed_in = known  # type: ignore[method-assign]
        self.seen = self._newest()
        self._unknown: dict[tuple[str, str], Reply] = {}
        door = self.ask("nobody", Call(method="GET", path="/anmelden")).text
        style = re.search(r"/static/([^/]+)/([^\"]+\.css)", door)
        assert style
        self.things["style"] = {"digest": style[1], "name": style[2]}

    # -- what there is --------------------------------------------------------------------------

    def _released_batch(self) -> None:
        """A batch whose paper was released on the day before."""
        self.hand.letter("kontoauszug", MUELLER)
        with self.database.write() as session:
            (batch,) = session.scalars(select(Batch)).all()
            batch.operator = "s.scan"
        scan, quality = self.reader("t.scan"), self.services.quality
        quality.count(scan, batch.id, 2, sheets=1, explanation="eine leere Rückseite")
        for page in quality.batch(scan, batch.id).pages:
            quality.mark(scan, batch.id, page.page_id, good=True)
        decision = quality.release(scan, batch.id, quality.batch(scan, batch.id).version)
        self.things["release"] = {"batch_id": batch.id, "decision_id": decision}

    def _letters(self) -> None:
        letter = self.hand.letter
        for name, schlagwort, number, state in (
            ("ordinary", "kontoauszug", MUELLER, "delivered"),
            ("other_site", "kontoauszug", OTHER_SITE, "delivered"),
            ("protected", "kontoauszug", PROTECTED, "delivered"),
            ("colleague", "kontoauszug", COLLEAGUE, "delivered"),
            ("medizin", "attest", MUELLER, "delivered"),
            ("clearing", "sonstiges", MUELLER, "clearing"),
            ("undelivered", "sonstiges", None, "classified"),
        ):
            self.add(name, letter(schlagwort, number, state=state))
        self.things["ordinary"]["annotation_id"] = self.annotation(self.documents["ordinary"])
        for name, number in (
            ("file", MUELLER),
            ("file elsewhere", OTHER_SITE),
            ("file protected", PROTECTED),
            ("file of a colleague", COLLEAGUE),
        ):
            with self.database.read() as session:
                cover = self.hand.cover(session, number)
            self.things[name] = {"segment": path_of(number), "case_file_id": cover.id}
        self.things["person"] = {"login": "m.petersen"}
        self.things["setting"] = {"key": "counter.days"}
        self.things["team"] = {"team_id": "husum-leistung"}
        self.things["handover"] = self.handover()
        self.things["misfiling"] = self.misfiling()
        self.things["move"] = self.move()
        self.things["receipt"] = self.receipt()
        self.things["reminder"] = self.reminder(self.documents["ordinary"])
        self.things["own postbox"] = {"postbox_id": "m.petersen"}
        self.things["team postbox"] = {"postbox_id": "husum-leistung"}
        self.things["clearing postbox"] = {"postbox_id": "clearing"}

    def reminder(self, document_id: str) -> dict[str, str]:
        """A document comes back to m.petersen."""
        maker, day = self.reader("m.petersen"), date(2026, 12, 24)
        made = self.services.wiedervorlagen.make(maker, document_id, day)
        return {"reminder_id": made}

    def receipt(self) -> dict[str, str]:
        """Papers that m.petersen took in at the counter."""
        counter, maker = self.services.counter_receipts, self.reader("m.petersen")
        made = counter.make(maker, MUELLER, "Müller-Lüdenscheidt", "Kontoauszüge", 3)
        line = next(one for one in counter.waiting(maker) if one.id == made)
        return {"receipt_id": made, "version": str(line.version)}

    def move(self) -> dict[str, str]:
        """The file of Schmidt goes to the other site, next year."""
        lead, moving = self.reader("a.lead"), self.services.moving_files
        for waiting in moving.form(lead, SCHMIDT).planned:
            moving.take_back(lead, waiting.id, waiting.version)
        later = self.clock.today() + timedelta(days=60)
        moving.plan(lead, MovePlan(aktenzeichen=SCHMIDT, effective=later, to_site="toenning"))
        (made,) = moving.form(lead, SCHMIDT).planned
        return {"move_id": made.id, "version": str(made.version)}

    def misfiling(self) -> dict[str, str]:
        """A report of m.petersen about a letter that belonged into another file."""
        letter = self.hand.letter("kontoauszug", MUELLER)
        made = self.services.misfiled.take_out(
            self.reader("m.petersen"),
            letter,
            self.hand.document(letter).version,
            reason="Im Brief steht ein anderer Name.",
            right=RightFile(aktenzeichen=SCHMIDT, last_name="Schmidt"),
        )
        return {"misfiling_id": made}

    def annotation(self, document_id: str) -> str:
        """A note of m.petersen on the first page."""
        return self.services.annotations.add(
            self.reader("m.petersen"), document_id, 1, AnnotationKind.NOTE, (0, 0, 1, 1), "prüfen"
        )

    def add(self, name: str, document_id: str) -> dict[str, str]:
        """Remember a document, its first page and its entry under a name."""
        with self.database.read() as session:
            page_id = _first_page(session, document_id)
        entries = self.hand.entries(document_id)
        self.documents[name] = document_id
        self.things[name] = {
            "document_id": document_id,
            "page_id": page_id,
            "number": "1",
            "entry_id": entries[0].id if entries else "",
        }
        return self.things[name]

    def _desk(self) -> None:
        """A stack to cut, an unopened envelope, a batch in check, pages reported as bad."""
        self.things["stack"] = self.stack()
        self.things["envelope"] = self.envelope()
        with self.database.write() as session:
            batch = session.scalars(select(Batch).where(Batch.state == "open")).one()
            batch.operator = "s.scan"
            for name in ("ordinary", "colleague"):
                drawn = {"reason": "sample", "drawn_at": self.clock.now()}
                page_id = self.things[name]["page_id"]
                session.add(QualityCheck(page_id=page_id, batch_id=batch.id, **drawn))
                self.things[f"drawn {name}"] = {"batch_id": batch.id, "page_id": page_id}
        for name in ("ordinary", "colleague"):
            self.things[f"reported {name}"] = self.report(self.documents[name])

    def draft(self, name: str) -> dict[str, str]:
        """A new Schlagwort in the draft of the rules, and a trial of it that waits."""
        rules, admin = self.services.rules, self.reader("x.admin")
        made = Schlagwort(id=name, title=name, function="leistung")
        rules.add_schlagwort(admin, made, [TriggerText(phrases=(name,), weight=1)])
        found = rules.proposal(admin, Origin.SCREEN)
        assert found is not None
        return {
            "origin": "screen",
            "trial_id": rules.start_trial(admin, Origin.SCREEN),
            "digest": found.digest,
            "seq": str(found.seq),
        }

    def handover(self) -> dict[str, str]:
        """All files of m.petersen to j.hansen, next year."""
        plan = Plan(
            giver="m.petersen",
            taker="j.hansen",
            function="leistung",
            effective=self.clock.today() + timedelta(days=60),
            with_protected=False,
            with_post=False,
        )
        lead = self.reader("a.lead")
        known = {one.id for one in self.services.handovers.planned(lead)}
        self.services.handovers.hand_over(lead, plan)
        fresh = [one for one in self.services.handovers.planned(lead) if one.id not in known]
        return {"handover_id": fresh[0].id, "version": str(fresh[0].version)}

    def stack(self) -> dict[str, str]:
        """A scan of two pages that waits to be cut."""
        source_id = self.hand.source(pages=2)
        with self.database.write() as session:
            session.get_one(Source, source_id).state = "waiting"
            page = select(Page.id).where(Page.source_id == source_id, Page.number == 1)
            session.add(
                CutProposal(source_id=source_id, before=2, score=0.5, reasons=[], state="proposed")
            )
            return {"source_id": source_id, "page_id": session.scalars(page).one(), "kind": "seite"}

    def envelope(self) -> dict[str, str]:
        """A letter for the staff council, as the intake leaves it."""
        source_id = self.hand.source()
        with self.database.write() as session:
            source = session.get_one(Source, source_id)
            source.state, source.reason_code = "unopened", "unopened_personalrat"
            source.reason = "Ungeöffnet weiterzugeben: für Personalrat."
        return {"source_id": source_id}

    def report(self, document_id: str) -> dict[str, str]:
        """The first page of a document, reported by who has it on the desk."""
        self.services.bad_scans.report(self.reader("m.petersen"), document_id, 1, "Rand fehlt")
        with self.database.read() as session:
            one = select(BadScan.id).where(BadScan.document_id == document_id)
            report_id = session.scalars(one).one()
            return {"report_id": report_id, "page_id": _first_page(session, document_id)}

    def _handed_in(self) -> None:
        """An upload of m.petersen, a notice of a programme, and keys of others."""
        tokens = self.services.tokens
        self.secrets = {
            "programme": tokens.create(
                "fachverfahren", "m.petersen", ("documents.create", "windows.open")
            ),
            "other programme": tokens.create("anderes", "m.petersen"),
            "revoked programme": tokens.create("altes", "m.petersen"),
        }
        tokens.revoke("altes")
        with _on_disk(b"hochgeladen") as file:
            handed = self.services.handing_in.upload(self.reader("m.petersen"), file, "brief.pdf")
        self.things["upload"] = {"source_id": handed.id}
        holder = tokens.holder(self.secrets["programme"])
        assert holder is not None
        self.things["notice"] = {"document_id": self.notice(holder, "1")}

    def notice(self, holder: Any, key: str) -> str:
        """A document that a programme handed in."""
        with _on_disk(key.encode()) as file:
            return self.services.handing_in.notice(
                holder.reader, holder, key, file, name="bescheid.pdf", facts=Facts()
            ).id

    # -- who asks -------------------------------------------------------------------------------

    def reader(self, login: str) -> Any:
        """Who ``login`` is on the day of the clock."""
        return self.services.accounts.reader(login)

    def login(self, who: str) -> str:
        """Whom the audit log names."""
        if who in PEOPLE:
            return PEOPLE[who][0]
        return "m.petersen" if who in PROGRAMMES else "unknown"

    def _session(self, login: str, day: str) -> tuple[str, str]:
        """A browser signed in on that day: its cookie and the token of its forms."""
        self.clock.set_day(day)
        token = f"{login} {day}".replace(" ", "-")
        now = self.clock.now()
        with self.database.write() as session:
            digest = hashlib.sha256(token.encode()).hexdigest()
            if session.get(UserSession, digest) is None:
                session.add(
                    UserSession(
                        token_sha256=digest,
                        login=login,
                        csrf_token=f"form-{token}",
                        created_at=now - timedelta(minutes=1),
                        seen_at=now,
                    )
                )
        return token, f"form-{token}"

    # -- asking ---------------------------------------------------------------------------------

    def ask(self, who: str, call: Call) -> Reply:
        """Send the request as ``who`` on their day."""
        self.clock.set_day(PEOPLE[who][1] if who in PEOPLE else BEFORE)
        headers = {"Accept": "text/html", "Origin": "http://testserver", **call.headers}
        form = dict(call.form)
        if who in self.sessions:
            token, form["csrf"] = self.sessions[who]
            headers["Cookie"] = f"eakte={token}"
        if who in self.secrets:
            headers["Authorization"] = f"Bearer {self.secrets[who]}"
        if who in PEOPLE:
            headers["HX-Request"] = "true"  # as the screens send it: errors come without a frame
        body = b""
        if call.method == "POST":
            headers["Content-Type"], body = _encoded(form, call.files)
        status, location, text = self.loop.run(_answer(self.app, call, headers, body))
        return Reply(status=status, location=location, text=text, traces=self._new_traces())

    def ask_unknown(self, who: str, route: str, call: Call) -> Reply:
        """What the same request about something that does not exist gets.

        Asked once a route by those to whom other doors are closed, and once for everybody else: no
        answer names who asks.
        """
        place = (route, who if who in WITH_DOORS_OF_THEIR_OWN else "")
        if place not in self._unknown:
            self._unknown[place] = self.ask(who, call)
        return self._unknown[place]

    def close(self) -> None:
        """Put everything away."""
        self.loop.close()
        self.database.close()

    def _new_traces(self) -> tuple[Trace, ...]:
        with self.database.read() as session:
            rows = session.execute(
                select(AuditRow.seq, AuditRow.actor, AuditRow.action, AuditRow.subject_id)
                .where(AuditRow.seq > self.seen)
                .order_by(AuditRow.seq)
            ).all()
        if rows:
            self.seen = rows[-1].seq
        return tuple((row.actor, row.action, row.subject_id) for row in rows)

    def forget_traces(self) -> None:
        """Look at nothing that happened until now."""
        self.seen = self._newest()

    def _newest(self) -> int:
        with self.database.read() as session:
            return session.scalar(select(func.max(AuditRow.seq))) or 0

    def has_trace(self, trace: Trace) -> bool:
        """Whether the log holds such a row."""
        actor, action, subject_id = trace
        with self.database.read() as session:
            found = select(AuditRow.seq).where(
                AuditRow.subject_id == subject_id,
                AuditRow.actor == actor,
                AuditRow.action == action,
            )
            return session.scalar(found.limit(1)) is not None

    def contents(self) -> str:
        """A hash over all that is kept, but logs, sessions, looks and when keys were used."""
        digest = hashlib.sha256()
        aside = {"audit_log", "audit_head", "user_sessions", "api_tokens", "desk_looks"}
        aside |= {"file_windows", "waiting_calls", "case_file_visits"}
        with self.database.read() as session:
            for table in Base.metadata.sorted_tables:
                if table.name not in aside:
                    rows = sorted(repr(tuple(row)) for row in session.execute(select(table)))
                    digest.update(f"{table.name}{rows}".encode())
        return digest.hexdigest()


def told_apart(reply: Reply, unknown: Reply | None) -> Answer | int:
    """Which answer it is; ``unknown`` is the one to what does not exist."""
    if reply.status == 303 and reply.location.startswith("/anmelden"):
        return Answer.SIGN_IN
    if reply.status < 400:
        return Answer.OPENS
    if reply.status == 401:
        return Answer.NO_TOKEN
    if reply.status >= 500:
        return reply.status
    same = unknown is None or (unknown.status, _main(unknown.text)) == (
        reply.status,
        _main(reply.text),
    )
    if not same:
        return Answer.TOLD
    return {404: Answer.UNKNOWN, 403: Answer.CLOSED}.get(reply.status, Answer.WRONG)


_MAIN = re.compile(r"<main.*</main>", re.DOTALL)


def _main(text: str) -> str:
    """What a page says, without the frame, which names the address it was asked under."""
    found = _MAIN.search(text)
    return found[0] if found else text


def _on_disk(content: bytes) -> IO[bytes]:
    """A file as the web process has it."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  the caller closes it
    file.write(content)
    return file


def _first_page(session: EakteSession, document_id: str) -> str:
    return (
        session.scalars(
            select(DocumentPage.page_id)
            .where(DocumentPage.document_id == document_id)
            .order_by(DocumentPage.version.desc(), DocumentPage.position)
        ).first()
        or ""
    )


def _register() -> dict[str, Any]:
    register = small_register()
    workers = {worker["login"]: worker for worker in register["caseworkers"]}
    workers["m.petersen"]["deputies"] = ["v.tretung"]
    register["caseworkers"] += [
        {"login": login, "name": login, "roles": roles, "teams": teams}
        for login, roles, teams in (
            ("n.neben", ["caseworker"], ["husum-leistung"]),
            ("e.eilig", ["caseworker"], ["toenning-leistung"]),
            ("v.tretung", ["caseworker"], []),
            ("t.scan", ["scan"], []),
            ("u.scan", ["scan"], []),
        )
    ]
    register["absences"] = [{"login": "m.petersen", "from": "2026-11-30", "to": "2026-12-07"}]
    covers = {cover["aktenzeichen"]: cover for cover in register["case_files"]}
    covers[COLLEAGUE]["excluded_logins"] = ["j.hansen", "u.scan"]
    return register


def _encoded(form: Mapping[str, str], files: Mapping[str, bytes]) -> tuple[str, bytes]:
    """A form as browsers send it: its content type and its bytes."""
    if not files:
        return "application/x-www-form-urlencoded", urlencode(form).encode()
    line, parts = b"--grenze\r\n", []
    for name, value in form.items():
        head = f'Content-Disposition: form-data; name="{name}"\r\n\r\n'
        parts.append(line + head.encode() + value.encode() + b"\r\n")
    for name, content in files.items():
        head = f'Content-Disposition: form-data; name="{name}"; filename="brief.pdf"\r\n\r\n'
        parts.append(line + head.encode() + content + b"\r\n")
    return "multipart/form-data; boundary=grenze", b"".join([*parts, b"--grenze--\r\n"])


async def _answer(
    app: Any, call: Call, headers: Mapping[str, str], sent: bytes
) -> tuple[int, str, str]:
    """Status, location and text; from a stream its first words, then the browser goes away."""
    said = asyncio.Event()
    messages: list[dict[str, Any]] = []
    body = [{"type": "http.request", "body": sent, "more_body": False}]
    path, _, query = call.path.partition("?")

    async def receive() -> dict[str, Any]:
        if body:
            return body.pop()
        await said.wait()
        return {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        messages.append(message)
        if message.get("body"):
            said.set()

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": call.method,
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "server": ("testserver", 80),
        "client": ("testclient", 1),
        "headers": [
            (b"host", b"testserver"),
            *((name.lower().encode(), value.encode()) for name, value in headers.items()),
        ],
    }
    # A bug is answered with a page and raised again for the log; here its status is the finding.
    async with asyncio.timeout(60):
        await asyncio.gather(app(scope, receive, send), return_exceptions=True)
    head, *rest = messages
    location = dict(head["headers"]).get(b"location", b"").decode()
    text = b"".join(one.get("body", b"") for one in rest).decode(errors="replace")
    return head["status"], location, text
