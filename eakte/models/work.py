"""Work in progress: what the index has and has yet to learn, and which worker processes live."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from eakte.models.base import Base, Counter, UuidText


class IndexOutbox(Base):
    """A document whose index entry is stale; written in the transaction that changed it.

    An id is never given twice: an indexer forgets by id what it has read before.
    """

    __tablename__ = "index_outbox"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(Counter, primary_key=True, autoincrement=True)
    document_id: Mapped[str] = mapped_column(UuidText, index=True)
    changed_at: Mapped[datetime]


class IndexFact(Base):
    """What the index was made with, in the words of ``eakte/repositories/index_facts.py``."""

    __tablename__ = "index_facts"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class WorkerHeartbeat(Base):
    """A process that runs workflows; one not seen for a while is dead and its work is rescued."""

    __tablename__ = "worker_heartbeats"

    executor_id: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime]
