"""The archive copy of a source: PDF/A-2b with the recognised words under each page.

Pages go in as they came.  A page that can't be made valid (a font that is not embedded, colours
without a profile, ...) is redrawn as an image with its words; the original stays in the store.
pikepdf's validator decides, except that fonts which it merely can't decode (those of some
typesetters) pass; the tests ask a second validator.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from mmap import ACCESS_READ, mmap
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Dictionary, Name, Page, Pdf, pdfa
from PIL import ImageCms
from PIL.Image import Dither

from eakte.domain.pages import RecognisedPage, Remark, TextSource
from eakte.recognition.archive_images import (
    g4_image,
    images_to_pdf,
    jpeg_image,
    replace_jbig2,
)
from eakte.recognition.formats import SourceFormat, detect
from eakte.recognition.hidden_text import remove_hidden_text
from eakte.recognition.limits import Limits
from eakte.recognition.pdfs import PdfSource, damaged_pdf, encrypted_pdf
from eakte.recognition.previews import without_needless_colour
from eakte.recognition.reading import turned_image, working_dpi
from eakte.recognition.spool import PageSpool
from eakte.recognition.text_layer import add_words, words_font
from eakte.recognition.xmp import write_note

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from PIL.Image import Image

    from eakte.domain.pages import Word
    from eakte.domain.proof import TransferNote

FLAVOUR = "2b"
REDRAWN_DPI = 200

_CR_AT_END = b"\r\nendstream"
_WRITINGS = 4

_UNDECODED_FONT = "pikepdf:font-program"

_KEPT_IN_CATALOGUE = {"/Type", "/Pages", "/Lang", "/OCProperties", "/Metadata", "/OutputIntents"}
_DROPPED_FROM_PAGE = {"/AA", "/Annots", "/Thumb", "/PieceInfo", "/B", "/Tabs", "/StructParents"}


def archive_copy(
    path: Path,
    pages: Iterable[RecognisedPage],
    limits: Limits | None = None,
    note: TransferNote | None = None,
) -> bytes:
    """The bytes of :func:`archived`."""
    with TemporaryDirectory(prefix="eakte-") as folder:
        into = Path(folder) / "copy.pdf"
        archived(path, pages, into, limits, note)
        return into.read_bytes()


def archived(
    path: Path,
    pages: Iterable[RecognisedPage] | PageSpool,
    into: Path,
    limits: Limits | None = None,
    note: TransferNote | None = None,
) -> tuple[Remark, ...]:
    """Write ``path`` as PDF/A-2b to ``into``; a remark for every page that had to be redrawn.

    The same input gives the same bytes, so a repeated step adds nothing.  Pages that are missing
    from ``pages`` keep their image and get no words.  ``note`` goes into the metadata, with the
    remarks.  Raises ``IntakeError`` where the file can't be opened.
    """
    limits = limits or Limits()
    by_number = pages if isinstance(pages, PageSpool) else {page.number: page for page in pages}
    if detect(path) is not SourceFormat.PDF:
        with images_to_pdf(path, limits) as pdf:
            _turn_and_add_words(pdf, by_number, set())
            _save(pdf, note, (), into)
        return ()
    return _from_pdf(path, by_number, into, limits, note)


def _from_pdf(
    path: Path,
    by_number: Mapping[int, RecognisedPage],
    into: Path,
    limits: Limits,
    note: TransferNote | None,
) -> tuple[Remark, ...]:
    garbled = _garbled(path, by_number, limits)
    # Hardly a file breaks the rules: only where the finished copy does, pages are looked at singly.
    for which in (_none, _invalid):
        with _opened(path) as pdf:
            everything = set(range(1, len(pdf.pages) + 1))
            _clean(pdf)
            invalid = which(pdf, garbled)
            redrawn = garbled | invalid
            if redrawn:
                _redraw(pdf, path, redrawn, by_number, limits)
            _turn_and_add_words(pdf, by_number, redrawn)
            remarks = _redrawn(garbled, invalid)
            with suppress(pdfa.PdfaError):
                _save(pdf, note, remarks, into)
                return remarks
    with Pdf.new() as pdf:
        for _ in everything:
            pdf.add_blank_page()
        _redraw(pdf, path, everything, by_number, limits)
        _turn_and_add_words(pdf, by_number, everything)
        remarks = _redrawn(garbled, everything - garbled)
        _save(pdf, note, remarks, into)
        return remarks


def _redrawn(garbled: set[int], invalid: set[int]) -> tuple[Remark, ...]:
    """What the transfer note has to say of pages that are pictures now (TR-03138)."""
    why = {
        **dict.fromkeys(garbled, "ihr eigener Text war nicht lesbar"),
        **dict.fromkeys(invalid - garbled, "sie war nicht als PDF/A darstellbar"),
    }
    return tuple(
        Remark(
            code="redrawn",
            message=f"Die Seite steht in der Archivfassung als neues Bild; {why[number]}.",
            page=number,
        )
        for number in sorted(why)
    )


def _opened(path: Path) -> Pdf:
    try:
        return Pdf.open(path)
    except pikepdf.PasswordError as error:
        raise encrypted_pdf() from error
    except pikepdf.PdfError as error:
        raise damaged_pdf(str(error)) from error


def _clean(pdf: Pdf) -> None:
    """Take out of the file what an archive copy does not hold."""
    if "/AcroForm" in pdf.Root:
        pdf.generate_appearance_streams()  # values that the file left to the viewer to draw
    pdf.flatten_annotations("all")
    for key in set(pdf.Root.keys()) - _KEPT_IN_CATALOGUE:
        del pdf.Root[key]
    for page in pdf.pages:
        for key in _DROPPED_FROM_PAGE & set(page.obj.keys()):
            del page.obj[key]
    _drop_glyph_lists(pdf)
    replace_jbig2(pdf)


def _none(_pdf: Pdf, _garbled: set[int]) -> set[int]:
    return set()


def _invalid(pdf: Pdf, garbled: set[int]) -> set[int]:
    """The pages that can't become PDF/A, beside the ``garbled`` ones, which are redrawn anyway."""
    return {
        number
        for number, page in enumerate(pdf.pages, start=1)
        if number not in garbled and not _is_valid_alone(page)
    }


def _drop_glyph_lists(pdf: Pdf) -> None:
    """A font need not list its glyphs, but a list must be complete (ISO 19005-2, 6.2.11.4.2)."""
    for item in pdf.objects:
        if isinstance(item, Dictionary) and Name.CIDSet in item:
            del item[Name.CIDSet]


def _is_valid_alone(page: Page) -> bool:
    with Pdf.new() as single:
        single.pages.append(page)
        pdfa.prepare(single, FLAVOUR)
        return not _breaks_rules(pdfa.check(single, FLAVOUR))


def _garbled(path: Path, by_number: Mapping[int, RecognisedPage], limits: Limits) -> set[int]:
    """Pages that were read from their picture because their own visible text means nothing."""
    read = [n for n, page in by_number.items() if page.text.source is not TextSource.EMBEDDED]
    with PdfSource(path, limits) as source:
        return {n for n in read if n <= source.page_count and source.page(n).garbled}


def _redraw(
    pdf: Pdf,
    path: Path,
    numbers: set[int],
    by_number: Mapping[int, RecognisedPage],
    limits: Limits,
) -> None:
    """Replace those pages by their upright picture."""
    with PdfSource(path, limits) as source:
        for number in sorted(numbers):
            page = source.page(number)
            dpi = working_dpi(page, REDRAWN_DPI, limits)
            turn = by_number[number].turn if number in by_number else 0
            image = turned_image(without_needless_colour(page.render(dpi)), turn)
            _make_picture(pdf, pdf.pages[number - 1], image, dpi)


def _make_picture(pdf: Pdf, page: Page, image: Image, dpi: int) -> None:
    points = 72 / dpi
    width, height = image.width * points, image.height * points
    for key in set(page.obj.keys()) - {"/Type", "/Parent"}:
        del page.obj[key]
    if image.mode == "L" and sum(image.histogram()[8:248]) == 0:
        picture = g4_image(pdf, image.convert("1", dither=Dither.NONE))
    else:
        picture = jpeg_image(pdf, image)
    page.obj[Name.MediaBox] = pikepdf.Array([0, 0, width, height])
    page.obj[Name.Resources] = Dictionary(XObject=Dictionary(Im=picture))
    page.obj[Name.Contents] = pdf.make_stream(b"q %.4f 0 0 %.4f 0 0 cm /Im Do Q" % (width, height))


def _turn_and_add_words(
    pdf: Pdf, by_number: Mapping[int, RecognisedPage], redrawn: Mapping[int, object] | set[int]
) -> None:
    def all_words() -> Iterator[Word]:
        for number, one in by_number.items():
            yield from _words_to_add(one, whole=number in redrawn)

    font: pikepdf.Object | None = None
    for number, page in enumerate(pdf.pages, start=1):
        recognised = by_number.get(number)
        if recognised is None:
            continue
        if number not in redrawn:
            turn = (int(page.obj.get(Name.Rotate, 0)) + recognised.turn) % 360
            page.obj[Name.Rotate] = turn
            if recognised.text.source is not TextSource.EMBEDDED:
                remove_hidden_text(pdf, page)
        words = _words_to_add(recognised, whole=number in redrawn)
        if words:
            font = font or words_font(pdf, all_words())
            add_words(pdf, page, words, font, turn=recognised.text.turn)


def _words_to_add(page: RecognisedPage, *, whole: bool) -> tuple[Word, ...]:
    """All words of a picture; of a born-digital page only those its pictures gave; as read."""
    if whole or page.text.source is not TextSource.EMBEDDED:
        return page.text.turned(page.text.turn).words
    return tuple(word for word in page.text.words if word.confidence < 1)


def _breaks_rules(report: pdfa.Report) -> bool:
    return any(
        finding.kind == "violation" or finding.rule != _UNDECODED_FONT
        for finding in report.findings
    )


def _save(pdf: Pdf, note: TransferNote | None, remarks: Iterable[Remark], into: Path) -> None:
    """Write the file; raises ``PdfaError`` where it breaks PDF/A.

    The note goes in after the check: pikepdf's validator knows no schemas of one's own.
    """
    pdfa.prepare(pdf, FLAVOUR, output_intent=_srgb(), output_condition_identifier="sRGB")
    _forget_the_time(pdf)
    report = pdfa.check(pdf, FLAVOUR, deterministic_id=True)
    if _breaks_rules(report):
        raise pdfa.PdfaError(report)
    if note is not None:
        write_note(pdf, note.adding(remarks))
    _write(pdf, into, report.save_kwargs)


def _write(pdf: Pdf, into: Path, options: Mapping[str, Any]) -> None:
    """The file; written again, a line longer, where a stream happens to end in a carriage return.

    Some validators take that for part of the line end before ``endstream`` and call the length
    wrong.  Mostly it is the last stream, the table of places, which every byte before it changes.
    """
    for _ in range(_WRITINGS):
        pdf.save(into, **options)
        with into.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as data:
            if data.find(_CR_AT_END) < 0:
                return
        head, end, tail = pdf.Root.Metadata.read_bytes().rpartition(b"<?xpacket end")
        pdf.Root.Metadata.write(head + b"\n" + end + tail)


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    """The profile sRGB with its curve as a formula: 0.4 KB, where tables take 2.4.

    The time of its making (bytes 24 to 36 of the head, ICC.1) is a fixed one.
    """
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    made = b"".join(part.to_bytes(2) for part in (2024, 1, 1, 0, 0, 0))
    return profile[:24] + made + profile[36:]


def _forget_the_time(pdf: Pdf) -> None:
    """Leave out when the copy was made: the audit log knows, and equal input gives equal bytes."""
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        for key in ("xmp:MetadataDate",):
            if key in metadata:
                del metadata[key]
