"""The whole intake on one screen.

One workflow per source (it was received, that is: its bytes and its row are safe), then one per
document.  Inputs are ids, nothing else.  Every step may run twice without harm and commits its
result, its audit row and the next state in one transaction; only ``unfold`` and ``recognise``
work for minutes outside any transaction; the latter saves page by page.  A document's steps are
quick and share a transaction where none fails (``eakte/intake/at_once.py``).

``eakte/intake/durable.py`` binds these functions to the durable engine; tests call them plainly.
"""

from __future__ import annotations

from typing import Protocol

PIPELINE_VERSION = "3"
"""Raise it when the order of the steps changes: work begun under another version is not resumed."""


class SourceSteps(Protocol):
    """The named steps of a source; each takes its id and may run twice."""

    def unfold(self, source_id: str) -> list[str]:
        """Members of an archive as sources of their own; the ids of those to be worked on."""
        ...

    def start_source(self, source_id: str) -> None:
        """Begin the workflow of a member."""
        ...

    def recognise(self, source_id: str) -> bool:
        """Page text, previews, archive copy; False: nothing to read (quarantine, unfolded)."""
        ...

    def cut(self, source_id: str) -> list[str]:
        """Documents of the source's pages; their ids."""
        ...

    def start_document(self, document_id: str) -> None:
        """Begin the second workflow."""
        ...


class DocumentSteps(Protocol):
    """The named steps of a document; each takes its id and may run twice."""

    def classify(self, document_id: str) -> bool:
        """Findings: which Schlagworte, with evidence; False: nothing of it may be read (yet)."""
        ...

    def read_again(self, document_id: str) -> bool:
        """Read what the desk opened after all; False: it stays closed."""
        ...

    def identify(self, document_id: str) -> None:
        """Findings: whose case file, with evidence and candidates."""
        ...

    def route(self, document_id: str) -> None:
        """Place in the case file; who receives it, by which clause of the rule."""
        ...

    def deliver(self, document_id: str) -> None:
        """Entries in the postboxes."""
        ...

    def index(self, document_id: str) -> None:
        """The index learns of it."""
        ...


def process_source(steps: SourceSteps, source_id: str) -> None:
    """One workflow per source: unfold → recognise → cut → one document workflow each."""
    for member_id in steps.unfold(source_id):
        steps.start_source(member_id)
    if steps.recognise(source_id):
        for document_id in steps.cut(source_id):
            steps.start_document(document_id)


def process_document(steps: DocumentSteps, document_id: str) -> None:
    """One workflow per document: classify → identify → route → deliver → index.

    An envelope that stays closed goes no further; opened after all, it is read first.
    """
    if not steps.classify(document_id):
        if not steps.read_again(document_id):
            return
        steps.classify(document_id)
    steps.identify(document_id)
    steps.route(document_id)
    steps.deliver(document_id)
    steps.index(document_id)
