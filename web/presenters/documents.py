"""A document as the viewer, its side panel and the preview print it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from eakte.domain.findings import DeadlineFinding
from eakte.domain.rights import CLEARING
from eakte.services.views import Choice, DocumentView, PersonView, PostboxEntryView
from web.presenters import facts as fact_presenter
from web.presenters import german
from web.presenters.annotations import AnnotationRow, annotation_rows
from web.presenters.case_files import path_of, sub_file
from web.presenters.facts import FactGroup, VorgangPanel
from web.presenters.findings import (
    NO_RULES,
    CandidateRow,
    EvidenceRow,
    FindingRow,
    candidate_rows,
    evidence_rows,
    finding_rows,
)
from web.presenters.history import HistoryLine, history_lines
from web.presenters.pages import RemovedPage, ViewerPage, removed_pages, viewer_pages
from web.presenters.twins import Twin, twins_of

UNDELIVERED = ("cut", "classified", "identified", "routed")
STATES = {
    "delivered": "im Postkorb",
    "clearing": "in Klärung",
    "filed": "zu den Akten",
    "quarantined": "in Quarantäne",
}


FORMS = {
    "paper": "Papier",
    "fax": "Fax",
    "mail": "E-Mail",
    "court_mail": "Gerichtspost (beBPo/eBO)",
    "upload": "hochgeladen",
    "interface": "Fachverfahren",
    "note": "eigener Vermerk",
    "online": "Online-Antrag",
}
SIGNATURES = {
    "valid": "Signatur gültig",
    "invalid": "Signatur nicht gültig",
    "unknown": "Signatur nicht geprüft",
}
NO_FORM = "per einfacher E-Mail: keine wirksame Form (§ 84 SGG), dennoch eilig"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A receipt stamp as it is proposed; ``iso`` is empty where it may not be taken over."""

    day: str
    where: str
    here: bool
    iso: str
    evidence: EvidenceRow


def form_of(view: DocumentView) -> str:
    """How it reached the authority, with the signature report's result."""
    return german.joined(
        (FORMS.get(view.form, view.form), SIGNATURES.get(view.signature, "")), ", "
    )


def _is_objection(view: DocumentView) -> bool:
    return any(item.id == "widerspruch" for item in view.schlagworte)


def stamps_of(view: DocumentView) -> tuple[Stamp, ...]:
    """Stamps that say something else than what stands there already."""
    known = {(view.received, True), (view.received_elsewhere, False)}
    return tuple(
        Stamp(
            day=german.weekday(one.day),
            where="hier" if one.here else "bei anderer Stelle",
            here=one.here,
            iso=one.day.isoformat() if view.may_set_receipt else "",
            evidence=evidence_rows([one.evidence])[0],
        )
        for one in view.stamps
        if (one.day, one.here) not in known
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentScreen:
    """Everything that the templates ask of a document."""

    id: str
    url: str
    version: int
    title: str
    given_title: str
    schlagwort: str
    given_by: str
    further: tuple[str, ...]
    aktenzeichen: str
    aktenzeichen_path: str
    provisional: bool
    people: str
    received: str
    received_elsewhere: str
    deadline: str
    deadlines: tuple[tuple[str, str, str], ...]
    state: str
    lies_with: str
    filed: str
    may_take_up: bool
    source: str
    sub_file: str
    clearing_reason: str
    pages: tuple[ViewerPage, ...]
    removed: tuple[RemovedPage, ...]
    desk_url: str
    words_url: str
    download_url: str
    findings: tuple[FindingRow, ...]
    candidates: tuple[CandidateRow, ...]
    chosen: CandidateRow | None
    evidence: tuple[EvidenceRow, ...]
    entries: tuple[PostboxEntryView, ...]
    history: tuple[HistoryLine, ...]
    form: str
    form_hint: str
    stamps: tuple[Stamp, ...]
    twins: tuple[Twin, ...]
    facts: tuple[FactGroup, ...]
    fact_choices: tuple[Choice, ...]
    sender_line: str
    vorgang: VorgangPanel | None
    may_correct: bool
    annotations: tuple[AnnotationRow, ...] = ()


def person(value: PersonView) -> str:
    """``Müller, Jörg (07.03.1984)``."""
    born = f" ({german.day(value.birth_date)})" if value.birth_date else ""
    return f"{value.last_name}, {value.first_name}{born}"


def may_order(view: DocumentView, *, clearing: bool) -> bool:
    """Whether the document lies on the reader's desk, so that they may order its pages."""
    tasks = [entry for entry in view.entries if not entry.copy]
    if view.state == "clearing":
        return any(entry.postbox == CLEARING for entry in tasks)
    return bool(tasks) if view.state == "delivered" else clearing and view.state in UNDELIVERED


def deadline_rows(deadlines: Iterable[DeadlineFinding]) -> tuple[tuple[str, str, str], ...]:
    """Rule, last day, how it was reckoned; the earliest first."""
    return tuple(
        (found.rule, german.weekday(found.ends), found.reason)
        for found in sorted(deadlines, key=lambda found: found.ends)
    )


def screen(
    view: DocumentView,
    *,
    titles: dict[str, str],
    written: Mapping[str, tuple[str, ...]] = NO_RULES,
    search: str = "",
    clearing: bool = False,
) -> DocumentScreen:
    """The document for the screen; ``search`` are the words to mark.

    ``written`` are the phrases of the rules, by their ids.

    The case files that were not chosen are shown at the ``clearing`` desk only: they name other
    people and what the register says of them.
    """
    base = f"/dokumente/{quote(view.id)}"
    ordered = sorted(view.schlagworte, key=lambda item: item.position)
    primary = ordered[0] if ordered else None
    chosen = view.case_finding.chosen if view.case_finding else None
    others = view.case_finding.candidates if view.case_finding and clearing else ()
    query = f"?{urlencode({'suche': search})}" if search else ""
    deadlines = deadline_rows(view.deadlines)
    aktenzeichen = view.case_file.aktenzeichen if view.case_file else ""
    pieces = [item for finding in view.findings[:1] for item in finding.evidence]
    pieces += list(chosen.evidence) if chosen else []
    annotations = annotation_rows(view.annotations)
    return DocumentScreen(
        id=view.id,
        url=base,
        version=view.version,
        title=view.title,
        given_title=view.given_title,
        schlagwort=primary.id if primary else "",
        given_by=primary.given_by if primary else "",
        further=tuple(
            german.joined((item.title, german.page_numbers(item.pages)), " ")
            for item in ordered[1:]
        ),
        aktenzeichen=aktenzeichen,
        aktenzeichen_path=path_of(aktenzeichen),
        provisional=view.case_file.provisional if view.case_file else False,
        people="; ".join(person(value) for value in view.people),
        received=german.weekday(view.received),
        received_elsewhere=german.weekday(view.received_elsewhere),
        deadline=deadlines[0][1] if deadlines else "",
        deadlines=deadlines,
        state=STATES.get(view.state, view.state),
        lies_with=german.joined(view.lies_with, "; "),
        filed=german.joined((german.moment(view.filed_at), view.filed_by), ", "),
        may_take_up=view.may_take_up,
        source=view.source_name,
        sub_file=sub_file(view.sub_file or ""),
        clearing_reason=view.clearing_reason or "",
        pages=viewer_pages(view.id, view.pages, annotations),
        annotations=annotations,
        removed=removed_pages(view.id, view.pages),
        desk_url=f"{base}/seiten" if may_order(view, clearing=clearing) else "",
        words_url=f"{base}/seiten/{{page}}/worte{query}",
        download_url=f"{base}/archiv.pdf" if view.has_archive_copy else "",
        findings=finding_rows(view.findings, titles, written),
        candidates=candidate_rows(others),
        chosen=candidate_rows((chosen,))[0] if chosen else None,
        evidence=evidence_rows(pieces, written),
        entries=view.entries,
        history=history_lines(view.history),
        form=form_of(view),
        form_hint=NO_FORM if view.form == "mail" and _is_objection(view) else "",
        stamps=stamps_of(view),
        twins=twins_of(view.twins),
        facts=fact_presenter.groups(view.facts),
        fact_choices=fact_presenter.choices(view.facts),
        sender_line=fact_presenter.sender_line(view.facts),
        vorgang=fact_presenter.panel(view.vorgang, view.vorgaenge),
        may_correct=view.may_set_receipt,
    )
