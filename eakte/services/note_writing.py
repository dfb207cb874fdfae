"""Notes written at the desk: a template filled in becomes a document of the file at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eakte.domain.notes import NoteTemplate
from eakte.domain.rights import Reader, system_reader
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import NotFound, Unusable
from eakte.repositories.database import Database
from eakte.repositories.documents import Documents
from eakte.services.by_number import by_number
from eakte.services.describing import number_of, titles
from eakte.services.handing_in import HandedIn, HandingIn
from eakte.services.refusals import attempts_noted, open_document
from eakte.services.views import NoteSubject

PLACE = system_reader("notes")
LONGEST = 20_000
"""Characters of a note; whatever is longer is no note."""


@dataclass(frozen=True, slots=True)
class NoteWriting:
    """Writes through the normal intake, with given facts (``docs/adr/0087-...``, ``0147-...``)."""

    database: Database
    schlagworte: Mapping[str, Schlagwort]
    handing_in: HandingIn
    written: Sequence[NoteTemplate]

    def templates(self, reader: Reader) -> tuple[NoteTemplate, ...]:  # noqa: ARG002  no secret
        """What can be written."""
        return tuple(self.written)

    def about(self, reader: Reader, document_id: str) -> NoteSubject:
        """The document that a note is about, with its file; raises ``NotFound``."""
        with attempts_noted(self.database, reader), self.database.read() as session:
            document = open_document(session, reader, document_id)
            filings = Documents(session).filings(reader, [document.id])[document.id]
            return NoteSubject(
                document_id=document.id,
                title=titles(session, reader, self.schlagworte, [document])[document.id],
                received=document.received_here,
                aktenzeichen=number_of(filings),
            )

    def write(
        self,
        reader: Reader,
        template_id: str,
        aktenzeichen: str,
        values: Mapping[str, str],
        *,
        document_id: str = "",
        deputy_for: str = "",
    ) -> HandedIn:
        """Hand the note in, zu den Akten at once; ``deputy_for``: in whose place it was written.

        Raises ``NotFound`` for an unknown template or document, ``Unusable`` where something is
        missing, the file is not open to the reader, or the document stands in another one.
        """
        template = next((one for one in self.written if one.id == template_id), None)
        if template is None:
            raise NotFound("Diese Vorlage gibt es nicht.")
        lines = list(_lines(template, values))
        absent = dict(reader.standing_in_for)
        if deputy_for:
            if deputy_for not in absent:
                raise Unusable("Sie vertreten diese Person heute nicht.")
            lines.insert(0, f"In Vertretung für {absent[deputy_for]}")
        if document_id:
            subject = self.about(reader, document_id)
            self._check_stands_in(reader, document_id, aktenzeichen)
            lines.append(f"Zu: {subject.title}, Eingang {subject.received:%d.%m.%Y}")
        return self.handing_in.note(
            reader, aktenzeichen, template.schlagwort, "\n".join(lines), title=template.title
        )

    def _check_stands_in(self, reader: Reader, document_id: str, aktenzeichen: str) -> None:
        """What a letter is called is no business of another file's."""
        with self.database.read() as session:
            cover = by_number(session, reader, self.handing_in.pattern, aktenzeichen)
            places = Documents(session).filings(PLACE, [document_id])[document_id]
            ids = {one.id for _, one in places}
        if cover is not None and ids and cover.id not in ids:
            raise Unusable(
                "Das Dokument, um das es geht, steht in einer anderen Akte.",
                remedy="Den Vermerk von der Akte aus schreiben, in die er gehört.",
            )


def _lines(template: NoteTemplate, values: Mapping[str, str]) -> Sequence[str]:
    lines: list[str] = []
    for field in template.fields:
        text = values.get(field.name, "").strip()
        if field.values and text and text not in field.values:
            raise Unusable(f"„{field.title}“ kennt diesen Wert nicht.")
        if not text and field.required:
            raise Unusable(f"„{field.title}“ ist leer.", remedy="Bitte ausfüllen.")
        if text:
            lines.append(f"{field.title}: {text}")
    if sum(map(len, lines)) > LONGEST:
        raise Unusable("Der Vermerk ist zu lang.", remedy=f"Höchstens {LONGEST} Zeichen.")
    return lines
