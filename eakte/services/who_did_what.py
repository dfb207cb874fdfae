"""Whoever comes second hears who was first and what they did."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from eakte.domain.rights import system_reader
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import EakteSession
from eakte.repositories.organisation import Organisation

_PLACE = system_reader("who-did-what")
TRACES = frozenset({"document.open", "document.text", "document.download", "document.refused"})
"""Looks, which change nothing."""

_DONE = {
    "document.open": "hat das Dokument geöffnet",
    "document.acknowledge": "hat das Dokument als gesehen vermerkt",
    "document.fact": "hat eine Angabe berichtigt",
    "document.receipt": "hat den Eingang geändert",
    "document.vorgang": "hat den Vorgang geändert",
    "document.file": "hat das Dokument zu den Akten genommen",
    "document.forward": "hat das Dokument weitergeleitet",
    "document.assign": "hat das Dokument zugeordnet",
    "document.take_up": "hat das Dokument wieder vorgelegt",
    "document.taken_over": "hat das Dokument übernommen",
    "document.taken_back": "hat eine Handlung zurückgenommen",
}


def who_did_what(
    session: EakteSession,
    document_id: str,
    *,
    but: str = "",
    since: datetime | None = None,
    looks: bool = False,
) -> str:
    """A sentence about the last change of a document; empty where nobody changed it.

    ``but`` is a login whose own actions do not count, ``since`` the moment after which they do;
    ``looks``: that somebody opened it counts as well.
    """
    for row in AuditLog(session).of_document(_PLACE, document_id):
        if since is not None and row.at <= since:
            break
        passed_over = row.action in TRACES and not (looks and row.action == "document.open")
        if passed_over or row.actor.startswith("system:") or row.actor == but:
            continue
        name = Organisation(session).names([row.actor])[row.actor]
        return f"{name} {_DONE.get(row.action, 'hat das Dokument inzwischen geändert')}."
    return ""


def who_was_quicker(
    session: EakteSession, subject_type: str, subject_id: str, actions: Iterable[str]
) -> tuple[str, str]:
    """Who did one of ``actions`` last, by name, and which; "Das Register" and "" for nobody.

    An import leaves no row of its own about each of what it changes.
    """
    row = AuditLog(session).newest(_PLACE, subject_type, subject_id, actions)
    if row is None:
        return "Das Register", ""
    return Organisation(session).names([row.actor])[row.actor], row.action
