"""A mail as its parts: head, body, attachments.  Opens nothing of it."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.policy
import email.utils
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from pathlib import Path

from eakte.errors import IntakeError
from eakte.recognition.conversion.html_text import html_blocks
from eakte.recognition.conversion.texts import cut, decoded, decoded_html, plain_blocks
from eakte.recognition.conversion.typesetting import Block
from eakte.recognition.limits import Limits

_DEEPEST = 50
"""Levels of a mail's own structure; sane ones have four."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file in a mail; ``inline`` pictures belong to the body's looks (logos, signatures).

    ``mail`` is a mail that is held in parts, not as bytes (Outlook).
    """

    name: str
    data: bytes
    inline: bool = False
    mail: Mail | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A mail, however it was stored.  ``head`` are (German name, value) in their usual order."""

    head: tuple[tuple[str, str], ...]
    body: tuple[Block, ...]
    attachments: tuple[Attachment, ...]
    was_cut: bool = False


def read_eml(path: Path, limits: Limits) -> Mail:
    """The mail in the file at ``path``.  Raises ``IntakeError`` (``too_large``, ``damaged``)."""
    refuse_large(path.stat().st_size, limits)
    data = path.read_bytes()
    if data.startswith(b"From "):  # mbox puts a line of its own before the mail
        data = data.partition(b"\n")[2]
    try:
        message = email.message_from_bytes(data.lstrip(b"\xef\xbb\xbf\r\n"))
        return _mail(message, limits)
    except RecursionError as error:
        raise damaged("zu tief verschachtelt") from error


def refuse_large(size: int, limits: Limits) -> None:
    """Raises ``IntakeError`` for a mail that would not fit the memory of a process."""
    if size > limits.mail_bytes:
        raise IntakeError(
            f"Die E-Mail ist mit {size // 1_000_000} MB zu groß.",
            remedy="Bitte die Anhänge einzeln einreichen.",
            reason="too_large",
        )


def damaged(why: str) -> IntakeError:
    """What a mail that can't be taken apart is called."""
    return IntakeError(
        f"Die E-Mail ist beschädigt ({why}).",
        remedy="Bitte noch einmal schicken lassen.",
        reason="damaged",
    )


def body_blocks(
    plain: str | None, html: str | None, limits: Limits
) -> tuple[tuple[Block, ...], bool]:
    """The body as it was meant: plain text where it says something, else HTML; was it cut?"""
    if plain and plain.strip():
        text, was_cut = cut(plain, limits.text_chars)
        return plain_blocks(text), was_cut
    if html:
        text, was_cut = cut(html, 4 * limits.text_chars)  # most of HTML is markup
        return html_blocks(text), was_cut
    return (), False


def _mail(message: Message, limits: Limits) -> Mail:
    repeated: set[int] = set()
    pieces = list(_pieces(message, 0, repeated))
    bodies = [one for one in pieces if _is_body(one, "text/plain") or _is_body(one, "text/html")]
    blocks: list[Block] = []
    was_cut = False
    for one in bodies:
        if id(one) in repeated:
            continue
        text = _text(one)
        plain, html = (text, None) if one.get_content_type() == "text/plain" else (None, text)
        more, too_long = body_blocks(plain, html, limits)
        blocks.extend(more)
        was_cut |= too_long
    shown = {id(one) for one in bodies}
    attachments = tuple(_attachment(one) for one in pieces if id(one) not in shown)
    return Mail(head=_head(message), body=tuple(blocks), attachments=attachments, was_cut=was_cut)


def _pieces(message: Message, depth: int, repeated: set[int]) -> Iterator[Message]:
    """Everything that is no container; attached mails stay whole.

    ``repeated`` collects the ids of HTML parts that say what plain text beside them says: that is
    so within one ``multipart/alternative`` and nowhere else (RFC 2046, 5.1.4).
    """
    if depth > _DEEPEST:
        raise damaged("zu tief verschachtelt")
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        within = [
            piece
            for part in message.get_payload()
            if isinstance(part, Message)
            for piece in _pieces(part, depth + 1, repeated)
        ]
        if message.get_content_subtype() == "alternative" and any(
            _is_body(one, "text/plain") and _text(one).strip() for one in within
        ):
            repeated.update(id(one) for one in within if _is_body(one, "text/html"))
        yield from within
    else:
        yield message


def _is_body(part: Message, kind: str) -> bool:
    return (
        part.get_content_type() == kind
        and part.get_content_disposition() != "attachment"
        and not part.get_filename()
    )


def _text(part: Message) -> str:
    charset = part.get_content_charset()
    data = _payload(part)
    if part.get_content_type() == "text/html":
        return decoded_html(data, charset)
    return decoded(data, charset)


def _payload(part: Message) -> bytes:
    data = part.get_payload(decode=True)
    if isinstance(data, bytes):
        return data
    held = part.get_payload()
    if isinstance(held, list) and held and isinstance(held[0], Message):  # message/rfc822
        return held[0].as_bytes(policy=email.policy.compat32)
    return str(held or "").encode("utf-8", "surrogateescape")


def _attachment(part: Message) -> Attachment:
    name = part.get_filename()
    kind = part.get_content_type()
    if not name and kind == "message/rfc822":
        name = "E-Mail"
        held = part.get_payload()
        if isinstance(held, list) and held and isinstance(held[0], Message):
            name = _header(held[0], "Subject") or name
    inline = part.get_content_maintype() == "image" and "Content-ID" in part
    return Attachment(
        name=_unfolded(name) if name else f"ohne Namen ({kind})",
        data=_payload(part),
        inline=inline and part.get_content_disposition() != "attachment",
    )


def _head(message: Message) -> tuple[tuple[str, str], ...]:
    wanted = (
        ("Von", "From"),
        ("An", "To"),
        ("Kopie", "Cc"),
        ("Betreff", "Subject"),
        ("Datum", "Date"),
    )
    found = ((german, _header(message, name)) for german, name in wanted)
    return tuple((german, value) for german, value in found if value or german != "Kopie")


def _header(message: Message, name: str) -> str:
    value = message.get(name)
    return "" if value is None else _unfolded(str(value))


def _unfolded(value: str) -> str:
    """A header's words, decoded (RFC 2047) as far as they can be, on one line."""
    try:
        text = str(email.header.make_header(email.header.decode_header(value)))
    except (email.errors.HeaderParseError, LookupError, ValueError):
        text = value
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(text.split())
