"""What was given with a document: by its channel, or by the cover sheet on top of it.

The steps ask here and nowhere else.  A given Schlagwort is not guessed again; a given file number
is the file, unless the pages themselves name another one with two agreeing facts: then a person
looks, whoever gave it.  What a sender merely claims goes through the same match as the words of a
letter.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

from eakte.domain.arrivals import NOTE, Given, given_from_json
from eakte.domain.findings import CaseFileCandidate, CaseFileFinding, Evidence, Sender
from eakte.domain.pages import Box, PageText, TextSource, Word
from eakte.intake.tools import STEP, Pages, Tools, the
from eakte.models import CaseFile, Document
from eakte.repositories.database import EakteSession
from eakte.repositories.register import SqlRegister
from eakte.repositories.sources import Sources
from eakte.services.by_number import by_number
from eakte.services.cutting import COVERS

GIVEN_RULE = "angabe"
"""Rule of evidence that stands on no page but came with the document."""

UNDOUBTED = frozenset({NOTE, "backfile"})
"""Channels whose pages put no given number in doubt: a note is its author's own words, and what a
backfile's pages lead to stands in its report."""

UNKNOWN_NUMBER = "Eine Akte „{number}“ ist mitgegeben, aber nicht bekannt."
OTHER_FILE = (
    "Mitgegeben ist die Akte {given}; Nummer und Namen im Schreiben führen aber zu {found}."
)


def given_facts(session: EakteSession, document: Document) -> Given:
    """What is known of the document beside its pages' text."""
    source = the(Sources(session).get(STEP, document.source_id), "source")
    on_cover = source.given.get(COVERS, {}).get(document.id, {})
    return given_from_json({**source.given, **on_cover})


def claimed(given: Given) -> PageText:
    """The sender's claims as a page of text, one line each, to be matched like any other."""
    words = tuple(
        Word(text=text, box=Box(0.1, line / 100, 0.9, (line + 1) / 100), line=line, block=line)
        for line, claim in enumerate(given.claims)
        for text in claim.split()
    )
    return PageText(words=words, source=TextSource.EMBEDDED)


def sender_of(given: Given) -> Sender | None:
    """The applicant of an online form, where name and postcode are there (provisional file)."""
    said = given.applicant
    if not (said.get("first_name") and said.get("last_name") and said.get("postcode")):
        return None
    born: date | None = None
    with suppress(ValueError):
        born = date.fromisoformat(said.get("birth_date", ""))
    return Sender(
        first_name=said["first_name"],
        last_name=said["last_name"],
        postcode=said["postcode"],
        street=said.get("street", ""),
        city=said.get("city", ""),
        birth_date=born,
        evidence=(
            Evidence(
                rule=f"{GIVEN_RULE}.antrag",
                page=1,
                words=f"{said['first_name']} {said['last_name']}, {said['postcode']}",
            ),
        ),
    )


def whose(
    session: EakteSession, tools: Tools, document: Document, given: Given, pages: Pages
) -> CaseFileFinding:
    """The case file by what was given and by what the pages say; None where the two disagree."""
    register = SqlRegister(session, STEP, tools.pattern)
    if given.claims:
        found = tools.match((*pages, claimed(given)), register)
        found = _without_claimed_page(found, len(pages))
    else:
        found = tools.match(pages, register)
    if given.aktenzeichen is None:
        return found
    number = given.aktenzeichen
    cover = by_number(session, STEP, tools.pattern, number)
    if cover is None:
        return replace(found, chosen=None, reason=UNKNOWN_NUMBER.format(number=number))
    chosen = _given_candidate(given, cover, found)
    others = tuple(one for one in found.candidates if one.case_file_id != cover.id)
    other = found.chosen
    channel = the(Sources(session).get(STEP, document.source_id), "source").channel
    if other is not None and other.case_file_id != cover.id and channel not in UNDOUBTED:
        return CaseFileFinding(
            chosen=None,
            candidates=(chosen, *others),
            reason=OTHER_FILE.format(given=cover.aktenzeichen, found=other.aktenzeichen),
        )
    return CaseFileFinding(chosen=chosen, candidates=(chosen, *others))


def _given_candidate(given: Given, cover: CaseFile, found: CaseFileFinding) -> CaseFileCandidate:
    """The given file, with the people and the evidence that the pages have for it."""
    said = Evidence(rule=f"{GIVEN_RULE}.{given.by}", page=1, words=given.aktenzeichen or "")
    for one in (*([found.chosen] if found.chosen else []), *found.candidates):
        if one.case_file_id == cover.id:
            return replace(
                one, score=1.0, facts=one.facts | {"given"}, evidence=(said, *one.evidence)
            )
    return CaseFileCandidate(
        case_file_id=cover.id,
        aktenzeichen=cover.aktenzeichen,
        score=1.0,
        facts=frozenset({"given"}),
        evidence=(said,),
    )


def _without_claimed_page(found: CaseFileFinding, pages: int) -> CaseFileFinding:
    """Evidence on the page that does not exist is evidence of the claim, without a place."""

    def placed(item: Evidence) -> Evidence:
        if item.page <= pages:
            return item
        return Evidence(rule=f"{GIVEN_RULE}.{item.rule}", page=1, words=item.words)

    def told(one: CaseFileCandidate) -> CaseFileCandidate:
        return replace(one, evidence=tuple(placed(item) for item in one.evidence))

    return replace(
        found,
        chosen=told(found.chosen) if found.chosen else None,
        candidates=tuple(told(one) for one in found.candidates),
    )
