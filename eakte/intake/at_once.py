"""A document's steps in one transaction: they take milliseconds, and each commit costs as much.

Every step still writes its result, its audit row and the next state; they are committed together.
What takes longer, and what fails, is left to the same steps one by one: then all that came before
stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from eakte.intake import classify, deliver, identify, index, route
from eakte.intake.pipeline import process_document
from eakte.intake.tools import Tools
from eakte.repositories.database import EakteSession
from eakte.repositories.once import answers_held


class TakesLonger(Exception):
    """The document wants a step that must not run within a transaction."""


def at_once(session: EakteSession, tools: Tools, document_id: str) -> None:
    """All steps of the document, by one version of the rules.

    Raises ``TakesLonger`` or what a step raises.
    """
    with answers_held(session):
        process_document(_InOneTransaction(session, tools.settled()), document_id)


@dataclass(frozen=True, slots=True)
class _InOneTransaction:
    session: EakteSession
    tools: Tools

    def classify(self, document_id: str) -> bool:
        return classify.classify(self.session, self.tools, document_id)

    def read_again(self, document_id: str) -> bool:
        raise TakesLonger(document_id)

    def identify(self, document_id: str) -> None:
        identify.identify(self.session, self.tools, document_id)

    def route(self, document_id: str) -> None:
        route.route(self.session, self.tools, document_id)

    def deliver(self, document_id: str) -> None:
        deliver.deliver(self.session, self.tools, document_id)

    def index(self, document_id: str) -> None:
        index.index(self.session, self.tools, document_id)
