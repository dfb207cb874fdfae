"""The people of case files: who is the same person as before, and what changed about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from eakte.domain.ids import new_id
from eakte.language.names import name_keys
from eakte.models import (
    LocalChange,
    Membership,
    NameKey,
    PersonRow,
    Representative,
    Responsibility,
)
from eakte.repositories.bulk import Changes
from eakte.repositories.local_changes import RESPONSIBLE, responsible_key
from eakte.repositories.register import NAME_SEPARATOR
from eakte.repositories.register_facts import PersonFacts, RepresentativeFacts
from eakte.repositories.register_present import Present, State

NAME_KEY_LENGTH = 200
_OPTIONAL = ("birth_date", "died")


class PeopleUpsert:
    """Compares people with ``present`` and gathers what is to be written in ``changes``.

    ``renamed`` are the ids of people whose own row changed: documents about them are indexed
    anew, in whichever case file they stand.
    """

    def __init__(self, present: Present, changes: Changes) -> None:
        self.present = present
        self.changes = changes
        self.renamed: set[str] = set()
        self.overruled = 0
        self._met: set[str] = set()
        self._represented: dict[str, tuple[RepresentativeFacts, ...]] = {}

    def members(self, case_file_id: str, people: Iterable[PersonFacts]) -> bool:
        """Make exactly ``people`` the members of the case file; returns whether that changed it."""
        before = self.present.members[case_file_id]
        given = list(people)
        same = self._same_people(given, before)
        listed: set[str] = set()
        differs = False
        for position, facts in enumerate(given):
            person_id = same.get(position)
            if person_id is None:
                person_id = self._new(facts)
            else:
                differs |= self._change(person_id, facts)
            listed.add(person_id)
            if facts.representatives is not None:
                self._represented[person_id] = facts.representatives
            differs |= self._member(case_file_id, person_id, facts, position)
            differs |= self.responsible(case_file_id, person_id, facts.responsible)
        for person_id in before.keys() - listed:
            differs = True
            self.changes.delete(Membership, {"case_file_id": case_file_id, "person_id": person_id})
            # Whoever answered for this person in the file answers for nobody here any more.
            self.responsible(case_file_id, person_id, {}, gone=True)
        self._met |= listed
        return differs

    def responsible(
        self,
        case_file_id: str,
        person_id: str | None,
        wanted: Mapping[str, str] | None,
        *,
        gone: bool = False,
    ) -> bool:
        """Replace who answers for the file (or one person in it) by function.

        What a person changed here stays, unless the register says something new, or the person is
        ``gone`` from the file.
        """
        if wanted is None:
            return False
        before = self.present.responsible[case_file_id, person_id]
        wanted = self._not_repeated(case_file_id, person_id, wanted, gone=gone)
        for function, (row_id, login) in before.items():
            if function not in wanted:
                self.changes.delete(Responsibility, {"id": row_id})
            elif wanted[function] != login:
                self.changes.update(Responsibility, {"id": row_id}, {"login": wanted[function]})
        for function, login in wanted.items():
            if function not in before:
                self.changes.insert(
                    Responsibility,
                    {
                        "id": new_id(),
                        "case_file_id": case_file_id,
                        "person_id": person_id,
                        "function": function,
                        "login": login,
                    },
                )
        return {function: login for function, (_, login) in before.items()} != dict(wanted)

    def _not_repeated(
        self, case_file_id: str, person_id: str | None, wanted: Mapping[str, str], *, gone: bool
    ) -> Mapping[str, str]:
        changed = self.present.changed_here.get((case_file_id, person_id))
        if not changed:
            return wanted
        before, kept = self.present.responsible[case_file_id, person_id], dict(wanted)
        for function, said in changed.items():
            if gone or wanted.get(function) != said:
                key = responsible_key(case_file_id, person_id, function)
                self.changes.delete(LocalChange, {"kind": RESPONSIBLE, "key": key})
                self.overruled += 1
            elif function in before:
                kept[function] = before[function][1]
            else:
                kept.pop(function, None)
        return kept

    # -- the person -------------------------------------------------------------------------

    def _same_people(self, given: Sequence[PersonFacts], members: Iterable[str]) -> dict[int, str]:
        """Who of ``given`` (by place) is a person known before.

        The customer number decides; else names and birth date within the file. A person who now
        has a customer number is the one who had none before.
        """
        same: dict[int, str] = {}
        for place, facts in enumerate(given):
            number = facts.customer_number
            if number is not None and number in self.present.by_customer:
                same[place] = self.present.by_customer[number]
        rest = set(members) - set(same.values())
        for place, facts in enumerate(given):
            if place in same:
                continue
            matches = [one for one in rest if self._may_be(one, facts)]
            if matches:
                same[place] = min(matches, key=self._has_number)
                rest.discard(same[place])
        return same

    def _has_number(self, person_id: str) -> bool:
        return self.present.people[person_id]["customer_number"] is not None

    def _may_be(self, person_id: str, facts: PersonFacts) -> bool:
        known = self.present.people[person_id]
        return self._same_name(known, facts) and (
            facts.customer_number is None or not self._has_number(person_id)
        )

    @staticmethod
    def _same_name(known: State, facts: PersonFacts) -> bool:
        return (known["first_name"], known["last_name"], known["birth_date"]) == (
            facts.first_name,
            facts.last_name,
            facts.birth_date,
        )

    def _new(self, facts: PersonFacts) -> str:
        person_id = new_id()
        state = {
            "first_name": facts.first_name,
            "last_name": facts.last_name,
            "former_names": NAME_SEPARATOR.join(facts.former_names or ()),
            "birth_date": facts.birth_date,
            "customer_number": facts.customer_number,
            "died": facts.died,
        }
        self.changes.insert(PersonRow, {"id": person_id, **state})
        self._remember(person_id, state)
        return person_id

    def _change(self, person_id: str, facts: PersonFacts) -> bool:
        before = self.present.people[person_id]
        wanted: State = {"first_name": facts.first_name, "last_name": facts.last_name}
        wanted |= {name: getattr(facts, name) for name in _OPTIONAL if name in facts.given}
        if facts.customer_number is not None:
            wanted["customer_number"] = facts.customer_number
        if facts.former_names is not None:
            wanted["former_names"] = NAME_SEPARATOR.join(facts.former_names)
        after = before | wanted
        if after == before:
            return False
        self.changes.update(PersonRow, {"id": person_id}, after)
        self._remember(person_id, after)
        self.renamed.add(person_id)
        return True

    def _remember(self, person_id: str, state: State) -> None:
        """Later entries of the register meet the person as this one left them."""
        self.present.people[person_id] = state
        if state["customer_number"] is not None:
            self.present.by_customer[state["customer_number"]] = person_id

    # -- once for each person, as the last entry leaves them ----------------------------------

    def finish(self) -> None:
        """Bring name keys and representatives in line; call it once, before writing."""
        for person_id in self._met:
            self._find_by_name(person_id)
        for person_id, wanted in self._represented.items():
            self._represent(person_id, wanted)

    def _find_by_name(self, person_id: str) -> None:
        person = self.present.people[person_id]
        former = filter(None, person["former_names"].split(NAME_SEPARATOR))
        wanted = {
            key[:NAME_KEY_LENGTH]
            for key in name_keys(person["first_name"], person["last_name"], former)
        }
        before = self.present.name_keys[person_id]
        for key in before - wanted:
            self.changes.delete(NameKey, {"name_key": key, "person_id": person_id})
        for key in wanted - before:
            self.changes.insert(NameKey, {"name_key": key, "person_id": person_id})

    def _represent(self, person_id: str, wanted: tuple[RepresentativeFacts, ...]) -> None:
        before = self.present.representatives[person_id]
        if sorted(before, key=repr) == sorted(wanted, key=repr):
            return
        if before:
            self.changes.delete(Representative, {"person_id": person_id})
        for one in wanted:
            self.changes.insert(
                Representative,
                {
                    "id": new_id(),
                    "person_id": person_id,
                    "kind": one.kind,
                    "name": one.name,
                    "street": one.street,
                    "postcode": one.postcode,
                    "city": one.city,
                },
            )

    # -- the person in the file -------------------------------------------------------------

    def _member(self, case_file_id: str, person_id: str, facts: PersonFacts, position: int) -> bool:
        wanted: State = {"applicant": facts.applicant, "position": position}
        key = {"case_file_id": case_file_id, "person_id": person_id}
        before = self.present.members[case_file_id].get(person_id)
        if before is None:
            wanted |= {"member_from": facts.member_from, "member_to": facts.member_to}
            self.changes.insert(Membership, {**key, **wanted})
            return True
        wanted |= {
            name: getattr(facts, name)
            for name in ("member_from", "member_to")
            if name in facts.given
        }
        after = before | wanted
        if after == before:
            return False
        self.changes.update(Membership, key, after)
        return True
