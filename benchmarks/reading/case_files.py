"""Whose letter is it: found, at the clearing desk, or wrong, against a register of 40,000 files.

    python benchmarks/reading/case_files.py                  10,000 letters from learnt misreadings
    python benchmarks/reading/case_files.py --letters 2000
    python benchmarks/reading/case_files.py --read 400       letters that the OCR engine really read

The first run sets and reads what is not stored yet (about 1.3 CPU seconds a scanned page, 0.05 a
set one); later ones take a few minutes.  Every letter goes through the product's own classifier,
match and routing rule on SQLite.  ``--wrong`` prints each wrong file with its facts.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import pickle
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import confusions
import post
import register as large
import stored
from rapidfuzz import fuzz

from classifiers.case_match import CaseFileMatcher
from classifiers.catalogue import load_catalogue
from classifiers.keywords import KeywordClassifier
from eakte.demo import places
from eakte.demo.records import RegisterRecord
from eakte.domain.findings import CaseFileFinding
from eakte.domain.pages import PageText
from eakte.domain.rights import system_reader
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.migrations import upgrade
from eakte.repositories.audit import AuditTrail
from eakte.repositories.case_files import CaseFiles
from eakte.repositories.database import Database, EakteSession, make_engine
from eakte.repositories.organisation import Organisation
from eakte.repositories.register import SqlRegister
from eakte.services.register import RegisterImport
from eakte.services.register_file import parse_register
from eakte.services.routing import Router

TODAY = date(2026, 11, 20)
LEARNT_FROM = 2
"""Seed of the letters that were really read; the long run has another."""
LONG_RUN = 7
READ = 400
THRESHOLD = 0.6
PATTERN = AktenzeichenPattern()
OWN = [(site.street, site.seat[0]) for site in places.SITES]
STEP = system_reader("benchmark")
_CHUNK = 500
_READABLE = 75
"""So many of a hundred signs of a fact must be there in their order."""
_REACH = {"number": 0.99, "birth_date": 0.97, "address": 0.95}
_WHERE_FOUND = {
    "number": ("number", "landlord_number"),
    "customer_number": ("customer_number",),
    "birth_date": ("birth_date",),
    "address": ("address", "landlord_address"),
}

Letter = tuple[post.Sent, tuple[PageText, ...]]


class Fixed:
    """A clock that stands still."""

    def now(self) -> datetime:
        return datetime(2026, 11, 20, 9, tzinfo=UTC)

    def today(self) -> date:
        return TODAY


@dataclass(slots=True)
class Tally:
    """What became of the letters."""

    letters: int = 0
    pages: int = 0
    cpu: float = 0.0
    slowest: list[float] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[post.Sent, CaseFileFinding]] = field(default_factory=list)
    lost: list[tuple[post.Sent, CaseFileFinding]] = field(default_factory=list)
    routable: int = 0
    routed: int = 0
    misrouted_unique: int = 0
    others: int = 0
    misrouted_others: int = 0
    filed: Counter[str] = field(default_factory=Counter)
    by_manner: Counter[str] = field(default_factory=Counter)

    def count(
        self,
        sent: post.Sent,
        pages: tuple[PageText, ...],
        finding: CaseFileFinding,
        postbox: str | None,
    ) -> None:
        """One letter: ``postbox`` None where it waits at the clearing desk."""
        self.letters += 1
        self.by_manner[sent.manner] += 1
        chosen = finding.chosen
        if chosen is not None:
            self.filed[sent.manner] += 1
            if chosen.aktenzeichen not in sent.right:
                self.wrong.append((sent, finding))
        if sent.unique and not readable(sent, pages):
            self.unreadable[sent.manner] += 1
        elif sent.unique:
            self.asked[sent.manner] += 1
            if chosen is not None and chosen.aktenzeichen in sent.right:
                self.found[sent.manner] += 1
            elif chosen is None:
                self.lost.append((sent, finding))
        right = postbox is not None and postbox in sent.postboxes
        if sent.unique and sent.letter.truth.schlagwort != "sonstiges":
            self.routable += 1
            self.routed += right
            self.misrouted_unique += postbox is not None and not right
        else:
            self.others += 1
            self.misrouted_others += postbox is not None and not (
                chosen is not None and chosen.aktenzeichen in sent.right
            )


def readable(sent: post.Sent, pages: tuple[PageText, ...]) -> bool:
    """Whether what identifies the letter is on the pages as they were read, more or less.

    The stamp of receipt is often put right over the numbers: what is under it identifies nobody.
    """
    text = "".join(word.text for page in pages for word in page.words).lower()
    truth = sent.letter.truth
    asked = [truth.spelled.split()[0], truth.spelled.split()[-1]]
    if truth.written:
        asked = [truth.written.replace(" ", "")]
    elif "birth_date" in truth.facts:
        asked += [f"{date.fromisoformat(truth.birth_date):%d.%m.%Y}"]
    return all(fuzz.partial_ratio(one.lower(), text) >= _READABLE for one in asked)


class Reading:
    """Classifier, match and routing rule as the worker runs them, on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.classifier = KeywordClassifier(load_catalogue(Path("config/schlagworte")))
        self.schlagworte = load_catalogue(Path("config/schlagworte")).schlagworte

    def read(
        self, session: EakteSession, pages: tuple[PageText, ...]
    ) -> tuple[CaseFileFinding, str | None]:
        """Case file and postbox of one letter."""
        first = self.classifier.classify(pages)[0]
        matcher = CaseFileMatcher(SqlRegister(session, STEP, PATTERN), PATTERN, OWN)
        finding = matcher.match(pages)
        sure = first.score >= THRESHOLD or first.schlagwort == "sonstiges"
        if finding.chosen is None or not sure:
            return finding, None
        case_files = CaseFiles(session)
        cover = case_files.get(STEP, finding.chosen.case_file_id)
        if cover is None:
            return finding, None
        router = Router(Organisation(session), case_files, "leitung", TODAY)
        schlagwort = self.schlagworte[first.schlagwort]
        main, _ = router.route(
            STEP, cover, finding.chosen.person_ids, schlagwort.function, schlagwort.copies
        )
        return finding, main.postbox


def run(letters: Iterable[Letter], database: Database) -> Tally:
    """Read every letter and count."""
    tally = Tally()
    reading = Reading(database)
    with database.read() as session:
        for number, (sent, pages) in enumerate(letters):
            before = time.process_time()
            finding, postbox = reading.read(session, pages)
            spent = time.process_time() - before
            if number >= 50:  # the first ones warm the caches
                tally.cpu += spent
                tally.pages += len(pages)
                tally.slowest.append(spent / len(pages))
            tally.count(sent, pages, finding, postbox)
            session.expunge_all()
    return tally


def open_register() -> tuple[Database, RegisterRecord]:
    """The large register in a database of its own, kept for later runs."""
    content = large.large_register(TODAY)
    code = "".join(path.read_text() for path in _product("eakte/models", "eakte/migrations"))
    code += "".join(path.read_text() for path in _product("eakte/repositories", "eakte/language"))
    key = hashlib.sha256((json.dumps(content, sort_keys=True) + code).encode()).hexdigest()[:20]
    path = stored.folder() / f"register-{key}.db"
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(f"sqlite:///{path}")
    database = Database(engine, AuditTrail(b"k" * 32, Fixed()), Fixed())
    done = path.with_suffix(".done")
    if not done.exists():
        for old in path.parent.glob("register-*"):
            if old.name.split(".")[0] != path.stem:
                old.unlink()
        upgrade(engine)
        with database.write() as session:
            database.trail.found(session)
        RegisterImport(database, PATTERN).run(system_reader("operator"), parse_register(content))
        done.touch()
    return database, content


def _product(*folders: str) -> Iterator[Path]:
    for name in folders:
        yield from sorted(Path(name).rglob("*.py"))


def set_letters(register: RegisterRecord, seed: int, count: int) -> Iterator[Letter]:
    """Letters as they were set, stored in parts under the code that made them."""
    here = Path(__file__).parent
    code = [here / name for name in ("names.py", "register.py", "post.py")]
    code += sorted(Path("eakte/demo").rglob("*.py"))
    key = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:16]
    office = post.PostOffice(register, TODAY, seed)
    for start in range(0, count, _CHUNK):
        path = stored.folder() / "set" / f"{key}-{seed}-{start}.pickle"
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            made = []
            for index in range(start, start + _CHUNK):
                sent = office.sent(index)
                pages = stored.clean(sent.letter)
                made.append((replace(sent, letter=replace(sent.letter, pdf=b"")), pages))
            part = path.with_suffix(".part")
            part.write_bytes(pickle.dumps(made))
            part.replace(path)
        chunk: list[Letter] = pickle.loads(path.read_bytes())  # noqa: S301  our own file
        yield from chunk[: count - start]


def read_letters(register: RegisterRecord, count: int) -> Iterator[Letter]:
    """Letters that the OCR engine really read."""
    office = post.PostOffice(register, TODAY, LEARNT_FROM)
    for index in range(count):
        sent = office.sent(index)
        yield sent, stored.scanned(sent.letter)


def learnt(register: RegisterRecord, count: int) -> confusions.Confusions:
    """The engine's misreadings on ``count`` letters."""
    office = post.PostOffice(register, TODAY, LEARNT_FROM)
    pairs: list[tuple[PageText, PageText]] = []
    for index in range(count):
        letter = office.sent(index).letter
        read = stored.scanned(letter)
        true = stored.clean(letter)
        if len(true) == len(read) and read[0].source.value == "ocr":
            pairs.extend(zip(true, read, strict=True))
    return confusions.learn(pairs)


def spoiled_letters(
    register: RegisterRecord, count: int, model: confusions.Confusions
) -> Iterator[Letter]:
    """The long run: letters spoiled as the engine misreads."""
    for index, (sent, pages) in enumerate(set_letters(register, LONG_RUN, count)):
        yield sent, model.spoiled(pages, Random(f"spoil:{LONG_RUN}:{index}"))


def table(tally: Tally) -> str:
    """What is printed, as Markdown."""
    rows = ["| what | letters | figure | reach |", "|---|---|---|---|"]
    for name, manners in _WHERE_FOUND.items():
        asked = sum(tally.asked[one] for one in manners)
        found = sum(tally.found[one] for one in manners)
        reach = f"≥ {_REACH[name]:.0%}" if name in _REACH else ""
        rows.append(f"| case file found: {name} | {asked} | {_share(found, asked)} | {reach} |")
    for what, letters, figure, reach in (
        ("– not counted: that fact is unreadable", tally.unreadable.total(), "", ""),
        ("**wrong case file**", tally.letters, str(len(tally.wrong)), "0"),
        ("right postbox, unique facts", tally.routable, _share(tally.routed, tally.routable),
         "≥ 93 %"),
        ("– of these in a wrong postbox", tally.routable,
         _share(tally.misrouted_unique, tally.routable), ""),
        ("elsewhere in a wrong postbox", tally.others,
         _share(tally.misrouted_others, tally.others), "≤ 1 %"),
        ("CPU ms a page, all of it (pages)", tally.pages,
         f"{1000 * tally.cpu / max(tally.pages, 1):.1f}", "≤ 15"),
    ):  # fmt: skip
        rows.append(f"| {what} | {letters} | {figure} | {reach} |")
    return "\n".join(rows)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "–"


def measure(letters: int, *, read: int = READ) -> tuple[Tally, Tally]:
    """The long run of ``letters``, and the ``read`` ones that were really read."""
    database, content = open_register()
    real = run(read_letters(content, read), database)
    long = run(spoiled_letters(content, letters, learnt(content, read)), database)
    return long, real


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--read", type=int, default=READ, help="letters that are really read")
    parser.add_argument("--only-read", action="store_true", help="without the long run")
    parser.add_argument("--clean", action="store_true", help="the long run as it was set")
    parser.add_argument("--wrong", action="store_true", help="print each wrong file")
    parser.add_argument("--lost", type=int, default=0, help="print so many that were not found")
    asked = parser.parse_args()
    database, content = open_register()
    if asked.only_read:
        letters = read_letters(content, asked.read)
    elif asked.clean:
        letters = set_letters(content, LONG_RUN, asked.letters)
    else:
        letters = spoiled_letters(content, asked.letters, learnt(content, asked.read))
    tally = run(letters, database)
    print(table(tally))
    tally.slowest.sort()
    print(
        f"slowest page of a hundred: {1000 * tally.slowest[-len(tally.slowest) // 100 - 1]:.1f} ms"
    )
    print("by manner, filed of all:", {m: (tally.filed[m], n) for m, n in tally.by_manner.items()})
    for sent, finding in tally.wrong if asked.wrong else []:
        print("WRONG", *_told(sent, finding))
    for sent, finding in tally.lost[: asked.lost]:
        print("LOST", *_told(sent, finding))


def _told(sent: post.Sent, finding: CaseFileFinding) -> Iterator[object]:
    truth = sent.letter.truth
    yield f"{sent.letter.name} {truth.kind} [{sent.manner}] {truth.spelled} {truth.birth_date}"
    yield f"facts {truth.facts} number {truth.written}; right {sorted(sent.right)}"
    yield finding.reason
    for one in finding.candidates[:3]:
        evidence = [(item.rule.removeprefix("kennung."), item.words) for item in one.evidence]
        yield f"\n     {one.aktenzeichen} {one.score} {sorted(one.facts)} {evidence}"
        yield one.contradictions[:1]


if __name__ == "__main__":
    main()
