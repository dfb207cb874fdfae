"""What the clearing desk answers with: frozen values, ready for a presenter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from eakte.services.views import CaseFileRef, PersonView


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterHit:
    """A case file that fits what was typed, with what tells it from its namesakes."""

    ref: CaseFileRef
    people: tuple[PersonView, ...]
    address: str
    closed: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiverView:
    """A postbox by its title; ``deputy_for`` names the absent one in whose place it gets it."""

    postbox: str
    title: str
    deputy_for: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """Who would get a document: ``main`` the task, ``copies`` zur Kenntnis.

    ``people`` are the members of the case file, ``person_ids`` those whom it concerns as far as
    known. ``problem`` says why it can't be assigned so; then ``main`` is None.
    """

    main: ReceiverView | None
    copies: tuple[ReceiverView, ...] = ()
    people: tuple[PersonView, ...] = ()
    person_ids: tuple[str, ...] = ()
    ref: CaseFileRef | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookView:
    """Somebody else has a waiting document before them, since then."""

    document_id: str
    login: str
    name: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneFromDesk:
    """A letter that lay at the desk and was assigned by ``name``.

    ``mine``: the reader did it. ``own`` says more while they can take it back; where it went is no
    business of the others there, nor theirs later on.
    ``joined``: it was not assigned, its pages are in another letter that is open to the reader.
    """

    name: str
    own: Assigned | None
    mine: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """A document that was assigned: where it went, and what it is called."""

    document_id: str
    postbox: str
    title: str
