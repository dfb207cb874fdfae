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
import os
import pickle
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import mean, median

import confusions
import post
import register as large
import standing
import stored
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable

from classifiers.case_match import CaseFileMatcher
from classifiers.catalogue import load_catalogue
from classifiers.keywords import KeywordClassifier
from classifiers.sample_words import load_sample_words
from eakte.demo import places
from eakte.demo.records import CaseFileRecord, RegisterRecord
from eakte.domain.findings import CaseFileFinding, SchlagwortFinding
from eakte.domain.pages import PageText
from eakte.domain.rights import system_reader
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.migrations import upgrade
from eakte.models.base import Base
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
_WARM = 50
"""The first letters warm the caches; their time does not count."""
_KEYS = ("names", "addresses", "aktenzeichen", "folding")
_FILLED = frozenset(
    [
        "case_files",
        "case_file_numbers",
        "excluded_logins",
        "sub_files",
        "people",
        "name_keys",
        "memberships",
        "representatives",
        "responsibilities",
        "register_terms",
        "sites",
        "site_postcodes",
        "teams",
        "caseworkers",
        "caseworker_roles",
        "team_members",
        "deputies",
        "surname_ranges",
        "absences",
        "known_references",
    ]
)
"""The tables that hold or meet the register."""
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

    cases: Mapping[str, CaseFileRecord]
    letters: int = 0
    pages: int = 0
    times: list[tuple[float, float, float]] = field(default_factory=list)
    asked: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    standing: Counter[str] = field(default_factory=Counter)
    found_standing: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[post.Sent, CaseFileFinding]] = field(default_factory=list)
    lost: list[tuple[post.Sent, CaseFileFinding]] = field(default_factory=list)
    routable: int = 0
    routed: int = 0
    routable_standing: int = 0
    routed_standing: int = 0
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
        right = chosen is not None and chosen.aktenzeichen in sent.right
        if chosen is not None:
            self.filed[sent.manner] += 1
            if not right:
                self.wrong.append((sent, finding))
        stands = sent.unique and standing.stands(sent, pages, self.cases)
        if sent.unique:
            self.asked[sent.manner] += 1
            self.found[sent.manner] += right
            self.standing[sent.manner] += stands
            self.found_standing[sent.manner] += right and stands
            if stands and chosen is None:
                self.lost.append((sent, finding))
        delivered = postbox is not None and postbox in sent.postboxes
        if sent.unique and sent.letter.truth.schlagwort != "sonstiges":
            self.routable += 1
            self.routed += delivered
            self.routable_standing += stands
            self.routed_standing += delivered and stands
            self.misrouted_unique += postbox is not None and not delivered
        else:
            self.others += 1
            self.misrouted_others += postbox is not None and not right

    def take(self, other: Tally) -> None:
        """Count what another process counted."""
        for one in fields(self):
            mine, theirs = getattr(self, one.name), getattr(other, one.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif isinstance(mine, list):
                mine.extend(theirs)
            elif isinstance(mine, int):
                setattr(self, one.name, mine + theirs)


class Reading:
    """Classifier, match and routing rule as the worker runs them, on one database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.classifier = KeywordClassifier(
            load_catalogue(Path("config/schlagworte")),
            load_sample_words(Path("config/musterbriefe")),
        )
        self.schlagworte = load_catalogue(Path("config/schlagworte")).schlagworte

    def read(
        self, session: EakteSession, pages: tuple[PageText, ...]
    ) -> tuple[CaseFileFinding, str | None, tuple[float, float, float]]:
        """Case file and postbox of a letter, and CPU seconds a page of the three steps."""
        begun = time.process_time()
        first = self.classifier.classify(pages)[0]
        classified = time.process_time()
        matcher = CaseFileMatcher(SqlRegister(session, STEP, PATTERN), PATTERN, OWN)
        finding = matcher.match(pages)
        matched = time.process_time()
        postbox = self._postbox(session, finding, first)
        times = (classified - begun, matched - classified, time.process_time() - matched)
        classify, match, route = (one / len(pages) for one in times)
        return finding, postbox, (classify, match, route)

    def _postbox(
        self, session: EakteSession, finding: CaseFileFinding, first: SchlagwortFinding
    ) -> str | None:
        sure = first.score >= THRESHOLD or first.schlagwort == "sonstiges"
        if finding.chosen is None or not sure:
            return None
        case_files = CaseFiles(session)
        cover = case_files.get(STEP, finding.chosen.case_file_id)
        if cover is None:
            return None
        router = Router(Organisation(session), case_files, "leitung", TODAY)
        schlagwort = self.schlagworte[first.schlagwort]
        main, _ = router.route(
            STEP, cover, finding.chosen.person_ids, schlagwort.function, schlagwort.copies
        )
        return main.postbox


def run(letters: Iterable[Letter], database: Database, content: RegisterRecord) -> Tally:
    """Read every letter and count."""
    tally = Tally(cases={one["aktenzeichen"]: one for one in content["case_files"]})
    reading = Reading(database)
    with database.read() as session:
        for number, (sent, pages) in enumerate(letters):
            finding, postbox, times = reading.read(session, pages)
            if number >= _WARM:
                tally.pages += len(pages)
                tally.times.append(times)
            tally.count(sent, pages, finding, postbox)
            session.expunge_all()
    return tally


def open_register() -> tuple[Database, RegisterRecord]:
    """The large register in a database of its own, kept for later runs."""
    content = large.large_register(TODAY)
    return _database(content), content


def _database(content: RegisterRecord) -> Database:
    code = "".join(
        str(CreateTable(table).compile(dialect=sqlite.dialect()))
        for name, table in sorted(Base.metadata.tables.items())
        if name in _FILLED
    )
    code += "".join(Path(f"eakte/language/{name}.py").read_text() for name in _KEYS)
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
    return database


def set_letters(
    register: RegisterRecord, seed: int, count: int, share: tuple[int, int] = (0, 1)
) -> Iterator[tuple[int, Letter]]:
    """Letters as they were set with their index, stored in parts under the code that made them.

    ``share``: (n, of) every of-th part from the n-th on.
    """
    here = Path(__file__).parent
    code = [here / name for name in ("names.py", "register.py", "post.py")]
    code += sorted(Path("eakte/demo").rglob("*.py"))
    key = hashlib.sha256(b"".join(path.read_bytes() for path in code)).hexdigest()[:16]
    office = post.PostOffice(register, TODAY, seed)
    for start in range(share[0] * _CHUNK, count, share[1] * _CHUNK):
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
        yield from enumerate(chunk[: count - start], start)


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
    register: RegisterRecord,
    count: int,
    model: confusions.Confusions,
    share: tuple[int, int] = (0, 1),
) -> Iterator[Letter]:
    """The long run: letters spoiled as the engine misreads."""
    for index, (sent, pages) in set_letters(register, LONG_RUN, count, share):
        yield sent, model.spoiled(pages, Random(f"spoil:{LONG_RUN}:{index}"))


def table(tally: Tally) -> str:
    """What is printed, as Markdown."""
    rows = [
        "| what | letters | figure | of these the facts still stand on | figure | reach |",
        "|---|---|---|---|---|---|",
    ]
    for name, manners in _WHERE_FOUND.items():
        asked, found, stand, both = (
            sum(counter[one] for one in manners)
            for counter in (tally.asked, tally.found, tally.standing, tally.found_standing)
        )
        reach = f"≥ {_REACH[name]:.0%}" if name in _REACH else ""
        rows.append(
            f"| case file found: {name} | {asked} | {_share(found, asked)} "
            f"| {stand} | {_share(both, stand)} | {reach} |"
        )
    rows.append(
        f"| right postbox, unique facts | {tally.routable} "
        f"| {_share(tally.routed, tally.routable)} | {tally.routable_standing} "
        f"| {_share(tally.routed_standing, tally.routable_standing)} | ≥ 93 % |"
    )
    for what, letters, figure, reach in (
        ("**wrong case file**", tally.letters, str(len(tally.wrong)), "0"),
        ("– of these in a wrong postbox", tally.routable,
         _share(tally.misrouted_unique, tally.routable), ""),
        ("elsewhere in a wrong postbox", tally.others,
         _share(tally.misrouted_others, tally.others), "≤ 1 %"),
    ):  # fmt: skip
        rows.append(f"| {what} | {letters} | {figure} | | | {reach} |")
    return "\n".join([*rows, *_times(tally)])


def _times(tally: Tally) -> Iterator[str]:
    """CPU a page in milliseconds, and how busy the machine was meanwhile."""
    everything = sorted(1000 * sum(one) for one in tally.times) or [0.0]
    yield (
        f"| CPU ms a page, median (mean) | {tally.pages} pages | {median(everything):.1f} "
        f"({mean(everything):.1f}) | | | ≤ 15 |"
    )
    for name, part in zip(("classify", "identify", "route"), zip(*tally.times, strict=True),
                          strict=False):  # fmt: skip
        yield f"| – {name} | | {1000 * median(part):.1f} ({1000 * mean(part):.1f}) | | | |"
    slowest = everything[-len(everything) // 100 - 1]
    yield f"| – slowest page of a hundred | | {slowest:.1f} | | | |"
    yield f"| load of the machine in the last 15 minutes | | {os.getloadavg()[2]:.1f} | | | |"


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "–"


def measure(letters: int, *, read: int = READ, processes: int = 1) -> tuple[Tally, Tally]:
    """The long run of ``letters``, and the ``read`` ones that were really read."""
    database, content = open_register()
    real = run(read_letters(content, read), database, content)
    return run_long(content, letters, learnt(content, read), processes), real


def run_long(
    content: RegisterRecord, letters: int, model: confusions.Confusions, processes: int = 1
) -> Tally:
    """The long run, shared among ``processes``."""
    shares = [(number, processes) for number in range(processes)]
    with get_context("spawn").Pool(processes, _prepare, (content, letters, model)) as pool:
        tallies = pool.map(_run_share, shares)
    whole, *others = tallies
    for other in others:
        whole.take(other)
    return whole


_prepared: list[tuple[RegisterRecord, int, confusions.Confusions]] = []
"""What each process of the long run works with."""


def _prepare(content: RegisterRecord, letters: int, model: confusions.Confusions) -> None:
    _prepared.append((content, letters, model))


def _run_share(share: tuple[int, int]) -> Tally:
    content, letters, model = _prepared[0]
    tally = run(spoiled_letters(content, letters, model, share), _database(content), content)
    tally.cases = {}  # large, and the one who asked has them
    return tally


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--read", type=int, default=READ, help="letters that are really read")
    parser.add_argument("--processes", type=int, default=1, help="that share the long run")
    parser.add_argument("--only-read", action="store_true", help="without the long run")
    parser.add_argument("--clean", action="store_true", help="the long run as it was set")
    parser.add_argument("--wrong", action="store_true", help="print each wrong file")
    parser.add_argument("--lost", type=int, default=0, help="print so many that were not found")
    asked = parser.parse_args()
    database, content = open_register()
    if asked.only_read:
        letters = read_letters(content, asked.read)
        tally = run(letters, database, content)
    elif asked.clean:
        letters = (letter for _, letter in set_letters(content, LONG_RUN, asked.letters))
        tally = run(letters, database, content)
    else:
        model = learnt(content, asked.read)
        tally = run_long(content, asked.letters, model, asked.processes)
    print(table(tally))
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
