"""Wiedervorlagen: what comes back to which desk, and when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import ColumnElement, false, func, or_, select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import Document, Wiedervorlage
from eakte.repositories.rights import document_visible


class Wiedervorlagen:
    """Those on desks open to a reader, about documents that they may open.

    An absence moves nothing: the deputy of today has the absent one's as they stand.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    def get(self, reader: Reader, reminder_id: str) -> Wiedervorlage | None:
        """One of them, open or done; locked for the transaction."""
        return self.session.scalar(
            select(Wiedervorlage)
            .join(Document, Document.id == Wiedervorlage.document_id)
            .where(Wiedervorlage.id == reminder_id, _on_desk_of(reader), document_visible(reader))
            .with_for_update(of=Wiedervorlage)
            .execution_options(populate_existing=True)
        )

    def open_on(
        self, reader: Reader, desks: Iterable[str], *, until: date | None = None, limit: int = 500
    ) -> Sequence[tuple[Wiedervorlage, Document]]:
        """Open ones of these logins and teams, the first due on top."""
        wanted = list(desks)
        ways = or_(Wiedervorlage.login.in_(wanted), Wiedervorlage.team_id.in_(wanted))
        query = (
            select(Wiedervorlage, Document)
            .join(Document, Document.id == Wiedervorlage.document_id)
            .where(
                Wiedervorlage.done_at.is_(None), ways, _on_desk_of(reader), document_visible(reader)
            )
            .order_by(Wiedervorlage.due, Wiedervorlage.made_at, Wiedervorlage.id)
            .limit(limit)
        )
        if until is not None:
            query = query.where(Wiedervorlage.due <= until)
        return [(row, document) for row, document in self.session.execute(query)]

    def due_counts(self, reader: Reader, until: date) -> dict[str, int]:
        """By login or team: how many are due up to that day."""
        desk = func.coalesce(Wiedervorlage.login, Wiedervorlage.team_id)
        rows = self.session.execute(
            select(desk, func.count())
            .join(Document, Document.id == Wiedervorlage.document_id)
            .where(
                Wiedervorlage.done_at.is_(None),
                Wiedervorlage.due <= until,
                _on_desk_of(reader),
                document_visible(reader),
            )
            .group_by(desk)
        )
        return {str(owner): int(count) for owner, count in rows}

    def of_document(self, reader: Reader, document_id: str) -> Sequence[Wiedervorlage]:
        """Open ones of a document on the reader's desks, the first due on top."""
        return self.session.scalars(
            select(Wiedervorlage)
            .join(Document, Document.id == Wiedervorlage.document_id)
            .where(
                Document.id == document_id,
                Wiedervorlage.done_at.is_(None),
                _on_desk_of(reader),
                document_visible(reader),
            )
            .order_by(Wiedervorlage.due, Wiedervorlage.id)
        ).all()

    def add(self, row: Wiedervorlage) -> None:
        """Put one on a desk."""
        self.session.add(row)
        self.session.flush()

    def remove(self, row: Wiedervorlage) -> None:
        """Take one away that was made just now."""
        self.session.delete(row)
        self.session.flush()


def _on_desk_of(reader: Reader) -> ColumnElement[bool]:
    """One's own, those of the absent one stands in for, of one's teams; of a lead's people."""
    if reader.is_system:
        return Wiedervorlage.id.is_not(None)
    logins = sorted({login for point in reader.standpoints for login in point.logins})
    teams = sorted({team for point in reader.standpoints for team in point.teams})
    ways: list[ColumnElement[bool]] = [false()]
    if logins:
        ways.append(Wiedervorlage.login.in_(logins))
    if teams:
        ways.append(Wiedervorlage.team_id.in_(teams))
    return or_(*ways)
