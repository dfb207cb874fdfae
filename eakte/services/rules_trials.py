"""What a trial showed, as far as whoever asks may see it.

Counts, Schlagworte, rules and what stands in rule files are for everyone who may see trials.
Which documents those are, and the words on them, is for those who may open these documents.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from classifiers.catalogue import compile_rules
from eakte.domain.pages import Box, PageText
from eakte.domain.rights import Reader
from eakte.domain.rules import Change, Origin, RuleFiles, TrialScope
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import RuleError
from eakte.models import Document, RuleTrial, RuleTrialChange
from eakte.repositories.database import EakteSession
from eakte.repositories.documents import Documents
from eakte.repositories.rule_trials import RuleTrials
from eakte.repositories.rules import RuleBook
from eakte.repositories.sources import Sources
from eakte.services.describing import titles
from eakte.services.rules_proposals import name_of
from eakte.services.rules_views import ChangedDocument, Shift, TrialView, Why

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE_OF_DOCUMENTS = 50
"""Documents on one screen of a trial."""

Phrases = Mapping[str, tuple[str, ...]]


def trial_view(session: EakteSession, trial: RuleTrial) -> TrialView:
    """How far it is, and its counts; no documents."""
    return TrialView(
        id=trial.id,
        origin=Origin(trial.origin),
        digest=trial.digest,
        against=trial.against,
        scope=TrialScope(count=trial.last_documents, since=trial.since),
        asked_at=trial.asked_at,
        asked_by=name_of(session, trial.asked_by),
        state=trial.state,
        total=trial.total,
        done=trial.done,
        changed=trial.changed,
        problem=trial.problem or "",
        before=trial.tally["before"],
        after=trial.tally["after"],
        titles={},
    )


def whole_view(
    session: EakteSession,
    reader: Reader,
    trial: RuleTrial,
    known: Mapping[str, Schlagwort],
    page: int,
) -> TrialView:
    """With what would change by Schlagwort, and the documents that ``reader`` may open."""
    version = RuleBook(session).version(trial.against)
    old = _phrases(version.files if version else {})
    new = _phrases(trial.files)
    trials = RuleTrials(session)
    rows = trials.changes(
        reader, trial.id, limit=PAGE_OF_DOCUMENTS, offset=(page - 1) * PAGE_OF_DOCUMENTS
    )
    plain = trial_view(session, trial)
    called = _titles(version.files if version else {}) | _titles(trial.files)
    return TrialView(
        **{name: getattr(plain, name) for name in plain.__dataclass_fields__}
        | {
            "shifts": _shifts(trial.tally["shifts"].values(), old, new),
            "titles": called,
            "open_documents": trials.open_changes(reader, trial.id),
            "documents": _documents(session, reader, rows, known, (old, new)),
        }
    )


def warm_up(session: EakteSession, trial: RuleTrial | None) -> None:
    """Compile what :func:`whole_view` will ask for, before it keeps others waiting."""
    if trial is not None:
        version = RuleBook(session).version(trial.against)
        _phrases(version.files if version else {})
        _phrases(trial.files)


def _shifts(kept: Iterable[Mapping[str, Any]], old: Phrases, new: Phrases) -> tuple[Shift, ...]:
    order = list(Change)
    return tuple(
        sorted(
            (
                Shift(
                    old=one["old"],
                    new=one["new"],
                    kind=Change(one["kind"]),
                    count=one["count"],
                    old_rules=_rules(one["old_rules"], old),
                    new_rules=_rules(one["new_rules"], new),
                    agree_old=one["person"].get("old", 0),
                    agree_new=one["person"].get("new", 0),
                    agree_neither=one["person"].get("neither", 0),
                )
                for one in kept
            ),
            key=lambda shift: (order.index(shift.kind), -shift.count, shift.old, shift.new),
        )
    )


def _rules(
    counts: Mapping[str, int], phrases: Phrases
) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
    often = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    return tuple((rule, count, phrases.get(rule, ())) for rule, count in often)


def _documents(
    session: EakteSession,
    reader: Reader,
    rows: Sequence[tuple[RuleTrialChange, Document]],
    known: Mapping[str, Schlagwort],
    phrases: tuple[Phrases, Phrases],
) -> tuple[ChangedDocument, ...]:
    old, new = phrases
    called = titles(session, reader, known, [document for _, document in rows])
    pages = Documents(session).kept_page_ids(reader, [document.id for _, document in rows])
    texts = Sources(session).texts(reader, [page for those in pages.values() for page in those])
    answer = []
    for change, document in rows:
        own = [texts.get(page) for page in pages[document.id]]
        answer.append(
            ChangedDocument(
                document_id=document.id,
                title=called[document.id],
                received=document.received_here,
                kind=Change(change.kind),
                old=change.old,
                new=change.new,
                old_score=change.old_score,
                new_score=change.new_score,
                old_why=_why(change.old_why, own, old),
                new_why=_why(change.new_why, own, new),
                person=change.person,
            )
        )
    return tuple(answer)


def _why(
    kept: Sequence[Mapping[str, Any]], pages: Sequence[PageText | None], phrases: Phrases
) -> tuple[Why, ...]:
    answer = []
    for one in kept:
        page = pages[one["page"] - 1] if one["page"] <= len(pages) else None
        boxes = [Box(*box) for box in one["boxes"]]
        answer.append(
            Why(
                rule=one["rule"],
                phrases=phrases.get(one["rule"], ()),
                page=one["page"],
                words=_words_in(page, boxes) if page else "",
            )
        )
    return tuple(answer)


def _words_in(page: PageText, boxes: Sequence[Box]) -> str:
    """The words of the page whose middle lies in one of the boxes."""
    return " ".join(
        word.text
        for word in page.words
        if any(
            box.x0 <= (word.box.x0 + word.box.x1) / 2 <= box.x1
            and box.y0 <= (word.box.y0 + word.box.y1) / 2 <= box.y1
            for box in boxes
        )
    )


def _phrases(files: RuleFiles) -> Phrases:
    try:
        return {one.id: one.written for one in compile_rules(files).triggers}
    except RuleError:  # of a release that understood them; then the rules' names must do
        return {}


def _titles(files: RuleFiles) -> dict[str, str]:
    try:
        return {one.id: one.title for one in compile_rules(files).schlagworte.values()}
    except RuleError:
        return {}
