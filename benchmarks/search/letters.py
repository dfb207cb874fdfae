"""The letters that search is judged on: what each says, about whom, and how it was read.

Every wording of ``config/musterbriefe``, of ``tests/letters`` and of the folder ``briefe`` beside
this file becomes one letter to a district of 350 case files.  Two of three are scans, misread as
the engine misreads (``misreadings.json``); one in twelve lies at the clearing desk, its case file
unknown.  The same letters come of every run.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "reading"))

from confusions import Confusions
from register import large_register

from classifiers.facts import FactRules, facts
from classifiers.filling import Letter as Filled
from classifiers.filling import as_text
from classifiers.labelled import lay_out
from classifiers.wordings import Lists, Wording, read_lists, read_wordings
from eakte.demo.records import CaseFileRecord, PersonRecord
from eakte.domain.facts import Fact
from eakte.domain.pages import PageText

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 20)
OWN = "benchmarks/search/briefe"
LISTS = "config/musterbriefe"
FOLDERS = (
    OWN,
    "config/musterbriefe",
    *(f"tests/letters/{name}" for name in ("control", "evening", "fresh", "later", "measured")),
)
MISREADINGS = Path(__file__).with_name("misreadings.json")
FILES, PEOPLE = 350, 620
YEARS = 5
SCANNED, UNKNOWN = 0.66, 1 / 12
_SHARE_OF_NUMBER = 0.7
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
_SALUTATIONS = ("Sehr ge", "Hallo", "Guten", "Moin", "Liebe")
_RULES = FactRules()


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One document of the collection.

    ``name`` is the folder and name of its wording.  ``pages`` are as they were set, ``read`` as
    they were recognised.  ``sender`` is the first line of the letterhead.  ``case_file`` and
    ``person`` are whom it is about, ``filed`` whether the case file is known.  ``slots`` are the
    facts in it by the name of their slot.
    """

    name: str
    schlagwort: str
    sender: str
    subject: str
    slots: Mapping[str, str]
    case_file: CaseFileRecord
    person: PersonRecord
    filed: bool
    received: date
    own: bool
    pages: tuple[PageText, ...]
    read: tuple[PageText, ...]

    @cached_property
    def text(self) -> str:
        """What was set, in one line."""
        return " ".join(page.text.replace("\n", " ") for page in self.pages)

    @cached_property
    def text_read(self) -> str:
        """What was read, line by line."""
        return "\n".join(page.text for page in self.read)

    @cached_property
    def facts(self) -> tuple[Fact, ...]:
        """What the product reads off the pages as they were read."""
        return facts(self.read, _RULES, own=self.own, received=self.received)


def letters(worse: float = 1.0) -> Iterator[Letter]:
    """All of them, in the order of their names; words misread ``worse`` times as often."""
    model = misreadings(worse)
    content = large_register(TODAY, seed=6, files=FILES, people=PEOPLE)
    files = [one for one in content["case_files"] if one["closed"] is None]
    for folder in FOLDERS:
        lists = read_lists(ROOT / (LISTS if folder == OWN else folder))
        for path in sorted((ROOT / folder).glob("*.txt")):
            for wording in read_wordings(path):
                name = f"{folder.rpartition('/')[2]}/{wording.name}"
                yield _letter(name, wording, lists, files, model)


def misreadings(worse: float = 1.0) -> Confusions:
    """How the engine misreads, as learnt from letters that it really read.

    ``worse`` times as many words are misread; as many as before are lost, split or glued.
    """
    kept = json.loads(MISREADINGS.read_text("utf-8"))
    return Confusions(
        rates={seen: [(read, rate) for read, rate in found] for seen, found in kept["rates"]},
        events={name: rate / worse for name, rate in kept["events"].items()},
        severities=[worse * severity for severity in kept["severities"]],
        pages=kept["pages"],
        words=kept["words"],
    )


def _letter(
    name: str, wording: Wording, lists: Lists, files: list[CaseFileRecord], model: Confusions
) -> Letter:
    rng = Random(f"search:{name}")
    case = rng.choice(files)
    adults = [one for one in case["people"] if one["birth_date"] < "2009"] or case["people"]
    person = rng.choice(adults)
    dated = TODAY - timedelta(days=rng.randrange(10, YEARS * 365))
    slots = _slots(case, person, dated, lists, rng)
    filled = _filled(wording, slots, lists, rng)
    pages = lay_out(as_text(filled))
    scanned = rng.random() < SCANNED and wording.frame not in {"mail", "jc"}
    large = [line[2:] for page in filled.body for line in page if line.startswith("# ")]
    return Letter(
        name=name,
        schlagwort=wording.right[0],
        sender=" ".join(filled.sender[:1]),
        subject=" ".join((*filled.subject, *large)),
        slots=slots,
        case_file=case,
        person=person,
        filed=rng.random() >= UNKNOWN,
        received=dated + timedelta(days=rng.randint(1, 6)),
        own=wording.frame == "jc",
        pages=pages,
        read=model.spoiled(pages, rng) if scanned else pages,
    )


def _slots(
    case: CaseFileRecord, person: PersonRecord, dated: date, lists: Lists, rng: Random
) -> dict[str, str]:
    first, last = person["first_name"], person["last_name"]
    woman = rng.random() < 0.5
    other = rng.choice(lists.nachnamen)
    children = [one for one in case["people"] if one["birth_date"] >= "2009"]
    child = rng.choice(children) if children else None
    number = case["aktenzeichen"]
    place = f"{case['postcode']} {case['city']}"
    return {
        "vorname": first,
        "nachname": last,
        "name": f"{first} {last}",
        "nachname2": other,
        "name2": f"{rng.choice(lists.frauen + lists.maenner)} {other}",
        "kind": child["first_name"] if child else rng.choice(lists.kinder),
        "herr": "Frau" if woman else "Herr",
        "herrn": "Frau" if woman else "Herrn",
        "er": "sie" if woman else "er",
        "Er": "Sie" if woman else "Er",
        "str": case["street"],
        "str2": f"{rng.choice(lists.strassen)} {rng.randint(1, 99)}",
        "ort": place,
        "stadt": case["city"],
        "amtstr": f"{rng.choice(lists.amtsstrassen)} {rng.randint(1, 60)}",
        "amtort": rng.choice(lists.orte),
        **{
            name: rng.choice(getattr(lists, name))
            for name in ("vermieter", "kanzlei", "arzt", "firma", "traeger", "schule", "betreuer")
        },
        "sb": rng.choice(lists.sb),
        **_days(person, child, dated, rng),
        **_figures(rng),
        "bg": rng.choice((number, number, number.replace("//", "/"), number.replace("//", " // "))),
        "kd": person["customer_number"],
    }


def _days(
    person: PersonRecord, child: PersonRecord | None, dated: date, rng: Random
) -> dict[str, str]:
    born = child["birth_date"] if child else f"{rng.randint(2010, 2025)}-0{rng.randint(1, 9)}-14"
    days = {
        "datum": dated,
        "datum2": dated - timedelta(days=rng.randint(12, 50)),
        "datum3": dated - timedelta(days=rng.randint(60, 280)),
        "frist": dated + timedelta(days=rng.randint(5, 60)),
        "geb": date.fromisoformat(person["birth_date"]),
        "kindgeb": date.fromisoformat(born),
    }
    before = dated.replace(day=1) - timedelta(days=1)
    return {
        **{name: f"{day:%d.%m.%Y}" for name, day in days.items()},
        "monat": f"{_MONTHS[dated.month - 1]} {dated.year}",
        "monat2": f"{_MONTHS[before.month - 1]} {before.year}",
        "jahr": str(dated.year - 1),
    }


def _figures(rng: Random) -> dict[str, str]:
    def amount(low: int, high: int) -> str:
        return f"{rng.randint(low, high):,}".replace(",", ".") + f",{rng.randint(0, 99):02d}"

    groups = [f"{rng.randint(0, 9999):04d}" for _ in range(4)]
    return {
        "betrag": amount(180, 1400),
        "betrag2": amount(600, 4800),
        "betrag3": amount(11, 175),
        "zahl": str(rng.randint(10, 99)),
        "az": f"S {rng.randint(1, 45)} AS {rng.randint(10, 990)}/{rng.choice((24, 25, 26))}",
        "tel": f"040 66969-{rng.randint(0, 999):03d}",
        "iban": " ".join((f"DE{rng.randint(10, 99)}", *groups, f"{rng.randint(10, 99)}")),
    }


def _filled(wording: Wording, slots: Mapping[str, str], lists: Lists, rng: Random) -> Filled:
    """``wording`` with these facts, framed much as ``classifiers.filling`` frames its own."""
    head = tuple(line.format_map(slots) for line in wording.head)
    lines = [line.format_map(slots) for line in wording.text]
    bare = "~" in lines or wording.frame == "blatt"
    pages: list[list[str]] = [[]]
    for line in lines:
        if line == "+++":
            pages.append([])
        elif line.strip() and line != "~" and not line.startswith("> "):
            pages[-1].append(line)
    own = {"privat": slots["name"], "privat2": slots["name2"], "mail": slots["vorname"]}
    if not bare:
        greeting = rng.choice(lists.gruesse if wording.frame in own else lists.amtsgruesse)
        if not (pages[0] and pages[0][0].startswith(_SALUTATIONS)):
            pages[0].insert(0, rng.choice(lists.anreden))
        pages[0] += [greeting, own.get(wording.frame, slots["nachname2"])]
    subject = tuple(line[2:] for line in lines if line.startswith("> "))
    if wording.frame == "privat" and rng.random() < _SHARE_OF_NUMBER:
        subject = (*subject, f"BG {slots['bg']}")
    return Filled(
        frame=wording.frame,
        sender=_sender(wording.frame, head, slots),
        recipient=_recipient(wording, slots, lists, rng),
        info=_info(wording.frame, slots, rng),
        day=slots["datum"],
        subject=subject,
        body=tuple(map(tuple, pages)),
    )


def _sender(frame: str, head: tuple[str, ...], slots: Mapping[str, str]) -> tuple[str, ...]:
    match frame:
        case "privat":
            return (slots["name"], slots["str"], slots["ort"])
        case "privat2":
            return (slots["name2"], slots["str2"], slots["amtort"])
        case "jc":
            return ("Jobcenter Kreis Nordfriesland", "Sozialzentrum Husum", "25813 Husum")
        case "mail":
            return (f"{slots['vorname'].lower()}.{slots['nachname'].lower()}@mail.example",)
        case _:
            return head


def _recipient(
    wording: Wording, slots: Mapping[str, str], lists: Lists, rng: Random
) -> tuple[str, ...]:
    if wording.frame == "blatt" or wording.recipient == "andere":
        return ()
    if wording.frame == "jc" or wording.recipient == "klient":
        return (slots["herrn"], slots["name"], slots["str"], slots["ort"])
    kind = lists.gericht if wording.recipient == "gericht" else lists.jobcenter
    return tuple(line.strip() for line in rng.choice(kind).split(";"))


def _info(frame: str, slots: Mapping[str, str], rng: Random) -> tuple[tuple[str, str], ...]:
    if frame not in {"brief", "jc"}:
        return ()
    rows = [("Ihr Zeichen", slots["bg"])] if rng.random() < _SHARE_OF_NUMBER else []
    return (*rows, ("Telefon", slots["tel"]), ("Datum", slots["datum"]))
