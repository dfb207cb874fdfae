"""Outlook's own mail files (MSG) as mails.

python-oxmsg reads the container and its properties (MS-OXMSG); mails attached to a mail are
storages within it, which that library leaves to its caller.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING

import olefile
from oxmsg.domain import constants as pid
from oxmsg.properties import Properties
from oxmsg.storage import Storage

from eakte.errors import EakteError
from eakte.recognition.conversion.mails import Attachment, Mail, body_blocks, damaged, refuse_large
from eakte.recognition.conversion.texts import decoded_html
from eakte.recognition.conversion.typesetting import Block

if TYPE_CHECKING:
    from eakte.recognition.limits import Limits

_TOP_HEADER, _EMBEDDED_HEADER, _SUB_HEADER = 32, 24, 8
_EMBEDDED_MAIL = "__substg1.0_3701000D"
_KINDS = {1: "An", 2: "Kopie"}
_RECIPIENT_TYPE = 0x0C15
_ONLY_RTF = "[Der Text der E-Mail liegt nur in Outlooks RTF-Form vor; er steht im Original.]"
_FAULTS = (
    OSError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AssertionError,
    LookupError,
    OverflowError,
    struct.error,
)


def read_msg(path: Path, limits: Limits) -> Mail:
    """The mail in the file at ``path``.  Raises ``IntakeError`` (``too_large``, ``damaged``)."""
    refuse_large(path.stat().st_size, limits)
    try:
        with olefile.OleFileIO(path) as file:
            return _mail(Storage.from_ole(file), _TOP_HEADER, limits, 0)
    except EakteError:
        raise
    except RecursionError as error:
        raise damaged("zu tief verschachtelt") from error
    except _FAULTS as error:
        raise damaged(f"{type(error).__name__}: {error}") from error


def _mail(storage: Storage, header: int, limits: Limits, depth: int) -> Mail:
    facts = Properties(storage, properties_header_offset=header)
    html = facts.binary_prop_value(pid.PID_HTML)
    text = decoded_html(html, facts.body_encoding) if html else facts.str_prop_value(pid.PID_HTML)
    plain = facts.str_prop_value(pid.PID_BODY)
    body, was_cut = body_blocks(plain, text, limits)
    if not body and facts.binary_prop_value(pid.PID_RTF_COMPRESSED):
        body = (Block(text=_ONLY_RTF),)
    attachments = tuple(
        _attachment(one, limits, depth) for one in storage.iter_attachment_storages()
    )
    return Mail(head=_head(storage, facts), body=body, attachments=attachments, was_cut=was_cut)


def _head(storage: Storage, facts: Properties) -> tuple[tuple[str, str], ...]:
    recipients: dict[str, list[str]] = {"An": [], "Kopie": []}
    for one in storage.iter_recipient_storages():
        recipient = Properties(one, properties_header_offset=_SUB_HEADER)
        kind = _KINDS.get(recipient.int_prop_value(_RECIPIENT_TYPE) or 1)
        if kind is not None:
            address = recipient.str_prop_value(pid.PID_SMTP_ADDRESS)
            address = address or recipient.str_prop_value(pid.PID_EMAIL_ADDRESS)
            recipients[kind].append(_named(recipient.str_prop_value(pid.PID_DISPLAY_NAME), address))
    sent = facts.date_prop_value(pid.PID_CLIENT_SUBMIT_TIME)
    sender = _named(
        facts.str_prop_value(pid.PID_SENDER_NAME),
        facts.str_prop_value(pid.PID_SENDER_SMTP_ADDRESS)
        or facts.str_prop_value(pid.PID_SENDER_EMAIL_ADDRESS),
    )
    rows = (
        ("Von", sender or facts.str_prop_value(pid.PID_SENT_REPRESENTING_NAME) or ""),
        ("An", "; ".join(recipients["An"])),
        ("Kopie", "; ".join(recipients["Kopie"])),
        ("Betreff", facts.str_prop_value(pid.PID_SUBJECT) or ""),
        ("Datum", f"{sent:%d.%m.%Y %H:%M} UTC" if sent else ""),
    )
    return tuple((name, value) for name, value in rows if value or name != "Kopie")


def _named(name: str | None, address: str | None) -> str:
    if name and address and name != address:
        return f"{name} <{address}>"
    return name or address or ""


def _attachment(storage: Storage, limits: Limits, depth: int) -> Attachment:
    facts = Properties(storage, properties_header_offset=_SUB_HEADER)
    name = facts.str_prop_value(pid.PID_ATTACH_LONG_FILENAME)
    name = name or facts.str_prop_value(pid.PID_ATTACH_FILENAME)
    name = name or facts.str_prop_value(pid.PID_DISPLAY_NAME) or "ohne Namen"
    embedded = next((one for one in storage.storages if one.name == _EMBEDDED_MAIL), None)
    if embedded is not None and depth < limits.nesting:
        return Attachment(
            name=name, data=b"", mail=_mail(embedded, _EMBEDDED_HEADER, limits, depth + 1)
        )
    hidden = bool(facts.str_prop_value(pid.PID_ATTACH_CONTENT_ID))
    data = facts.binary_prop_value(pid.PID_ATTACH_DATA_BINARY) or b""
    return Attachment(name=name, data=data, inline=hidden and _is_picture(data))


def _is_picture(data: bytes) -> bool:
    return data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8"))
