"""What a PDF file needs before its pages can be read.

The lock off, the damage mended, and which files it carries along: attachments, portfolios, values
of dynamic forms.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from lxml import etree
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from eakte.domain.pages import Remark
from eakte.errors import IntakeError
from eakte.recognition.conversion.mails import Attachment
from eakte.recognition.conversion.typesetting import Block
from eakte.recognition.limits import Limits, too_many_pages
from eakte.recognition.pdfs import encrypted_pdf, is_cut_off

UNLOCKED = Remark(
    code="unlocked",
    message="Die PDF-Datei war gegen Bearbeiten gesperrt und ließ sich ohne Kennwort lesen.",
)
REPAIRED = Remark(
    code="repaired",
    message="Die PDF-Datei war beschädigt und wurde für die Anzeige repariert; das Original liegt "
    "unverändert vor.",
)
_HURT = ("damaged", "reconstruct", "unable to find", "expected endstream", "recover")
_LOST = ("treating stream as empty", "unable to recover", "treating as null")
_MOST_VALUES = 2_000
_LONGEST_VALUE = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfFacts:
    """``mended`` is a sound copy where the file itself is not; ``form`` the values of its XFA."""

    page_count: int
    mended: Path | None
    attachments: tuple[Attachment, ...]
    form: tuple[Block, ...]
    remarks: tuple[Remark, ...]


def examine(path: Path, folder: Path, limits: Limits) -> PdfFacts:
    """Look through the PDF at ``path``; a mended copy lies in ``folder``.

    Raises ``IntakeError`` (``encrypted``, ``damaged``, ``too_large``).
    """
    with _opened(path) as pdf:
        _refuse_many_objects(pdf, limits)
        count = _page_count(pdf)
        if count > limits.pages:
            raise too_many_pages(limits.pages)
        remarks = [UNLOCKED] if pdf.is_encrypted else []
        mended = None
        attachments = tuple(_attachments(pdf))
        form = _dynamic_form(pdf)
        if is_cut_off(path) or _is_hurt(pdf):
            _refuse_losses(pdf, count)
            mended = folder / "repariert.pdf"
            _save(pdf, mended, count)
            remarks.append(REPAIRED)
    return PdfFacts(
        page_count=count,
        mended=mended,
        attachments=attachments,
        form=form,
        remarks=tuple(remarks),
    )


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[Pdf]:
    try:
        with Pdf.open(path) as pdf:
            yield pdf
    except pikepdf.PasswordError as error:
        raise encrypted_pdf() from error
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _damaged(_without_path(error, path)) from error


def _without_path(error: Exception, path: Path) -> str:
    """What qpdf says; it names the file first, which lies somewhere in the store."""
    return str(error).removeprefix(str(path)).lstrip(": ")


def _damaged(why: str) -> IntakeError:
    return IntakeError(
        f"Die PDF-Datei ist beschädigt und ließ sich nicht reparieren ({why}).",
        remedy="Bitte das Dokument erneut scannen oder anfordern.",
        reason="damaged",
    )


def _refuse_many_objects(pdf: Pdf, limits: Limits) -> None:
    """By the file's own word: counting them would cost what the limit is there to save."""
    count = int(pdf.trailer.get("/Size", 0))
    if count > limits.objects:
        raise IntakeError(
            f"Die PDF-Datei besteht aus {count} Teilen; gelesen werden höchstens {limits.objects}.",
            remedy="Bitte als PDF neu drucken oder in kleineren Teilen einreichen.",
            reason="too_large",
        )


def _page_count(pdf: Pdf) -> int:
    count = len(pdf.pages)
    if count == 0:
        raise _damaged("ohne Seiten")
    return count


def _is_hurt(pdf: Pdf) -> bool:
    return any(word in warning for warning in pdf.get_warnings() for word in _HURT)


def _refuse_losses(pdf: Pdf, count: int) -> None:
    """Mended is only what still has all its pages and everything that stands on them."""
    declared = pdf.Root.Pages.get(Name.Count)
    if declared is None or int(declared) != count:
        raise _damaged(f"von {declared} Seiten sind {count} da")
    seen: set[tuple[int, int]] = set()
    for number, page in enumerate(pdf.pages, start=1):
        for key in (Name.Contents, Name.Resources):
            if key in page.obj and not _is_whole(page.obj.get(key), seen):
                raise _damaged(f"auf Seite {number} fehlt etwas")
    lost = [one for one in pdf.get_warnings() if any(word in one for word in _LOST)]
    if lost:
        raise _damaged(_without_path(ValueError(lost[0]), Path(pdf.filename)))


def _is_whole(thing: Object | None, seen: set[tuple[int, int]]) -> bool:
    """Does everything below ``thing`` exist?  What a reference does not find is None."""
    waiting = [thing]
    while waiting:
        item = waiting.pop()
        if item is None:
            return False
        if not isinstance(item, Array | Dictionary | Stream):
            continue
        if item.objgen != (0, 0):
            if item.objgen in seen:
                continue
            seen.add(item.objgen)
        if isinstance(item, Array):
            held: list[Object | None] = list(item)
            waiting.extend(one for one in held if one is not None)
        else:
            waiting.extend(value for key, value in item.items() if key != "/Parent")
    return True


def _save(pdf: Pdf, path: Path, count: int) -> None:
    """Write the mended file; if it is still unsound, its pages alone in a new one."""
    for make in (_as_it_is, _pages_alone):
        make(pdf).save(
            path, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
        with contextlib.suppress(pikepdf.PdfError), Pdf.open(path, attempt_recovery=False) as read:
            if len(read.pages) == count:
                return
    raise _damaged("Seiten fehlen")


def _as_it_is(pdf: Pdf) -> Pdf:
    return pdf


def _pages_alone(pdf: Pdf) -> Pdf:
    alone = Pdf.new()
    alone.pages.extend(pdf.pages)
    return alone


def _attachments(pdf: Pdf) -> Iterator[Attachment]:
    """Embedded files of the document and of its pages' notes, in this order."""
    for name, attached in pdf.attachments.items():
        held = attached.obj.get("/EF")
        yield from _embedded(held, attached.filename or name)
    for page in pdf.pages:
        notes = page.obj.get(Name.Annots)
        for note in notes if isinstance(notes, Array) else ():
            if isinstance(note, Dictionary) and note.get(Name.Subtype) == Name.FileAttachment:
                held = note.get("/FS")
                if isinstance(held, Dictionary):
                    name = str(held.get("/UF", held.get("/F", "Anlage")))
                    yield from _embedded(held.get("/EF"), name)


def _embedded(held: Object | None, name: str) -> Iterator[Attachment]:
    if not isinstance(held, Dictionary):
        return
    stream = held.get("/UF", held.get("/F"))
    if isinstance(stream, Stream):
        yield Attachment(name=name, data=stream.read_bytes())


def _dynamic_form(pdf: Pdf) -> tuple[Block, ...]:
    """What was typed into a dynamic XFA form, whose only page asks for another program."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, Dictionary) or not bool(pdf.Root.get("/NeedsRendering", False)):
        return ()
    xfa = form.get("/XFA")
    if not isinstance(xfa, Array):
        return ()
    packets = {str(xfa[n]): xfa[n + 1] for n in range(0, len(xfa) - 1, 2)}
    data = packets.get("datasets")
    if not isinstance(data, Stream):
        return ()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    root = etree.fromstring(data.read_bytes(), parser)
    rows = []
    for element in root.iter() if root is not None else ():
        if isinstance(element.tag, str) and len(element) == 0 and (element.text or "").strip():
            name = etree.QName(element).localname
            rows.append((name, (element.text or "").strip()[:_LONGEST_VALUE]))
    if not rows:
        return ()
    return (
        Block(kind="title", text="Eingaben im PDF-Formular"),
        *(Block(text=f"{name}: {value}") for name, value in rows[:_MOST_VALUES]),
    )
