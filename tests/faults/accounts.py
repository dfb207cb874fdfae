"""The reckoning after a fault run: is every letter there, exactly once, and everything in order?"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from pathlib import Path

from sqlalchemy import func, select

from eakte.bootstrap import Product
from eakte.models import AuditRow, Document, IndexOutbox, PostboxEntry, Source
from eakte.repositories.rights import UNDELIVERED

ONCE = ("source.receive", "source.recognise", "document.cut", "document.deliver")
"""What the audit trail may tell of one thing only once."""


def counts(product: Product) -> dict[str, int]:
    """How many sources stand in which state, and what is still on its way."""
    with product.database.read() as session:
        rows = session.execute(select(Source.state, func.count()).group_by(Source.state))
        found = {row[0]: row[1] for row in rows}
        found["unfinished"] = session.scalar(
            select(func.count()).select_from(Document).where(Document.state.in_(UNDELIVERED))
        )
        found["unindexed"] = session.scalar(select(func.count()).select_from(IndexOutbox))
    return found


def sources(product: Product) -> list[Source]:
    """All sources."""
    with product.database.read() as session:
        return list(session.scalars(select(Source)))


def all_through(product: Product, letters: int, duplicates: int = 0) -> bool:
    """Whether so many letters have come to their end, with nothing left to do."""
    found = counts(product)
    return (
        found.get("cut", 0) + found.get("quarantined", 0) == letters
        and found.get("duplicate", 0) == duplicates
        and not found["unfinished"]
        and not found["unindexed"]
    )


def assert_everything_is_there_once(
    product: Product, letters: dict[str, bytes], quarantined: frozenset[str] = frozenset()
) -> None:
    """Every file is one source, one document, one task; copies once; the inbox is empty."""
    with product.database.read() as session:
        sources = session.scalars(select(Source)).all()
        documents = session.scalars(select(Document)).all()
        entries = session.scalars(select(PostboxEntry)).all()
        deeds = Counter(
            (row.action, row.subject_id, row.details.get("postbox"))
            for row in session.scalars(select(AuditRow).where(AuditRow.action.in_(ONCE)))
        )
    assert Counter(one.name for one in sources) == Counter(letters.keys())
    for one in sources:
        assert one.sha256 == hashlib.sha256(letters[one.name]).hexdigest()
    put_aside = {one.name: one.reason for one in sources if one.state == "quarantined"}
    assert set(put_aside) == quarantined, put_aside
    readable = {one.id for one in sources if one.name not in quarantined}
    assert Counter(one.source_id for one in documents) == Counter(readable)
    tasks = Counter(one.document_id for one in entries if not one.copy)
    assert tasks == Counter(one.id for one in documents)
    places = Counter((one.document_id, one.postbox, one.copy) for one in entries)
    assert set(places.values()) == {1}
    assert set(deeds.values()) == {1}, [deed for deed, times in deeds.items() if times > 1]
    assert set(dict(product.index.seals())) == {one.id for one in documents}
    assert left_in(product.inbox) == []


def assert_in_order(product: Product) -> None:
    """What ``eakte check`` looks at is in order.

    The command itself is tried by ``tests/cli`` and, after kills, by ``test_kills.py``; here its
    service answers without a process more.
    """
    assert list(product.services.checking.run()) == []


def left_in(inbox: Path) -> list[str]:
    """Whatever still lies in the inbox, hidden folders of custody included."""
    return [
        str(Path(folder, name))
        for folder, folders, files in os.walk(inbox)
        for name in (*files, *(one for one in folders if one.startswith(".")))
    ]
