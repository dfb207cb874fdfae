"""A small job centre with real services on SQLite, and letters drawn and delivered at will.

No scanner, no OCR: a letter is drawn with its words known, stored, filed and delivered through
the product's own repositories, so that the screens show what they show in the product.
"""

from __future__ import annotations

import hashlib
import io
import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from classifiers.facts import FactRules, facts
from eakte.bootstrap import open_product, prepare
from eakte.domain.findings import (
    CaseFileCandidate,
    CaseFileFinding,
    Evidence,
    SchlagwortFinding,
)
from eakte.domain.ids import derived_id, new_id
from eakte.domain.pages import Box, PageText, RecognisedPage, Word, line_boxes
from eakte.domain.rights import CLEARING, system_reader
from eakte.models import Source
from eakte.repositories.case_files import CaseFiles as CaseFileRows
from eakte.repositories.codec import (
    case_finding_to_json,
    schlagwort_to_json,
)
from eakte.repositories.documents import Documents as DocumentRows
from eakte.repositories.facts import Facts as FactRows
from eakte.repositories.facts import fact_to_json
from eakte.repositories.outbox import Outbox
from eakte.repositories.sources import Sources
from eakte.services.delivery import Delivery
from eakte.services.register_file import parse_register
from eakte.services.routing import Receiver
from eakte.settings import load_settings
from tests.quick import be_quick

be_quick()
ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "ein langer Satz zum Testen"
STEP = system_reader("stage")
FILE = "12345//0001234"
OTHER = "12345//0004711"
ELSEWHERE = "12345//0009000"


def _worker(login: str, name: str, roles: list[str], teams: list[str], **more: Any) -> dict:
    return {"login": login, "name": name, "roles": roles, "teams": teams, **more}


def _person(first: str, last: str, born: str, number: str, *, applicant: bool = False) -> dict:
    return {
        "first_name": first,
        "last_name": last,
        "birth_date": born,
        "customer_number": number,
        "applicant": applicant,
    }


def _file(number: str, site: str, people: list[dict], **more: Any) -> dict:
    place = {"street": "Süderstraße 12", "postcode": "25813", "city": "Husum"}
    return {"aktenzeichen": number, "site": site, "people": people, **place, **more}


REGISTER = {
    "sites": [
        {"id": "husum", "name": "Sozialzentrum Husum", "postcodes": ["25813"]},
        {"id": "niebuell", "name": "Sozialzentrum Niebüll", "postcodes": ["25899"]},
    ],
    "teams": [
        {"id": "husum-leistung", "site": "husum", "function": "leistung", "name": "Leistung Husum"},
        {"id": "husum-fm", "site": "husum", "function": "vermittlung", "name": "Vermittlung Husum"},
        {"id": "nieb-leistung", "site": "niebuell", "function": "leistung", "name": "Leistung N."},
        {"id": "recht", "site": None, "function": "recht", "name": "Rechtsstelle"},
        {"id": "scan", "site": None, "function": "scan", "name": "Scanstelle"},
    ],
    "caseworkers": [
        _worker(
            "m.petersen",
            "Maike Petersen",
            ["caseworker"],
            ["husum-leistung"],
            deputies=["j.hansen"],
            surname_ranges=[{"function": "leistung", "from": "A", "to": "Zz"}],
        ),
        _worker("j.hansen", "Jörn Hansen", ["caseworker"], ["husum-leistung"]),
        _worker("k.thomsen", "Karen Thomsen", ["caseworker"], ["husum-fm"]),
        _worker("n.jessen", "Nis Jessen", ["caseworker"], ["nieb-leistung"]),
        _worker("t.lead", "Telse Lorenzen", ["team_lead"], ["husum-leistung"]),
        _worker("r.recht", "Renate Claussen", ["legal"], ["recht"]),
        _worker("s.scan", "Sönke Brodersen", ["scan"], ["scan"]),
        _worker("a.admin", "Anke Matthiesen", ["administrator"], []),
    ],
    "case_files": [
        _file(
            FILE,
            "husum",
            [
                _person(
                    "Jörg", "Müller-Lüdenscheidt", "1984-03-07", applicant=True, number="123A456789"
                ),
                _person("Ayşe", "Müller-Lüdenscheidt", "1987-11-30", "123A456790"),
                _person("Momme", "Müller-Lüdenscheidt", "2015-05-02", "123A456791"),
            ],
            responsible={"leistung": "m.petersen", "vermittlung": "k.thomsen"},
            former_numbers=["12345//0000077"],
        ),
        _file(
            OTHER,
            "husum",
            [
                _person(
                    "Frauke", "Petersen-Ahlmann", "1991-01-15", applicant=True, number="123A400001"
                )
            ],
            responsible={"leistung": "m.petersen"},
        ),
        _file(
            ELSEWHERE,
            "niebuell",
            [_person("Boy", "Christiansen", "1970-06-21", "123A900000", applicant=True)],
            responsible={"leistung": "n.jessen"},
        ),
    ],
}

LETTER = """Jörg Müller-Lüdenscheidt
Süderstraße 12
25813 Husum

Jobcenter Kreis Nordfriesland
Husum, 18.11.2026

BG-Nummer 12345//0001234

Widerspruch gegen den Bescheid vom 02.11.2026

Sehr geehrte Damen und Herren,

hiermit lege ich Widerspruch ein gegen den oben genannten Bescheid.
Die Heizkosten für meine Wohnung wurden nicht in voller Höhe anerkannt.
Die Nachzahlung aus der Abrechnung der Stadtwerke beträgt 412,60 Euro.
Nach § 22 SGB II sind die tatsächlichen Kosten zu übernehmen.
Bitte antworten Sie bis zum 04.12.2026.

Mit freundlichen Grüßen
Jörg Müller-Lüdenscheidt"""


class Noon:
    """A clock that moves one second a question, from a fixed day."""

    def __init__(self) -> None:
        self._ticks = count()
        self.start = datetime(2026, 11, 20, 11, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.start.timestamp() + next(self._ticks), tz=UTC)

    def today(self) -> date:
        return self.start.date()


@lru_cache(maxsize=32)
def drawn(text: str) -> tuple[bytes, bytes, tuple[Word, ...]]:
    """A page with ``text``: preview, thumbnail and its words with their boxes."""
    width, height = 1240, 1754
    image = Image.new("L", (width, height), 250)
    pen = ImageDraw.Draw(image)
    font = ImageFont.truetype("LiberationSans-Regular.ttf", 25)
    words = []
    for number, line in enumerate(text.splitlines()):
        x, y = 150.0, 170 + number * 44
        for part in line.split():
            length = font.getlength(part)
            pen.text((x, y), part, font=font, fill=30)
            box = Box(x / width, (y + 2) / height, (x + length) / width, (y + 28) / height)
            words.append(Word(text=part, box=box, line=number))
            x += length + font.getlength(" ")
    preview, thumbnail = io.BytesIO(), io.BytesIO()
    image.save(preview, "jpeg", quality=60)
    image.resize((160, 226)).save(thumbnail, "jpeg", quality=60)
    return preview.getvalue(), thumbnail.getvalue(), tuple(words)


def evidence(words: tuple[Word, ...], phrase: str, rule: str) -> Evidence:
    """The words of ``phrase`` where they stand on the first page."""
    parts = phrase.split()
    for at in range(len(words)):
        if [word.text for word in words[at : at + len(parts)]] == parts:
            return Evidence(
                rule=rule, page=1, words=phrase, boxes=line_boxes(words[at : at + len(parts)])
            )
    raise AssertionError(phrase)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A letter that was put on the stage."""

    document_id: str
    postbox: str


def peopled(home: Path) -> Path:
    """A data folder in which everybody is known and has a password; made once, to be copied."""
    if not home.is_dir():
        made = home.with_name(f"{home.name}-half")
        settings = load_settings(made, ROOT / "config")
        prepare(settings)
        product = open_product(settings)
        product.database.clock = Noon()
        product.services.register.run(STEP, parse_register(REGISTER))
        logins = [worker["login"] for worker in REGISTER["caseworkers"]]
        product.services.accounts.set_passwords(logins, PASSWORD)
        product.database.close()
        made.rename(home)
    return home


class Stage:
    """The services, and a hand that delivers letters."""

    def index_all(self) -> None:
        """Bring the search up to date."""
        self.indexer.drain()

    def __init__(self, folder: Path) -> None:
        shutil.copytree(peopled(folder.parent / "peopled"), folder, dirs_exist_ok=True)
        product = open_product(load_settings(folder, ROOT / "config"))
        self.clock = Noon()
        self.product, self.database = product, product.database
        self.database.clock = self.clock
        self.store, self.indexer = product.store, product.indexer
        self.services, self.schlagworte = product.services, product.catalogue.schlagworte

    def close(self) -> None:
        """Put the connections away."""
        self.database.close()

    def deliver(
        self,
        text: str = LETTER,
        *,
        schlagwort: str = "widerspruch",
        file: str | None = FILE,
        postbox: str | None = None,
        pages: int = 1,
        copies: tuple[str, ...] = (),
        candidates: tuple[str, ...] = (),
        contradictions: tuple[str, ...] = ("Das Geburtsdatum im Brief passt nicht.",),
        phrase: str = "lege ich Widerspruch ein",
    ) -> Delivered:
        """A letter arrives and lies in ``postbox`` (else where the routing rule puts it)."""
        source_id = self.receive(f"scan-{new_id()[-6:]}.pdf", pages=pages)
        now = self.clock.now()
        preview, thumbnail, words = drawn(text)
        with self.database.write() as session:
            sources, documents = Sources(session), DocumentRows(session)
            for number in range(1, pages + 1):
                sources.add_page(
                    STEP,
                    source_id,
                    RecognisedPage(
                        number=number,
                        text=PageText(words=words),
                        dpi=200,
                        turn=0,
                        preview=preview,
                        thumbnail=thumbnail,
                    ),
                    self.store.put(preview),
                    self.store.put(thumbnail),
                )
            source = sources.get(STEP, source_id)
            assert source is not None
            source.state, source.changed_at = "cut", now
            source.archive_sha256 = self.store.put(b"%PDF-1.7 not a real one")
            document = documents.cut(STEP, source, sources.pages(STEP, source_id), now)
            document.schlagwort, document.score = schlagwort, 0.93
            documents.set_schlagworte(document, [(schlagwort, (1,))], "rules")
            self._find(
                documents,
                document,
                words=words,
                phrase=phrase,
                file=file,
                candidates=candidates,
                contradictions=contradictions,
            )
            cover, people = None, []
            if file is not None:
                found = CaseFileRows(session).by_number(STEP, file)
                cover = found[0]
                people = [CaseFileRows(session).people(STEP, [cover.id])[cover.id][0][0].id]
            delivery = Delivery(
                session, self.schlagworte, "clearing", today=self.clock.today(), now=now
            )
            delivery.file_into(STEP, document, cover, people)
            main, others = delivery.receivers(STEP, document, cover, people)
            if postbox is not None:
                main = Receiver(
                    postbox=postbox, login=None if postbox == CLEARING else postbox, rule="hand"
                )
                others = tuple(Receiver(postbox=one, login=one, rule="hand") for one in copies)
            if postbox == CLEARING:
                document.clearing_reason = "Der Name passt, die Nummer fehlt."
            delivery.deliver(STEP, document, main, others, round_key="first")
            Outbox(session).put([document.id], now)
            return Delivered(document_id=document.id, postbox=main.postbox)

    def receive(self, name: str, *, pages: int | None = None, reason: str | None = None) -> str:
        """A file arrives; with a ``reason`` it is in quarantine."""
        now = self.clock.now()
        source_id = new_id()
        with self.database.write() as session:
            sources = Sources(session)
            batch = sources.batch(STEP, "scanner", "stapel", self.clock.today(), now)
            sources.add(
                Source(
                    id=source_id,
                    arrival_key=derived_id(source_id),
                    batch_id=batch,
                    channel="scanner",
                    name=name,
                    sha256=hashlib.sha256(source_id.encode()).hexdigest(),
                    size=1000,
                    arrived_at=now,
                    received_here=self.clock.today(),
                    state="quarantined" if reason else "received",
                    changed_at=now,
                    page_count=pages,
                    reason_code="damaged" if reason else None,
                    reason=reason,
                )
            )
        return source_id

    def unopened(self) -> str:
        """An envelope for the staff council, as the intake leaves it; returns its source."""
        source_id = self.receive("umschlag.pdf", pages=1)
        preview, thumbnail, _ = drawn("An den Personalrat\n\nMarktstraße 6\n25813 Husum")
        page = RecognisedPage(
            number=1,
            text=PageText(words=()),
            dpi=200,
            turn=0,
            preview=preview,
            thumbnail=thumbnail,
        )
        with self.database.write() as session:
            sources = Sources(session)
            stored = self.store.put(preview), self.store.put(thumbnail)
            sources.add_page(STEP, source_id, page, *stored)
            source = sources.get(STEP, source_id)
            assert source is not None
            source.state, source.changed_at = "unopened", self.clock.now()
            source.reason_code = "unopened_personalrat"
            source.reason = "Ungeöffnet weiterzugeben: für Personalrat."
        return source_id

    def _find(
        self,
        documents: DocumentRows,
        document: Any,
        *,
        words: tuple[Word, ...],
        phrase: str,
        file: str | None,
        candidates: tuple[str, ...],
        contradictions: tuple[str, ...],
    ) -> None:
        now = self.clock.now()
        why = (evidence(words, phrase, f"{document.schlagwort}.1"),)
        findings = [
            SchlagwortFinding(schlagwort=document.schlagwort, score=0.93, pages=(1,), evidence=why),
            SchlagwortFinding(
                schlagwort="nebenkosten",
                score=0.41,
                pages=(1,),
                evidence=(evidence(words, words[-1].text, "wohnen.nebenkosten.2"),),
            ),
        ]
        documents.keep_findings(
            document,
            "schlagwort",
            [(f.schlagwort, f.score, schlagwort_to_json(f)) for f in findings],
            now,
        )
        said = facts((PageText(words=words),), FactRules(), received=document.received_here)
        FactRows(documents.session).keep(document, [fact_to_json(one) for one in said], now)
        fits = tuple(
            CaseFileCandidate(
                case_file_id=derived_id(number),
                aktenzeichen=number,
                score=0.6,
                facts=frozenset({"name"}),
                evidence=why,
                contradictions=contradictions,
            )
            for number in candidates
        )
        chosen = None
        if file is not None:
            chosen = CaseFileCandidate(
                case_file_id=derived_id(file),
                aktenzeichen=file,
                score=0.99,
                facts=frozenset({"number", "name"}),
                evidence=why,
            )
        found = CaseFileFinding(chosen=chosen, candidates=fits, reason="")
        documents.keep_findings(
            document, "case_file", [(file or "", 1.0, case_finding_to_json(found))], now
        )
