"""Eight years of post for a district: who got which letter, where it stands, what is still open."""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from bulk import Bulk, Row, open_bulk
from sqlalchemy import select, update

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "viewer"))

from make_document import DISTINCT, HEIGHT, WIDTH, draw_sheet
from PIL import Image

from eakte.bootstrap import Product
from eakte.domain.pages import Box, Word
from eakte.models import (
    AuditHead,
    CaseFile,
    Membership,
    Responsibility,
    TeamMember,
)
from eakte.repositories.codec import pack_words

CHUNK = 20_000
YEARS = 8
LARGE_AT, LARGE_FILES, LARGE = 7, 20, 2_000
OPEN = (20, 80)
WITH_WORDS = 50
CLEARING_OPEN = 60
COPIES = 0.15
PERIODS = 0.12
PAGES = (1,) * 9 + (2,) * 6 + (3,) * 3 + (4,) * 2
PLACES = ("leistung",) * 62 + ("vermittlung",) * 27 + ("recht",) * 6 + ("medizin",) * 5

COLUMNS = {
    "batches": "id channel name received_here opened_at state version",
    "sources": "id arrival_key batch_id channel name sha256 size arrived_at received_here state "
    "changed_at page_count archive_sha256",
    "pages": "id source_id number width_mm height_mm dpi turn text_source confidence word_count "
    "media_type preview_sha256 thumbnail_sha256",
    "page_words": "page_id words",
    "documents": "id source_id state created_at received_here schlagwort score filed_at filed_by "
    "clearing_reason pages_version version",
    "document_versions": "document_id number made_at made_by",
    "document_pages": "document_id version position page_id turn removed",
    "document_people": "document_id person_id",
    "document_schlagworte": "document_id schlagwort position pages given_by",
    "filings": "id document_id case_file_id sub_file person_id filed_at",
    "relevant_functions": "document_id function",
    "findings": "id document_id kind rank value score payload found_at pages_version",
    "postbox_entries": "id document_id postbox login team_id copy urgent sent_by note arrived_at "
    "done_at done_by done_how version",
    "wiedervorlagen": "id document_id login team_id due note made_by made_at done_at version",
    "audit_log": "seq at actor action subject_type subject_id details mac",
}
"""Parents before children."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A case file as post finds it: its people, and who answers for it."""

    id: str
    people: tuple[str, ...]
    leistung: str
    vermittlung: str


class History:
    """Makes the rows; the register and the pictures are taken from ``product`` before."""

    def __init__(self, product: Product, documents: int) -> None:
        self.rng = Random(f"history:{documents}")
        self.documents = documents
        # Without its zone: what is written is UTC, and arithmetic is faster.
        self.now = datetime.combine(product.database.clock.today(), time(7))
        self.words = product.catalogue.schlagworte
        self.by_place = defaultdict(list)
        for one in self.words.values():
            self.by_place[one.subfile or ""].append(one.id)
        with product.database.read() as session:
            answers: dict[str, dict[str, str]] = defaultdict(dict)
            for row in session.scalars(select(Responsibility)):
                answers[row.case_file_id][row.function] = row.login
            people: dict[str, list[str]] = defaultdict(list)
            for member in session.scalars(select(Membership).order_by(Membership.position)):
                people[member.case_file_id].append(member.person_id)
            self.files = [
                Place(id=_hex(one), people=tuple(map(_hex, people[one])), **answers[one])
                for one in session.scalars(select(CaseFile.id).order_by(CaseFile.aktenzeichen))
            ]
            self.team = {row.login: row.team_id for row in session.scalars(select(TeamMember))}
            self.seq = session.scalars(select(AuditHead)).one().seq
        self.pictures, self.blobs, self.word_count = _pictures(product)
        with product.database.write() as session:
            session.execute(update(AuditHead).values(seq=self.seq + 2 * documents))

    def write(self, url: str) -> None:
        """Everything into the database at ``url``."""
        bulk = open_bulk(url)
        rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        owners, left = self._owners(), self._open()
        days = YEARS * 365
        batches: dict[int, str] = {}
        for back in range(self.documents):
            # Newest first, so that what is still open are the newest letters.
            age = back * days // self.documents
            if age not in batches:
                batches[age] = self._batch(rows, age)
            self._document(rows, back, batches[age], age, owners[back], left)
            if len(rows["documents"]) >= CHUNK:
                self._flush(bulk, rows)
        self._flush(bulk, rows)
        bulk.close()

    def _flush(self, bulk: Bulk, rows: dict[str, list[Row]]) -> None:
        for table, columns in COLUMNS.items():
            found = rows[table]
            found.sort(key=lambda row: row[:3])  # neighbours in the B-tree
            bulk.put(table, columns.split(), found)
            found.clear()

    def _owners(self) -> list[Place]:
        """Whose each document is: some files are large, most are small."""
        weights = [math.exp(self.rng.gauss(0, 0.8)) for _ in self.files]
        large = min(LARGE, self.documents // 50)
        owners = [
            place for place in self.files[LARGE_AT : LARGE_AT + LARGE_FILES] for _ in range(large)
        ]
        owners += self.rng.choices(self.files, weights, k=self.documents - len(owners))
        self.rng.shuffle(owners)
        return owners

    def _open(self) -> dict[str, int]:
        """How many letters still lie in each postbox."""
        boxes = sorted({*self.team, *self.team.values()})
        return {box: self.rng.randint(*OPEN) for box in boxes} | {"clearing": CLEARING_OPEN}

    def _id(self) -> str:
        return f"{self.rng.getrandbits(128):032x}"

    def _batch(self, rows: dict[str, list[Row]], age: int) -> str:
        day = self.now - timedelta(days=age)
        batch = self._id()
        rows["batches"].append(
            (batch, "scanner", f"stapel-{age}", _day(day), _instant(day), "checked", 1)
        )
        return batch

    def _document(  # noqa: PLR0917  one letter with all that belongs to it
        self,
        rows: dict[str, list[Row]],
        back: int,
        batch: str,
        age: int,
        place: Place,
        left: dict[str, int],
    ) -> None:
        rng = self.rng
        at = self.now - timedelta(days=age, minutes=rng.randrange(600))
        source, document = self._id(), self._id()
        function = rng.choice(PLACES)
        word = rng.choice(self.by_place[function])
        known = self.words[word]
        person = rng.choice(place.people)
        if left["clearing"] and rng.random() < 0.2:
            waits, box = "clearing", "clearing"
            left["clearing"] -= 1
        else:
            box = self._box(place, function)
            waits = "delivered" if left.get(box) else "filed"
            left[box] = max(0, left.get(box, 0) - 1)
        done = None if waits != "filed" else at + timedelta(hours=rng.randrange(4, 90))
        by = box if box in self.team else place.leistung
        rows["sources"].append(
            (
                *(source, source, batch, "scanner", f"scan-{back}.pdf", source * 2, 80_000),
                *(_instant(at), _day(at), "cut", _instant(at), 1, self.pictures[0][0]),
            )
        )
        rows["documents"].append(
            (
                *(document, source, waits, _instant(at), _day(at), word, 0.93),
                *(_instant(done), by if done else None),
                *("Der Name passt, die Nummer fehlt." if waits == "clearing" else None, 1, 1),
            )
        )
        self._pages(rows, source, document, at, words=not done or back % WITH_WORDS == 0)
        if waits != "clearing":
            rows["filings"].append(
                (self._id(), document, place.id, known.subfile, person, _instant(at))
            )
            rows["document_people"].append((document, person))
        rows["relevant_functions"] += [(document, one) for one in sorted(set(known.copies))]
        rows["document_schlagworte"].append((document, word, 0, "[1]", "rules"))
        self._findings(rows, document, word, at, period=rng.random() < PERIODS)
        self._entries(rows, document, (box, by), (at, done), urgent=known.urgent)
        if known.copies and rng.random() < COPIES:
            self._entries(rows, document, (place.vermittlung,) * 2, (at, done), copy=True)
        self._wiedervorlage(rows, document, by, at)
        self._trail(rows, back, document, by, at)

    def _box(self, place: Place, function: str) -> str:
        if function == "recht":
            return "zentral-recht"
        login = place.vermittlung if function == "vermittlung" else place.leistung
        return self.team[login] if self.rng.random() < 0.03 else login

    def _pages(
        self, rows: dict[str, list[Row]], source: str, document: str, at: datetime, *, words: bool
    ) -> None:
        rows["document_versions"].append((document, 1, _instant(at), "system:intake"))
        count = self.rng.choice(PAGES)
        for number in range(1, count + 1):
            page, sheet = self._id(), self.rng.randrange(DISTINCT)
            preview, thumbnail = self.pictures[sheet]
            rows["pages"].append(
                (
                    *(page, source, number, 210.0, 297.0, 200, 0, "ocr", 0.94),
                    *(self.word_count[sheet], "image/jpeg", preview, thumbnail),
                )
            )
            rows["document_pages"].append((document, 1, number, page, 0, 0))
            if words:
                rows["page_words"].append((page, self.blobs[sheet]))

    def _findings(
        self, rows: dict[str, list[Row]], document: str, word: str, at: datetime, *, period: bool
    ) -> None:
        said = [
            ("schlagwort", word, _schlagwort(word)),
            ("case_file", "", '{"chosen": null, "candidates": [], "reason": ""}'),
        ]
        if period:
            end = _day(at + timedelta(days=self.rng.randrange(14, 180)))
            period_said = {
                "rule": "§ 88 SGG",
                "starts": _day(at),
                "ends": end,
                "reason": "Frist von sechs Monaten",
            }
            said.append(("deadline", end, json.dumps(period_said, ensure_ascii=False)))
        for kind, value, payload in said:
            rows["findings"].append(
                (*(self._id(), document, kind, 0, value, 0.93, payload, _instant(at), 1),)
            )

    def _entries(
        self,
        rows: dict[str, list[Row]],
        document: str,
        where: tuple[str, str],
        when: tuple[datetime, datetime | None],
        *,
        urgent: bool = False,
        copy: bool = False,
    ) -> None:
        (box, by), (at, done) = where, when
        login = box if box in self.team else None
        team = box if login is None and box != "clearing" else None
        how = ("seen" if copy else "filed") if done else None
        rows["postbox_entries"].append(
            (
                *(self._id(), document, box, login, team, int(copy), int(urgent)),
                *("system:intake", "", _instant(at), _instant(done), by if done else None, how, 1),
            )
        )

    def _wiedervorlage(
        self, rows: dict[str, list[Row]], document: str, login: str, at: datetime
    ) -> None:
        if self.rng.random() > 0.03:
            return
        due = at + timedelta(days=self.rng.randrange(7, 90))
        done = _instant(due) if due < self.now - timedelta(days=2) else None
        rows["wiedervorlagen"].append(
            (self._id(), document, login, None, _day(due), "", login, _instant(at), done, 1)
        )

    def _trail(
        self, rows: dict[str, list[Row]], back: int, document: str, by: str, at: datetime
    ) -> None:
        subject = f"{document[:8]}-{document[8:12]}-{document[12:16]}-{document[16:20]}-"
        subject += document[20:]
        seq = self.seq + 2 * (self.documents - back) - 1
        for step, (actor, action) in enumerate(
            (("system:intake", "document.deliver"), (by, "document.open"))
        ):
            rows["audit_log"].append(
                (seq + step, _instant(at), actor, action, "document", subject, "{}", "0" * 64)
            )


def _pictures(product: Product) -> tuple[list[tuple[str, str]], list[bytes], list[int]]:
    """Twenty sheets in the store (preview, thumbnail), and their words packed and counted."""
    stored, blobs, counts = [], [], []
    for sheet in range(DISTINCT):
        image, found = draw_sheet(sheet)
        preview = image.resize((1240, round(1240 * HEIGHT / WIDTH)), Image.Resampling.LANCZOS)
        stored.append(
            tuple(
                product.store.put(_jpeg(one, quality))
                for one, quality in ((preview, 60), (image.resize((160, 226)), 60))
            )
        )
        words = tuple(_word(one) for one in found)
        blobs.append(pack_words(words))
        counts.append(len(words))
    return stored, blobs, counts  # type: ignore[return-value]


def _jpeg(image: Image.Image, quality: int) -> bytes:
    held = BytesIO()
    image.save(held, "jpeg", quality=quality)
    return held.getvalue()


def _word(found: Sequence[Any]) -> Word:
    text, x0, y0, x1, y1, line = found
    return Word(text=text, box=Box(x0, y0, x1, y1), line=line)


@cache
def _schlagwort(word: str) -> str:
    """What the rules found, with its evidence, as it is kept."""
    evidence = {
        "rule": f"{word}.1",
        "page": 1,
        "words": "lege ich Widerspruch ein",
        "boxes": [[0.12, 0.41, 0.55, 0.43]],
    }
    found = {"schlagwort": word, "score": 0.93, "pages": [1], "evidence": [evidence]}
    return json.dumps(found, ensure_ascii=False)


def _hex(value: str) -> str:
    return value.replace("-", "")


def _day(at: datetime) -> str:
    return at.date().isoformat()


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat(" ", "microseconds")
