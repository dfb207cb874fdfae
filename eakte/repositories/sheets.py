"""What is on paper, as JSON in a page's row: its codes and remarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from eakte.domain.pages import Box, PageCode, Remark, Sheet, SheetKind
from eakte.models import Page


def remarks_to_json(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    """Remarks for ``pages.remarks`` and ``sources.remarks``."""
    return [{"code": one.code, "message": one.message, "page": one.page} for one in remarks]


def remarks_from_json(rows: Iterable[Mapping[str, Any]]) -> tuple[Remark, ...]:
    """The remarks of a row."""
    return tuple(Remark(code=row["code"], message=row["message"], page=row["page"]) for row in rows)


def codes_to_json(codes: Iterable[PageCode]) -> list[dict[str, Any]]:
    """QR and bar codes for ``pages.codes``."""
    return [
        {"symbology": one.symbology, "text": one.text, "box": one.box.as_list()} for one in codes
    ]


def sheet_of(page: Page) -> Sheet:
    """The page's row as it was seen."""
    return Sheet(
        kind=SheetKind(page.kind),
        skew=page.skew,
        ink=page.ink,
        codes=tuple(
            PageCode(symbology=row["symbology"], text=row["text"], box=Box(*row["box"]))
            for row in page.codes
        ),
        remarks=remarks_from_json(page.remarks),
    )
