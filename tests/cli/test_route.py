"""``eakte route``: who would get a letter, for scripts and for people."""

from __future__ import annotations

from eakte.bootstrap import Product
from tests.cli.conftest import Eakte
from tests.small_authority import MUELLER


def test_a_script_learns_who_would_get_it_and_why(eakte: Eakte, product: Product):
    product.services.absences.enter(
        product.services.accounts.reader("m.petersen"),
        "m.petersen",
        product.services.absence_lists.person(
            product.services.accounts.reader("m.petersen"), "m.petersen"
        ).stand,
        product.database.clock.today(),
        None,
    )
    answer = eakte("route", MUELLER, "--schlagwort", "widerspruch", "--json")
    assert answer.code == 0
    (found,) = answer.objects
    assert (found["postbox"], found["rule"], found["deputy_for"]) == ("recht", "3", None)
    assert found["copies"] == [{"postbox": "j.hansen", "rule": "1", "deputy_for": "m.petersen"}]
    assert found["date"] == product.database.clock.today().isoformat()
    last = [step for step in found["steps"] if not step["copy"]][-1]
    assert (last["rule"], last["matched"]) == ("3", True)


def test_a_person_reads_it_in_sentences(eakte: Eakte):
    answer = eakte(
        "route", "--site", "husum", "--surname", "Schmidt", "--schlagwort", "kontoauszug",
        "--date", "2026-11-20",
    )  # fmt: skip
    assert answer.code == 0
    assert "Kontoauszug – Schmidt, Sozialzentrum Husum – 20.11.2026" in answer.out
    assert "Aufgabe (Leistung): Jens Hansen (Regel 2)" in answer.out
    assert "→ 2      Im Team Leistung Husum umfasst der Bereich L–Zz" in answer.out


def test_what_it_can_not_answer(eakte: Eakte):
    eakte("route", "99999//9999999", "--schlagwort", "rente").assert_refused("Akte gibt es nicht")
    eakte("route", MUELLER, "--schlagwort", "nichts").assert_refused("„nichts“ gibt es nicht")
    assert eakte("route", "--schlagwort", "rente").code == 2
