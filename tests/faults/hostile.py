"""Files that want to use up memory, time or the disk: few bytes, much work."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage

import pikepdf

SHEET = b"[0 0 595 842]"


def picture_bomb(pixels: int = 60_000) -> bytes:
    """A PNG of a few kilobytes that says it has ``pixels`` in a square."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        check = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", pixels, pixels, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(4096))) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def many_objects(count: int = 1_000_000, *, broken: bool = False) -> bytes:
    """A PDF of one page that carries ``count`` objects along; ``broken``: without their table."""
    out = io.BytesIO()
    places = []

    def put(number: int, content: bytes) -> None:
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    out.write(b"%PDF-1.7\n")
    put(1, b"<</Type/Catalog/Pages 2 0 R/Names 4 0 R>>")
    put(2, b"<</Type/Pages/Kids[3 0 R]/Count 1>>")
    put(3, b"<</Type/Page/Parent 2 0 R/MediaBox %s/Resources<<>>/Held 5 0 R>>" % SHEET)
    put(4, b"<<>>")
    for number in range(5, count):
        put(number, b"[%d 0 R]" % (number + 1))
    put(count, b"null")
    start = 0 if broken else out.tell()
    if not broken:
        out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (count + 1))
        out.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    out.write(b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (count + 1, start))
    return out.getvalue()


def packed_attachment(millions: int) -> bytes:
    """A PDF of an empty page with a file that swells to so many million bytes."""
    out = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595, 842))
        pdf.attachments["daten.txt"] = pikepdf.AttachedFileSpec(pdf, b"x", filename="daten.txt")
        held = pdf.attachments["daten.txt"].obj.EF.F
        held.write(zeros(millions), filter=pikepdf.Name.FlateDecode)
        pdf.save(out, compress_streams=False)
    return out.getvalue()


def zip_bomb(millions: int, members: dict[str, bytes]) -> bytes:
    """A ZIP: a member that swells to so many million bytes, a name that climbs out, others."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("gross.txt", "w", force_zip64=True) as member:
            for _ in range(millions):
                member.write(bytes(1_000_000))
        archive.writestr("../../../../entkommen.txt", b"Ein Zettel, der woanders liegen will.")
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def mail_with(attachments: int) -> bytes:
    """A mail with so many notes attached."""
    message = EmailMessage()
    message["From"], message["To"] = "absender@example.org", "jobcenter@example.org"
    message["Subject"], message["Date"] = "Viele Anlagen", "Fri, 20 Nov 2026 08:00:00 +0100"
    message.set_content("Anbei alles.")
    for number in range(attachments):
        message.add_attachment(f"Zettel {number}", filename=f"zettel-{number:03}.txt")
    return message.as_bytes()


def zeros(count: int) -> bytes:
    """A zlib stream of so many million zeros, made without compressing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1_000_000)) + packer.flush(zlib.Z_FULL_FLUSH)
    total = count * 1_000_000
    check = struct.pack(">HH", total % 65_521, 1)  # Adler-32 of nothing but zeros
    return b"\x78\x9c" + block * count + b"\x03\x00" + check
