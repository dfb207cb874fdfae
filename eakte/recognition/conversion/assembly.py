"""A reading copy under construction: parts one after the other, each with its pages.

A part that can't be shown becomes a page that names it and says why; nothing vanishes.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import pikepdf

from eakte.domain.conversion import MAIL_BODY, Part
from eakte.domain.pages import Remark
from eakte.errors import IntakeError
from eakte.recognition.archive_images import images_to_pdf
from eakte.recognition.conversion.archives import unpack
from eakte.recognition.conversion.html_text import html_blocks
from eakte.recognition.conversion.mails import Attachment, Mail, read_eml
from eakte.recognition.conversion.office import office_pdf
from eakte.recognition.conversion.outlook import read_msg
from eakte.recognition.conversion.pdf_files import PdfFacts, examine
from eakte.recognition.conversion.texts import cut, decoded, decoded_html, plain_blocks
from eakte.recognition.conversion.typesetting import Block, typeset
from eakte.recognition.formats import IMAGES, OFFICE, SourceFormat, detect
from eakte.recognition.images import ImageSource
from eakte.recognition.limits import Limits
from eakte.recognition.pdfs import PdfSource

_LOGO_PIXELS = 90_000
"""A picture within a mail's text below 300 by 300 is a logo or a smiley."""

_TEXT_BYTES_PER_CHAR = 4


class Assembly:
    """Collects the pieces of a reading copy in ``folder``.

    ``parts`` and ``pages`` say what it holds so far.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._until = time.monotonic() + limits.prepare_seconds
        self._pieces: list[Path] = []
        self._scratch = 0
        self._shown = 0
        self._listed: list[tuple[str, str]] = []
        self._remarks: dict[str, Remark] = {}
        self._unknown = 0
        self.parts: list[Part] = []
        self.pages = 0

    # -- what a source is made of -----------------------------------------------------------

    def add_source(self, path: Path, kind: SourceFormat) -> None:
        """The source itself.  Raises ``IntakeError`` where it can't be shown."""
        if kind is SourceFormat.EML:
            self._add_mail(MAIL_BODY, read_eml(path, self._limits), None, 0)
        elif kind is SourceFormat.MSG:
            self._add_mail(MAIL_BODY, read_msg(path, self._limits), None, 0)
        else:
            self._add_file(path, kind)
        self._add_list()

    def add_pdf_with_files(self, name: str, path: Path, facts: PdfFacts) -> None:
        """A PDF as it is, then the files that it carries."""
        self._add_pdf(name, path, facts, None, 0)
        self._add_list()

    # -- the result -------------------------------------------------------------------------

    def joined(self) -> Path:
        """One PDF of all pieces.  qpdf joins them without holding them in memory together."""
        out = self._folder / "lesefassung.pdf"
        job = pikepdf.Job(
            [
                *("pikepdf", "--empty", "--pages", *(str(piece) for piece in self._pieces), "--"),
                *("--deterministic-id", "--object-streams=generate", "--warning-exit-0", str(out)),
            ]
        )
        job.run()
        return out

    def remarks(self) -> Iterable[Remark]:
        """What was out of the ordinary."""
        yield from self._remarks.values()
        if self._unknown:
            yield Remark(
                code="characters",
                message=f"{self._unknown} Zeichen, für die keine Schrift da ist, stehen als ▯.",
            )

    # -- parts ------------------------------------------------------------------------------

    def _add_mail(self, name: str, mail: Mail, sha256: str | None, depth: int) -> None:
        first = self.pages + 1
        blocks = [
            Block(kind="pairs", rows=(*mail.head, *_list_of(mail.attachments))),
            Block(kind="rule"),
            *(mail.body or (Block(text="[Die E-Mail hat keinen Text.]"),)),
        ]
        self._set(blocks)
        if mail.was_cut:
            self._cut()
        self._note_part(name, first, sha256)
        for attachment in mail.attachments:
            self._add_attachment(attachment, depth + 1)

    def _add_attachment(self, attachment: Attachment, depth: int) -> None:
        name, data = attachment.name, attachment.data
        sha256 = None if attachment.mail else hashlib.sha256(data).hexdigest()
        if attachment.inline and self._is_logo(data):
            self._remark("logos", "Kleine Bilder im Text der E-Mail (Logos) haben keine Seite.")
            self.parts.append(Part(name=name, sha256=sha256))
            return
        reason = self._why_not_another()
        if reason is not None:
            self._listed.append((name, reason))
            self.parts.append(Part(name=name, sha256=sha256, problem=reason))
            return
        self._shown += 1
        if attachment.mail is not None:
            self._add_mail(name, attachment.mail, None, depth)
            return
        path = self._new_file("anhang")
        path.write_bytes(data)
        self._add_named(name, path, sha256, depth)

    def _add_named(self, name: str, path: Path, sha256: str | None, depth: int) -> None:
        """An attachment that lies in a file; one that can't be read gets a page that says so."""
        before = self.pages, len(self._pieces), len(self.parts)
        try:
            self._add_by_kind(name, path, sha256, depth)
        except IntakeError as error:
            self.pages = before[0]
            del self._pieces[before[1] :], self.parts[before[2] :]
            self._add_notice(name, path.stat().st_size, sha256, str(error))

    def _add_by_kind(self, name: str, path: Path, sha256: str | None, depth: int) -> None:
        kind = detect(path)
        nested = kind in (SourceFormat.EML, SourceFormat.MSG, SourceFormat.ZIP)
        if nested and depth > self._limits.nesting:
            raise IntakeError(
                f"Mehr als {self._limits.nesting} ineinander verschachtelte E-Mails oder Archive "
                "werden nicht geöffnet.",
                reason="too_deep",
            )
        if kind is SourceFormat.EML:
            self._add_mail(name, read_eml(path, self._limits), sha256, depth)
        elif kind is SourceFormat.MSG:
            self._add_mail(name, read_msg(path, self._limits), sha256, depth)
        elif kind is SourceFormat.ZIP:
            self._add_archive(name, path, depth)
        elif kind is SourceFormat.PDF:
            facts = examine(path, self._new_folder(), self._limits)
            self._add_pdf(name, facts.mended or path, facts, sha256, depth)
        else:
            first = self.pages + 1
            self._add_file(path, kind)
            self._note_part(name, first, sha256)

    def _add_pdf(
        self, name: str, path: Path, facts: PdfFacts, sha256: str | None, depth: int
    ) -> None:
        for remark in facts.remarks:
            self._remark(remark.code, remark.message)
        first = self.pages + 1
        with PdfSource(path, self._limits):  # joined, it has to open page by page
            self._add_piece(path, facts.page_count)
        self._note_part(name, first, sha256)
        if facts.form:
            first = self.pages + 1
            self._set(facts.form)
            self._note_part("Eingaben im PDF-Formular", first, None)
        for attachment in facts.attachments:
            if depth >= self._limits.nesting:
                self._listed.append((attachment.name, "zu tief verschachtelt"))
            else:
                self._add_attachment(attachment, depth + 1)

    def _add_archive(self, name: str, path: Path, depth: int) -> None:
        for member in unpack(path, self._new_folder(), self._limits).members:
            shown = f"{name}/{member.name}"
            reason = self._why_not_another()
            if reason is not None:
                self._listed.append((shown, reason))
                self.parts.append(Part(name=shown, problem=reason))
                continue
            self._shown += 1
            if member.path is None:
                self._add_notice(shown, member.size, None, (member.problem or ("", ""))[1])
                continue
            sha256 = _sha256_of(member.path)
            self._add_named(shown, member.path, sha256, depth + 1)

    def _add_file(self, path: Path, kind: SourceFormat) -> None:
        """A file whose pages come from itself alone."""
        if kind in IMAGES:
            self._add_image(path)
        elif kind in OFFICE:
            seconds = min(self._limits.office_seconds, max(self._until - time.monotonic(), 5.0))
            made = office_pdf(path, kind, self._new_folder(), seconds)
            self._remark(
                "converted", "Office-Dateien wurden mit LibreOffice in Seiten umgewandelt."
            )
            with PdfSource(made, self._limits) as source:
                count = source.page_count
            self._add_piece(made, count)
        else:
            self._set(self._text_blocks(path, kind))

    def _text_blocks(self, path: Path, kind: SourceFormat) -> tuple[Block, ...]:
        most = self._limits.text_chars
        with path.open("rb") as file:
            data = file.read(_TEXT_BYTES_PER_CHAR * most + 1)
        text = decoded_html(data) if kind is SourceFormat.HTML else decoded(data)
        text, was_cut = cut(text, most)
        if was_cut:
            self._cut()
        if kind is SourceFormat.HTML:
            return html_blocks(text) or (Block(text="[Die Seite hat keinen Text.]"),)
        return plain_blocks(text) or (Block(text="[Die Datei hat keinen Text.]"),)

    def _add_image(self, path: Path) -> None:
        piece = self._new_file("bild.pdf")
        with images_to_pdf(path, self._limits) as pdf:
            count = len(pdf.pages)
            pdf.save(piece, deterministic_id=True)
        self._add_piece(piece, count)

    # -- pieces -----------------------------------------------------------------------------

    def _set(self, blocks: Sequence[Block]) -> None:
        made = typeset(blocks)
        self._unknown += made.unknown
        for data in made.pieces:
            piece = self._new_file("text.pdf")
            piece.write_bytes(data)
            with PdfSource(piece, self._limits) as source:
                count = source.page_count
            self._add_piece(piece, count)

    def _add_piece(self, piece: Path, count: int) -> None:
        if self.pages + count > self._limits.pages:
            raise IntakeError(
                f"Mehr als {self._limits.pages} Seiten werden nicht gelesen.",
                remedy="Bitte in kleineren Teilen einreichen.",
                reason="too_large",
            )
        self._pieces.append(piece)
        self.pages += count

    def _add_notice(self, name: str, size: int, sha256: str | None, reason: str) -> None:
        """A page in place of what can't be shown."""
        first = self.pages + 1
        rows = [("Datei", name), ("Größe", f"{size} Byte"), ("Grund", reason)]
        if sha256 is not None:
            rows.append(("SHA-256", sha256))
        self._set(
            [
                Block(kind="title", text="Anlage nicht lesbar"),
                Block(kind="pairs", rows=tuple(rows)),
                Block(text="Die Datei ist im Original enthalten, das unverändert aufbewahrt wird."),
            ]
        )
        self._note_part(name, first, sha256, reason)
        self._remark("unreadable_parts", "Nicht alle Anlagen ließen sich als Seiten wiedergeben.")

    def _add_list(self) -> None:
        """The page that names what has no pages of its own."""
        if not self._listed:
            return
        first = self.pages + 1
        self._set(
            [
                Block(kind="title", text="Weitere Anlagen ohne eigene Seiten"),
                *(Block(kind="item", text=f"{name} ({why})") for name, why in self._listed),
                Block(text="Sie sind im Original enthalten, das unverändert aufbewahrt wird."),
            ]
        )
        self._note_part("Weitere Anlagen", first, None)
        self._remark(
            "attachments_listed",
            f"{len(self._listed)} weitere Anlagen sind nur mit ihrem Namen aufgeführt.",
        )

    # -- small things -----------------------------------------------------------------------

    def _why_not_another(self) -> str | None:
        if self._shown >= self._limits.attachments:
            return f"mehr als {self._limits.attachments} Anlagen"
        if time.monotonic() > self._until:
            return f"nach {self._limits.prepare_seconds:.0f} Sekunden abgebrochen"
        return None

    def _is_logo(self, data: bytes) -> bool:
        path = self._new_file("logo")
        path.write_bytes(data)
        try:
            with ImageSource(path, self._limits) as source:
                width, height = source.size
        except IntakeError:
            return False
        return width * height < _LOGO_PIXELS

    def _note_part(
        self, name: str, first: int, sha256: str | None, problem: str | None = None
    ) -> None:
        self.parts.append(
            Part(name=name, first_page=first, last_page=self.pages, sha256=sha256, problem=problem)
        )

    def _remark(self, code: str, message: str) -> None:
        self._remarks.setdefault(code, Remark(code=code, message=message))

    def _cut(self) -> None:
        self._remark(
            "cut", "Ein sehr langer Text ist gekürzt wiedergegeben; das Original hat alles."
        )

    def _new_file(self, name: str) -> Path:
        self._scratch += 1
        return self._folder / f"{self._scratch:05d}-{name}"

    def _new_folder(self) -> Path:
        folder = self._new_file("ordner")
        folder.mkdir()
        return folder


def _list_of(attachments: Sequence[Attachment]) -> tuple[tuple[str, str], ...]:
    names = [one.name for one in attachments]
    return (("Anlagen", "\n".join(names)),) if names else ()


def _sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
