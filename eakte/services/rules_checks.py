"""What stands between a wish and a change of the rules; each says what to do about it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from typing import TYPE_CHECKING

from classifiers.catalogue import Catalogue, compile_rules
from eakte.errors import Conflict, NotPermitted, Unusable
from eakte.repositories.rule_trials import RuleTrials
from eakte.services import rules_proposals as proposals
from eakte.services.rules_proposals import ORIGINS, Proposed, desk_time, in_force, name_of

if TYPE_CHECKING:
    from classifiers.rule_text import TriggerText
    from eakte.domain.rights import Reader
    from eakte.domain.rules import Origin, RuleFiles
    from eakte.domain.schlagworte import Schlagwort
    from eakte.models import RuleTrial
    from eakte.repositories.database import EakteSession

_LONGEST_REASON = 1000


def check_changes(reader: Reader) -> None:
    """Rules are changed by those who change settings."""
    if not reader.keeps_settings:
        raise NotPermitted("Die Regeln ändert die Administration.")


def check_sees(reader: Reader) -> None:
    """Rules are for those who change settings and those who may see trials."""
    if not reader.may_see_trials:
        raise NotPermitted("Die Regeln sind für Ihre Rolle nicht offen.")


def ready(session: EakteSession, origin: Origin) -> Proposed:
    """What is proposed from there, if it can be tried; raises ``Conflict``."""
    found = proposals.proposed(session, origin)
    if found is None:
        raise Conflict(
            f"Aus dem {ORIGINS[origin]} liegt kein Vorschlag vor.",
            remedy="Erst Regeln ändern: im Regelordner oder auf dem Bildschirm „Regeln“.",
        )
    without_conflicts(found)
    return found


def without_conflicts(found: Proposed) -> None:
    """Every file that both sides changed was decided on."""
    if found.merged.conflicts:
        raise Conflict(
            "Vorschlag und geltende Regeln haben dieselbe Datei verschieden geändert: "
            f"{', '.join(found.merged.conflicts)}.",
            remedy="Je Datei entscheiden, was gelten soll: „Regeln“ oder „eakte rules decide“.",
        )


def still_in_force(session: EakteSession, seq: int) -> None:
    """Nobody decided anything since; else who did what."""
    decision, _ = in_force(session)
    if decision.seq == seq:
        return
    who = name_of(session, decision.decided_by)
    did = "wieder" if decision.kind == "rollback" else "neu"
    raise Conflict(
        f"{who} hat am {desk_time(decision.decided_at)} die Fassung "
        f"{decision.version} {did} in Kraft gesetzt: {decision.reason}",
        remedy="Die Regeln neu ansehen und gegebenenfalls noch einmal ausprobieren.",
    )


def ended_trial(session: EakteSession, digest: str, against: int) -> RuleTrial | None:
    """The newest trial of exactly these rules against that version that has ended."""
    for one in RuleTrials(session).newest(digest):
        if one.against == against and one.state == "done":
            return one
    return None


def check_reason(reason: str) -> None:
    """Every decision has a reason."""
    if not reason.strip():
        raise Unusable("Es fehlt der Grund.", remedy="In einem Satz sagen, warum.")
    if len(reason) > _LONGEST_REASON:
        raise Unusable("Der Grund ist zu lang.", remedy="Höchstens 1000 Zeichen.")


def check_new(schlagwort: Schlagwort, triggers: Sequence[TriggerText], draft: RuleFiles) -> None:
    """A new Schlagwort has a name, an id of its own and something to be known by."""
    if not schlagwort.title.strip():
        raise Unusable("Es fehlt der Name des Schlagworts.", remedy="Ihn eintragen.")
    known = compile_rules(draft)
    if schlagwort.id in known.schlagworte:
        raise Unusable(
            f"Die Kennung {schlagwort.id} gibt es schon "
            f"(„{known.schlagworte[schlagwort.id].title}“ in {known.files[schlagwort.id]}).",
            remedy="Eine andere Kennung wählen oder das vorhandene Schlagwort ändern.",
        )
    if not triggers:
        raise Unusable(
            "Ohne Auslöser findet kein Brief zu dem Schlagwort.",
            remedy="Mindestens eine Wendung angeben, an der man solche Briefe erkennt.",
        )


def check_needed(needed: Set[str], catalogue: Catalogue) -> None:
    """No version may be without the Schlagworte that settings name."""
    missing = sorted(needed - catalogue.schlagworte.keys())
    if missing:
        raise Unusable(
            f"Ohne das Schlagwort {missing[0]} geht es nicht: eine Einstellung nennt es.",
            remedy="Es in den Regeln behalten oder erst [quality] und [paper] ändern.",
        )
