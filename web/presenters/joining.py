"""Provisional files, what the register proposes for each, and the two side by side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from eakte.services.joining_views import Comparison, FileSide, Joined, Proposal, WaitingFile
from eakte.services.views import PersonView
from web.presenters import german
from web.presenters.case_files import path_of

HERE = "/vorlaeufige-akten"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRow:
    """A file of the register: its number, whose it is, what is the same."""

    aktenzeichen: str
    title: str
    why: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingRow:
    """A provisional file in the list."""

    aktenzeichen: str
    url: str
    title: str
    born: str
    address: str
    site: str
    opened: str
    documents: str
    proposals: tuple[ProposalRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A line of the comparison: both sides, and whether they say the same (None: one is silent)."""

    title: str
    here: str
    there: str
    same: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person of the provisional file and who that may be."""

    id: str
    title: str
    choices: tuple[tuple[str, str, bool], ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonScreen:
    """Everything that the template asks of two files side by side."""

    aktenzeichen: str
    other: str
    other_title: str
    action: str
    people: tuple[PersonRow, ...]
    cells: tuple[Cell, ...]
    agrees: bool
    stand: str
    documents: str
    closed: str


def rows(waiting: Iterable[WaitingFile]) -> tuple[WaitingRow, ...]:
    """The list."""
    return tuple(row(one) for one in waiting)


def row(one: WaitingFile) -> WaitingRow:
    """One provisional file."""
    number = one.side.ref.aktenzeichen
    people = one.side.people
    return WaitingRow(
        aktenzeichen=number,
        url=address(number),
        title=one.side.ref.title,
        born=german.joined((german.day(person.birth_date) for person in people), ", "),
        address=german.joined((one.side.street, one.side.place)),
        site=one.side.site,
        opened=german.day(one.opened),
        documents=german.plural(one.documents, "Dokument", "Dokumente"),
        proposals=tuple(_proposal(number, proposal) for proposal in one.proposals),
    )


def address(provisional: str, aktenzeichen: str = "") -> str:
    """Where a provisional file is compared, beside the file of that number."""
    place = f"{HERE}/{path_of(provisional)}"
    return f"{place}?akte={quote(aktenzeichen, safe='')}" if aktenzeichen else place


def comparison(view: Comparison) -> ComparisonScreen | None:
    """The two side by side; None where the real file is not chosen yet."""
    if view.real is None:
        return None
    here, there = view.waiting.side, view.real
    number = here.ref.aktenzeichen
    return ComparisonScreen(
        aktenzeichen=number,
        other=there.ref.aktenzeichen,
        other_title=there.ref.title,
        action=f"{HERE}/{path_of(number)}/zusammenfuehren",
        people=tuple(_person(one, there.people, view.same.get(one.id, "")) for one in here.people),
        cells=_cells(here, there, same_address=view.address),
        agrees=view.agrees,
        stand=view.stand,
        documents=german.plural(view.waiting.documents, "Dokument", "Dokumente"),
        closed=german.day(there.closed),
    )


def joined(done: Joined) -> str:
    """What was done, as a sentence."""
    letters = german.plural(done.documents, "Dokument steht", "Dokumente stehen")
    return f"Zusammengeführt: {letters} jetzt in der Akte {done.aktenzeichen}."


def _proposal(provisional: str, one: Proposal) -> ProposalRow:
    same = ["Name"]
    same += ["Geburtsdatum"] if one.born else []
    same += ["Anschrift"] if one.address else []
    return ProposalRow(
        aktenzeichen=one.ref.aktenzeichen,
        title=one.ref.title,
        why=f"{', '.join(same[:-1])} und {same[-1]} gleich",
        url=address(provisional, one.ref.aktenzeichen),
    )


def _cells(here: FileSide, there: FileSide, *, same_address: bool) -> tuple[Cell, ...]:
    silent = not (here.street and there.street)
    return (
        Cell(
            title="Straße",
            here=here.street,
            there=there.street,
            same=True if same_address else None if silent else here.street == there.street,
        ),
        _cell("Ort", here.place, there.place),
        _cell("Standort", here.site, there.site),
    )


def _cell(title: str, here: str, there: str) -> Cell:
    return Cell(title=title, here=here, there=there, same=here == there if here and there else None)


def _person(one: PersonView, others: Iterable[PersonView], chosen: str) -> PersonRow:
    people = list(others)
    other = next((person for person in people if person.id == chosen), None)
    there = ("", "", "") if other is None else _facts(other)
    titles = ("Nachname", "Vorname", "Geboren")
    return PersonRow(
        id=one.id,
        title=_title(one),
        choices=tuple((person.id, _title(person), person.id == chosen) for person in people),
        cells=tuple(map(_cell, titles, _facts(one), there)),
    )


def _facts(one: PersonView) -> tuple[str, str, str]:
    return one.last_name, one.first_name, german.day(one.birth_date)


def _title(one: PersonView) -> str:
    born = f", geb. {german.day(one.birth_date)}" if one.birth_date else ""
    role = " (antragstellend)" if one.applicant else ""
    return f"{one.last_name}, {one.first_name}{born}{role}"
