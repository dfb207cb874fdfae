"""Taking somebody else's invisible words out of a scanned PDF.

Their recognition is replaced by ours; left in, a reader would find every word twice, once wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pikepdf import (
    Dictionary,
    Name,
    Object,
    Page,
    Pdf,
    Stream,
    parse_content_stream,
    unparse_content_stream,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pikepdf import ContentStreamInlineImage, ContentStreamInstruction

_SHOWING = ("Tj", "TJ", "'", '"')
_INVISIBLE = 3
_MOST_FORMS = 200


def remove_hidden_text(pdf: Pdf, page: Page) -> bool:
    """Drop text shown in render mode 3 from ``page`` and its forms; was there any?"""
    kept, removed = _without_hidden(parse_content_stream(page))
    if removed:
        page.obj[Name.Contents] = pdf.make_stream(kept)
    seen: set[tuple[int, int]] = set()
    for form in _forms(page.obj.get(Name.Resources), seen):
        kept, from_form = _without_hidden(parse_content_stream(form))
        if from_form:
            form.write(kept)
            removed = True
    return removed


def _without_hidden(
    instructions: Iterable[ContentStreamInstruction | ContentStreamInlineImage],
) -> tuple[bytes, bool]:
    """The content without what render mode 3 shows; ``q`` and ``Q`` save and restore the mode."""
    mode, stack = 0, []
    kept: list[ContentStreamInstruction | ContentStreamInlineImage] = []
    removed = False
    for instruction in instructions:
        operator = str(instruction.operator)
        if operator == "q":
            stack.append(mode)
        elif operator == "Q" and stack:
            mode = stack.pop()
        elif operator == "Tr":
            mode = int(instruction.operands[0])
        elif operator in _SHOWING and mode == _INVISIBLE:
            removed = True
            continue
        kept.append(instruction)
    return (unparse_content_stream(kept) if removed else b""), removed


def _forms(resources: Object | None, seen: set[tuple[int, int]]) -> list[Stream]:
    if not isinstance(resources, Dictionary):
        return []
    found: list[Stream] = []
    for item in (resources.get(Name.XObject) or Dictionary()).values():
        if not isinstance(item, Stream) or item.get(Name.Subtype) != Name.Form:
            continue
        if item.objgen in seen or len(seen) >= _MOST_FORMS:
            continue
        seen.add(item.objgen)
        found.append(item)
        found.extend(_forms(item.get(Name.Resources), seen))
    return found
