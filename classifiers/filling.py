"""A wording becomes a letter: its slots are filled, its frame put around it.

Persons, dates, sums and numbers come from the seed and the lists beside the wordings alone, so that
the same seed makes the same letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from classifiers.wordings import Lists, Wording
from eakte.errors import RuleError

_SLOT = re.compile(r"\{(\w+)\}")
_SALUTATION = re.compile(r"^(Sehr ge|Hallo|Guten|Moin|Liebe)")
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober",
    "November", "Dezember",
)  # fmt: skip
_FIRST_DAY, _DAYS = date(2026, 1, 7), 315
_WIDTH = 88
_LABELS = ("BG-Nummer {bg}", "BG {bg}", "Kundennummer {kd}", "geb. {geb}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A wording with its slots filled, in parts, for whoever sets it.

    ``body`` are the pages, each with lines as they are marked in the file (``# `` large, `` | ``
    columns).
    """

    frame: str
    sender: tuple[str, ...]
    recipient: tuple[str, ...]
    info: tuple[tuple[str, str], ...]
    day: str
    subject: tuple[str, ...]
    body: tuple[tuple[str, ...], ...]

    def paragraphs(self, page: int) -> bool:
        """Whether lines of ``page`` (from 0) are a letter's paragraphs, not lines of a sheet."""
        return self.frame != "blatt" and page == 0


def filled(wording: Wording, lists: Lists, rng: Random) -> Letter:
    """``wording`` with its slots filled by ``rng``.  Raises ``RuleError`` for an unknown slot."""
    facts = _facts(lists, rng)

    def fill(text: str) -> str:
        unknown = [name for name in _SLOT.findall(text) if name not in facts]
        if unknown:
            raise RuleError(
                f"Im Wortlaut {wording.name} ist die Lücke {{{unknown[0]}}} unbekannt.",
                remedy=f"Eine von {', '.join(sorted(facts))} verwenden.",
            )
        return _SLOT.sub(lambda found: facts[found[1]], text)

    subject = tuple(fill(line[2:]) for line in wording.text if line.startswith("> "))
    lines = [fill(line) for line in wording.text if not line.startswith("> ")]
    bare = "~" in lines
    pages = _pages([line for line in lines if line.strip() and line != "~"])
    head = tuple(fill(line) for line in wording.head)
    if wording.frame != "blatt" and not bare:
        pages = [_framed(wording, pages[0], lists, facts, rng), *pages[1:]]
    return Letter(
        frame=wording.frame,
        sender=_sender(wording.frame, head, facts),
        recipient=_recipient(wording, lists, facts, rng),
        info=_info(wording.frame, facts, rng),
        day=facts["datum"],
        subject=(*subject, *_reference(wording.frame, facts, rng)),
        body=tuple(map(tuple, pages)),
    )


def as_text(letter: Letter) -> str:
    r"""``letter`` as a typewriter would set it: rows of text, ``\f`` between pages."""
    rows = [*_head_rows(letter)]
    for number, page in enumerate(letter.body):
        if number:
            rows.append("\f")
        for line in page:
            rows.extend(_wrapped(line))
            if letter.paragraphs(number) and " | " not in line:
                rows.append("")
    return "\n".join(rows).replace("\n\f\n", "\f")


def _facts(lists: Lists, rng: Random) -> Mapping[str, str]:
    woman = rng.random() < 0.5
    first = rng.choice(lists.frauen if woman else lists.maenner)
    last, last2 = rng.sample(lists.nachnamen, 2)
    first2 = rng.choice(lists.maenner if woman else lists.frauen)
    street, street2 = rng.sample(lists.strassen, 2)
    place = rng.choice(lists.orte)
    return {
        "vorname": first,
        "nachname": last,
        "name": f"{first} {last}",
        "nachname2": last2,
        "name2": f"{first2} {rng.choice((last, last2))}",
        "kind": rng.choice(lists.kinder),
        "herr": "Frau" if woman else "Herr",
        "herrn": "Frau" if woman else "Herrn",
        "er": "sie" if woman else "er",
        "Er": "Sie" if woman else "Er",
        "str": f"{street} {rng.randint(1, 99)}",
        "str2": f"{street2} {rng.randint(1, 99)}",
        "ort": place,
        "stadt": place.partition(" ")[2],
        "amtstr": f"{rng.choice(lists.amtsstrassen)} {rng.randint(1, 60)}",
        "amtort": rng.choice(lists.orte),
        **{
            name: rng.choice(getattr(lists, name))
            for name in ("vermieter", "kanzlei", "arzt", "firma", "traeger", "schule")
        },
        "betreuer": rng.choice(lists.betreuer),
        "sb": rng.choice(lists.sb),
        **_days(rng),
        **_numbers(rng),
    }


def _days(rng: Random) -> Mapping[str, str]:
    today = _FIRST_DAY + timedelta(days=rng.randrange(_DAYS))
    months = [
        f"{_MONTHS[(today.month - 1 - back) % 12]} {today.year - (today.month <= back)}"
        for back in (0, 1)
    ]
    days = {
        "datum": today - timedelta(days=rng.randint(0, 9)),
        "datum2": today - timedelta(days=rng.randint(12, 50)),
        "datum3": today - timedelta(days=rng.randint(60, 280)),
        "frist": today + timedelta(days=rng.randint(5, 60)),
        "geb": date(rng.randint(1962, 2005), rng.randint(1, 12), rng.randint(1, 28)),
        "kindgeb": date(rng.randint(2010, 2025), rng.randint(1, 12), rng.randint(1, 28)),
    }
    return {
        **{name: f"{day:%d.%m.%Y}" for name, day in days.items()},
        "monat": months[0],
        "monat2": months[1],
        "jahr": str(today.year - 1),
    }


def _numbers(rng: Random) -> Mapping[str, str]:
    def sum_between(low: int, high: int) -> str:
        whole = rng.randint(low, high)
        return (
            f"{whole // 1000}.{whole % 1000:03d},{rng.randint(0, 99):02d}"
            if whole > 999
            else (f"{whole},{rng.randint(0, 99):02d}")
        )

    groups = [f"{rng.randint(0, 9999):04d}" for _ in range(4)]
    bg = f"{rng.randint(12000, 12999)}//{rng.randint(100, 99999):07d}"
    return {
        "betrag": sum_between(180, 1400),
        "betrag2": sum_between(600, 4800),
        "betrag3": sum_between(11, 175),
        "zahl": str(rng.randint(10, 99)),
        "bg": rng.choice((bg, bg.replace("//", "/"), bg.replace("//", " // "))),
        "kd": f"{rng.randint(100, 999)}{rng.choice('ABCDEF')}{rng.randint(100000, 999999)}",
        "az": f"S {rng.randint(1, 45)} AS {rng.randint(10, 990)}/{rng.choice((24, 25, 26))}",
        "tel": f"040 66969-{rng.randint(0, 999):03d}",
        "iban": " ".join((f"DE{rng.randint(10, 99)}", *groups, str(rng.randint(10, 99)))),
    }


def _pages(lines: Sequence[str]) -> list[list[str]]:
    pages: list[list[str]] = [[]]
    for line in lines:
        if line == "+++":
            pages.append([])
        else:
            pages[-1].append(line)
    return pages


def _framed(
    wording: Wording, page: list[str], lists: Lists, facts: Mapping[str, str], rng: Random
) -> list[str]:
    """The first page with salutation and closing."""
    opening: list[str] = []
    if not (page and _SALUTATION.match(page[0])):
        personal = wording.frame == "jc" or wording.recipient == "klient"
        polite = f"Sehr geehrte{'r Herr' if facts['herr'] == 'Herr' else ' Frau'}"
        if personal and rng.random() < 0.8:
            opening = [f"{polite} {facts['nachname']},"]
        elif wording.frame in {"brief", "jc"}:
            opening = ["Sehr geehrte Damen und Herren,"]
        elif wording.frame != "mail":
            opening = [rng.choice(lists.anreden)]
    own = {"privat": facts["name"], "privat2": facts["name2"], "mail": facts["vorname"]}
    signer = own.get(wording.frame, facts["nachname2"])
    closing = lists.gruesse if wording.frame in own else lists.amtsgruesse
    return [*opening, *page, rng.choice(closing), signer]


def _sender(frame: str, head: tuple[str, ...], facts: Mapping[str, str]) -> tuple[str, ...]:
    match frame:
        case "privat":
            return (facts["name"], facts["str"], facts["ort"])
        case "privat2":
            return (facts["name2"], facts["str2"], facts["amtort"])
        case "jc":
            return (
                "Jobcenter Kreis Nordfriesland",
                "Sozialzentrum Husum",
                f"{facts['amtstr']}, 25813 Husum",
            )
        case "mail":
            return (f"{facts['vorname'].lower()}.{facts['nachname'].lower()}@mail.example",)
        case _:
            return head


def _recipient(
    wording: Wording, lists: Lists, facts: Mapping[str, str], rng: Random
) -> tuple[str, ...]:
    if wording.frame == "blatt" or wording.recipient == "andere":
        return ()
    if wording.frame == "jc" or wording.recipient == "klient":
        return (facts["herrn"], facts["name"], facts["str"], facts["ort"])
    kind = lists.gericht if wording.recipient == "gericht" else lists.jobcenter
    return tuple(line.strip() for line in rng.choice(kind).split(";"))


def _info(frame: str, facts: Mapping[str, str], rng: Random) -> tuple[tuple[str, str], ...]:
    if frame not in {"brief", "jc"}:
        return ()
    number = f"{rng.randint(10, 99)}.{rng.randint(1, 9)}-{rng.randint(1000, 9999)}/26"
    rows = [("Unser Zeichen", facts["bg"] if frame == "jc" else number)]
    if frame == "brief" and rng.random() < 0.5:
        rows.append(("Ihr Zeichen", facts["bg"]))
    if rng.random() < 0.7:
        rows.append(("Telefon", facts["tel"]))
    return (*rows, ("Datum", facts["datum"]))


def _reference(frame: str, facts: Mapping[str, str], rng: Random) -> tuple[str, ...]:
    if frame != "privat" or rng.random() < 0.3:
        return ()
    return (rng.choice(_LABELS).format(**facts),)


def _head_rows(letter: Letter) -> Iterator[str]:
    if letter.frame == "mail":
        yield f"Von: {letter.sender[0]}"
        yield "An: post@jobcenter.example"
        yield f"Gesendet: {letter.day} 09:41"
        yield f"Betreff: {' '.join(letter.subject)}"
        yield ""
        return
    info = tuple(f"{key}: {value}" for key, value in letter.info)
    for part in (letter.sender, letter.recipient, info):
        if part:
            yield from part
            yield ""
    if letter.frame.startswith("privat"):
        yield f"{letter.sender[-1].partition(' ')[2]}, den {letter.day}"
        yield ""
    if letter.subject:
        for line in letter.subject:
            yield from _wrapped(line)
        yield ""


def _wrapped(line: str) -> Iterator[str]:
    if " | " in line:
        yield "    ".join(part.strip().ljust(14) for part in line.split(" | ")).rstrip()
        return
    row = ""
    for word in line.split(" "):
        if row and len(row) + 1 + len(word) > _WIDTH:
            yield row
            row = "# " + word if line.startswith("# ") else word
        else:
            row = f"{row} {word}" if row else word
    yield row
