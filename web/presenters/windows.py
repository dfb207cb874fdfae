"""Where a file window goes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from web.presenters.case_files import path_of

if TYPE_CHECKING:
    from eakte.services.windows import Call


def address(call: Call, window_id: str) -> str:
    """The case file with the document that is meant, or the page that offers to search."""
    if call.aktenzeichen is None:
        return f"/fenster/unbekannt?{urlencode({'fenster': window_id})}"
    path = f"/akten/{path_of(call.aktenzeichen)}"
    return f"{path}?{urlencode({'dokument': call.document_id})}" if call.document_id else path
