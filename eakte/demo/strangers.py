"""People of the district who have no case file: first applications and post gone astray."""

from __future__ import annotations

import string
from datetime import date, timedelta
from random import Random

from eakte.demo import names, places
from eakte.demo.records import CaseFileRecord, PersonRecord, case_file_record, person_record

# Surnames of strangers: none of the register's, so that no match can be right by chance.
_ENDINGS = ("kamp", "husen", "feld", "loh", "brügge", "wold", "rade")


def stranger(rng: Random, today: date) -> tuple[CaseFileRecord, PersonRecord]:
    """Somebody in the district who has no case file, as a case file that nobody knows."""
    site = rng.choice(places.SITES)
    postcode, city = rng.choice(site.places)
    origin = names.pick_origin(rng)
    woman = rng.random() < 0.5
    born = today - timedelta(days=rng.randint(19 * 366, 60 * 365))
    letter = rng.choice(string.ascii_uppercase)
    first_name = rng.choice(origin.women if woman else origin.men)
    last_name = f"{rng.choice(('Alt', 'Neu', 'Oster', 'Wester'))}{rng.choice(_ENDINGS)}"
    number = f"{rng.randint(100, 999)}{letter}{rng.randint(0, 999999):06d}"
    who = person_record(first_name, last_name, born, number, applicant=True)
    return case_file_record("", site.id, (places.street(rng), postcode, city), [who]), who
