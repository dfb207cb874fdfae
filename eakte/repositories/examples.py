"""Corrections kept as examples: written by services, read by the worker and the operator alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from eakte.domain.rights import Reader
from eakte.models import CaseFile, Example, FindingRow, Membership, PersonRow, Representative

READ_AT_ONCE = 50


class Examples:
    """Every method is the system's: no person reads examples on a screen."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def of_document(self, reader: Reader, document_id: str) -> Sequence[Example]:
        """The examples made of a document."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Example).where(Example.document_id == document_id).order_by(Example.kind)
        ).all()

    def unread(self, reader: Reader, limit: int) -> Sequence[Example]:
        """Examples whose text was not made yet, oldest first."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Example)
            .where(Example.pages.is_(None))
            .order_by(Example.made_at, Example.id)
            .limit(limit)
        ).all()

    def ready(self, reader: Reader, kind: str) -> Iterator[Example]:
        """Examples of a kind with their text, in the order of their ids."""
        if not reader.is_system:
            return
        yield from self.session.scalars(
            select(Example)
            .where(Example.kind == kind, Example.pages.is_not(None))
            .order_by(Example.id)
            .execution_options(yield_per=READ_AT_ONCE)
        )

    def outlived(self, reader: Reader, today: date, limit: int) -> Sequence[Example]:
        """Examples whose day of deletion has come."""
        if not reader.is_system:
            return []
        return self.session.scalars(
            select(Example).where(Example.delete_after <= today).order_by(Example.id).limit(limit)
        ).all()

    def names_of(self, reader: Reader, case_file_ids: Iterable[str]) -> tuple[list[str], list[str]]:
        """Every name in these case files, representatives' too; and the streets and towns."""
        if not reader.is_system:
            return [], []
        ids = list(case_file_ids)
        members = select(Membership.person_id).where(Membership.case_file_id.in_(ids))
        names, places = [], []
        for person in self.session.scalars(select(PersonRow).where(PersonRow.id.in_(members))):
            names += [person.first_name, person.last_name, person.former_names]
        for one in self.session.scalars(
            select(Representative).where(Representative.person_id.in_(members))
        ):
            names.append(one.name)
            places += [one.street, one.city]
        for cover in self.session.scalars(select(CaseFile).where(CaseFile.id.in_(ids))):
            places += [cover.street, cover.city]
        return names, places

    def rules_version(self, reader: Reader, document_id: str) -> int | None:
        """The version of the rules that suggested the document's Schlagwort."""
        if not reader.is_system:
            return None
        return self.session.scalar(
            select(FindingRow.rules_version).where(
                FindingRow.document_id == document_id,
                FindingRow.kind == "schlagwort",
                FindingRow.rank == 0,
            )
        )

    def add(self, example: Example) -> None:
        """Keep an example."""
        self.session.add(example)
        self.session.flush()

    def delete(self, example: Example) -> None:
        """Remove it with its text."""
        self.session.delete(example)
        self.session.flush()
