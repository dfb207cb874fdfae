"""The applicant as the main form says: certain about name and postcode, or nobody."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.applications import applicant
from classifiers.labelled import lay_out
from eakte.domain.findings import Sender

HEAD = "# Hauptantrag Bürgergeld\nAntrag auf Leistungen zur Sicherung des Lebensunterhalts\n\n"


def read(text: str) -> Sender | None:
    return applicant(lay_out(HEAD + text))


def facts(sender: Sender | None) -> tuple[object, ...] | None:
    if sender is None:
        return None
    return (
        sender.first_name, sender.last_name, sender.street, sender.postcode, sender.city,
        sender.birth_date,
    )  # fmt: skip


UTE = ("Ute", "Brodersen", "Deichweg 4", "25840", "Friedrichstadt", date(1972, 12, 12))


FORMS = (
    """Familienname: Brodersen
Vorname: Ute
Geburtsdatum: 12.12.1972
Straße, Hausnummer: Deichweg 4
PLZ, Ort: 25840 Friedrichstadt""",
    """Name: Brodersen   Vorname: Ute   Geburtsdatum: 12.12.1972
Straße/Nr.: Deichweg 4   PLZ: 25840   Wohnort: Friedrichstadt""",
    """Vorname
Ute
Nachname
Brodersen
Geburtsdatum
12.12.1972
Straße, Haus-Nr.
Deichweg 4
PLZ / Ort
25840 Friedrichstadt""",
    """Vorname              Nachname              Geburtsdatum
Ute                  Brodersen             12.12.1972
Anschrift: Deichweg 4, 25840 Friedrichstadt""",
    """Name, Vorname: Brodersen, Ute
Geburtsdatum 12.12.1972
Straße Deichweg 4
Postleitzahl 25840
Ort Friedrichstadt""",
)


@pytest.mark.parametrize("form", FORMS)
def test_every_usual_form_is_read(form: str):
    sender = read(form)
    assert facts(sender) == UTE
    assert sender is not None
    assert all(one.boxes and one.rule.startswith("antrag.") for one in sender.evidence)


def test_a_street_called_street_is_no_label():
    sender = read(
        """Familienname          Vorname          Geburtsdatum
Altloh                Sandra           09.08.1967
Straße, Hausnummer    Postleitzahl, Wohnort
Große Straße 107      43785 Neu Geestau"""
    )
    assert facts(sender) == (
        "Sandra", "Altloh", "Große Straße 107", "43785", "Neu Geestau", date(1967, 8, 9),
    )  # fmt: skip


def test_specks_and_the_next_column_do_not_get_into_the_name_or_city():
    sender = read("Name: Brodersen |\nVorname: Ute B\nPLZ, Ort: 25840 Friedrichstadt 04881 12345")
    assert sender is not None
    assert (sender.first_name, sender.last_name, sender.city) == (
        "Ute", "Brodersen", "Friedrichstadt",
    )  # fmt: skip


def test_the_first_person_on_the_form_is_the_applicant():
    sender = read(
        "Familienname: Brodersen\nVorname: Ute\nPLZ, Ort: 25840 Friedrichstadt\n\n"
        "2. Partner\nFamilienname: Clausen\nVorname: Jens\n"
    )
    assert sender is not None
    assert (sender.first_name, sender.last_name) == ("Ute", "Brodersen")


@pytest.mark.parametrize(
    "form",
    [
        "Familienname: Brodersen\nVorname: Ute\n",
        "Familienname: Brodersen\nPLZ, Ort: 25840 Friedrichstadt\n",
        "Familienname: ........\nVorname: ........\nPLZ, Ort: ........\n",
        "Familienname: 12345\nVorname: 9\nPLZ, Ort: 25840 Friedrichstadt\n",
        "Sehr geehrte Damen und Herren, im Namen meiner Mutter vor Ort in 25840 Friedrichstadt",
    ],
)
def test_below_certainty_nobody_applies(form: str):
    assert read(form) is None


def test_a_year_of_two_digits_is_not_certain_enough():
    sender = read("Name: Brodersen\nVorname: Ute\nGeburtsdatum: 12.12.72\nPLZ, Ort: 25840 Husum")
    assert sender is not None
    assert sender.birth_date is None


@given(st.text(max_size=300))
@settings(max_examples=100)
def test_any_text_can_be_read(text: str):
    sender = applicant(lay_out(text))
    assert sender is None or len(sender.postcode) == 5
