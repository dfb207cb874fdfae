"""Whose is it: two independent facts, or the clearing desk."""

import itertools
from collections.abc import Iterable, Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifiers.case_match import CaseFileMatcher
from classifiers.labelled import lay_out
from eakte.domain.findings import CaseFileFinding
from eakte.domain.pages import PageText
from eakte.domain.register import CaseFileFacts, Person
from eakte.language.addresses import address_key
from eakte.language.names import name_keys, spellings
from eakte.language.numbers import AktenzeichenPattern, is_pension_number
from eakte.language.references import FoundReference

PATTERN = AktenzeichenPattern()
OWN = [("Marktstraße 6", "25813")]
SUED = {"street": "Süderstraße 12", "postcode": "25813", "city": "Husum"}
DEICH = {"street": "Deichweg 4a", "postcode": "25840", "city": "Friedrichstadt"}
OFFICE = {"street": "Marktstraße 6", "postcode": "25813", "city": "Husum"}


def person(
    name: str, born: str | None = None, customer: str | None = None, **more: object
) -> Person:
    first, last = name.rsplit(" ", 1)
    return Person(
        id=f"{name} {born}",
        first_name=first,
        last_name=last,
        birth_date=None if born is None else date.fromisoformat(born),
        customer_number=customer,
        **more,  # type: ignore[arg-type]
    )


def file(number: str, where: dict[str, str], *people: Person, former: tuple[str, ...] = ()):
    return CaseFileFacts(
        id=number, aktenzeichen=number, people=people, former_numbers=former, **where
    )


JOERG = person("Jörg Müller-Lüdenscheidt", "1984-03-07", "123A456789", applicant=True)
FILES = (
    file("12345//0001234", SUED, JOERG, person("Mia Müller-Lüdenscheidt", "2018-06-01"),
         former=("12345//0000077",)),
    file("12345//0001284", DEICH,
         person("Petra Schmidt", "1990-01-02", "123B000002", applicant=True)),
    file("12345//0002001", SUED, person("Karl Petersen", "1955-05-05", applicant=True)),
    file("12345//0002002", SUED, person("Karl Petersen", "1985-05-15", applicant=True)),
    file("12345//0003001", DEICH, person("Anna Hansen", "1979-09-09", applicant=True)),
    file("12345//0003002", SUED, person("Anna Jansen", "1981-11-11", applicant=True)),
    file("12345//0004001", OFFICE, person("Uwe Lorenz", "1970-07-07", applicant=True)),
    file("12345//0005001", DEICH, person("Ali Yıldız", "1992-02-29", "123C000003", applicant=True,
                                         former_names=("Demir",))),
    file("12345//0006001", SUED, person("Jens Clausen", "1966-06-06", applicant=True)),
    file("12345//0007001", DEICH,
         person("Ute Brodersen", "1972-12-12", "123D000004", applicant=True)),
    file("12345//0007002", SUED,
         person("Ute Brodersen", "1972-12-12", "123D000004", applicant=True)),
)  # fmt: skip


REFERENCES: dict[str, tuple[str, str | None]] = {
    "s31as27014": ("12345//0001234", None),
    "hus512471126": ("12345//0001234", None),
    "A123456780": ("12345//0001234", JOERG.id),
}
"""What filed documents bear: the file, and the person of an insurance number."""


class RegisterInMemory:
    """The look-ups of the port over a handful of files."""

    def by_number(self, aktenzeichen: str) -> tuple[CaseFileFacts, ...]:
        return self._where(lambda one: aktenzeichen in {one.aktenzeichen, *one.former_numbers})

    def by_customer_number(self, number: str) -> tuple[CaseFileFacts, ...]:
        return self._where(lambda one: any(p.customer_number == number for p in one.people))

    def by_names(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        wanted = frozenset(keys)
        return self._where(
            lambda one: any(
                wanted & name_keys(p.first_name, p.last_name, p.former_names) for p in one.people
            )
        )

    def by_birth_dates(self, dates: Iterable[date]) -> tuple[CaseFileFacts, ...]:
        wanted = frozenset(dates)
        return self._where(lambda one: any(p.birth_date in wanted for p in one.people))

    def by_addresses(self, keys: Iterable[str]) -> tuple[CaseFileFacts, ...]:
        wanted = frozenset(keys)
        return self._where(lambda one: address_key(one.street, one.postcode) in wanted)

    def by_references(
        self, references: Iterable[FoundReference]
    ) -> Mapping[str, tuple[CaseFileFacts, ...]]:
        known = {value: number for value, (number, _) in REFERENCES.items()}
        return {
            one.value: self._where(lambda file, one=one: file.aktenzeichen == known[one.value])
            for one in references
            if one.value in known
        }

    def person_of(self, reference: FoundReference) -> str | None:
        return REFERENCES.get(reference.value, ("", None))[1]

    def known_words(self, words: Iterable[str]) -> frozenset[str]:
        known = {
            part
            for one in FILES
            for person in one.people
            for name in (person.first_name, person.last_name, *person.former_names)
            for part in spellings(name)
        }
        return known.intersection(words)

    @staticmethod
    def _where(fits) -> tuple[CaseFileFacts, ...]:
        return tuple(one for one in FILES if fits(one))


MATCHER = CaseFileMatcher(RegisterInMemory(), PATTERN, OWN)


def match(text: str) -> CaseFileFinding:
    return MATCHER.match(lay_out(text))


def letter(
    subject: str, sender: str = "", body: str = "hier meine Unterlagen.", end: str = ""
) -> str:
    return f"""{sender}

Jobcenter Nordfriesland
Marktstraße 6
25813 Husum

{subject}

Sehr geehrte Damen und Herren,

{body}

Mit freundlichen Grüßen
{end}
"""


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (letter("BG-Nummer 12345//0001234", end="Jörg Müller-Lüdenscheidt"), {"number", "name"}),
        (letter("BG 12345BG0001234 Mueller-Luedenscheidt, Joerg"), {"number", "name"}),
        (letter("Az.: l2345 / OOO1234", end="Jörg Müller"), {"number", "name"}),
        (letter("alte Nummer 12345//0000077", end="Jörg Müller-Lüdenscheidt"), {"number", "name"}),
        (letter("Ihr Schreiben", "Jörg Müller-Lüdenscheidt\nSüderstr. 12\n25813 Husum"),
         {"name", "address"}),
        (letter("Patient: Müller-Lüdenscheidt, Jörg, geb. 07.03.1984"), {"name", "birth_date"}),
        (letter("Name: Müller-Lüdenscheidt\nVorname: Jörg\nGeburtsdatum: 07.03.84"),
         {"name", "birth_date"}),
        (letter("Kundennummer 123A456789", end="Jörg Müller-Lüdenscheidt"),
         {"customer_number", "name"}),
        (letter("BG 12345//0001234, Herr Müller-Lüdenscheidt"), {"number", "surname"}),
        (letter("BG 12345110001234", end="Jörg Müller-Lüdenscheidt"), {"number", "name"}),
        (letter("", body="Nummer 12345//0001234\nFamilienname\nMüller-Lüdenscheidt"),
         {"number", "surname"}),
        (letter("Es geht um Jörg Müller, wohnhaft SüderstraBe 12, 25813 Husum."),
         {"name", "address"}),
        (letter("BG 12345//0001234", end="Jorg Muller-Ludenscheldt"), {"number", "name"}),
    ],
)  # fmt: skip
def test_two_agreeing_facts_choose_the_file(text: str, facts: set[str]):
    finding = match(text)
    assert finding.chosen is not None, finding
    assert finding.chosen.aktenzeichen == "12345//0001234"
    assert facts <= finding.chosen.facts
    assert finding.chosen.score >= 0.85
    assert finding.chosen == finding.candidates[0]
    assert "stimmen überein" in finding.reason


def test_every_fact_carries_rule_page_words_and_boxes():
    finding = match("Anlage\n\f" + letter("BG 12345//0001234", end="Jörg Müller-Lüdenscheidt"))
    assert finding.chosen is not None
    by_rule = {one.rule: one for one in finding.chosen.evidence}
    assert by_rule["kennung.aktenzeichen"].words == "12345//0001234"
    assert by_rule["kennung.name"].words == "Jörg Müller-Lüdenscheidt"
    assert all(one.page == 2 and one.boxes for one in by_rule.values())


@pytest.mark.parametrize(
    "text",
    [
        letter("BG-Nummer 12345//0001234"),
        letter("Unterlagen", end="Jörg Müller-Lüdenscheidt"),
        letter("Unterlagen, geboren am 07.03.1984"),
    ],
)
def test_one_fact_alone_goes_to_the_clearing_desk_with_its_candidate(text: str):
    finding = match(text)
    assert finding.chosen is None
    assert finding.reason
    if finding.candidates:
        assert finding.candidates[0].aktenzeichen == "12345//0001234"
        assert finding.candidates[0].score <= 0.5


def test_nothing_known_says_so():
    finding = match(letter("Allgemeine Anfrage", end="Berta Niemand"))
    assert finding == CaseFileFinding(
        chosen=None,
        candidates=(),
        reason="Weder Nummer noch Name oder Geburtsdatum führt zu einer Akte.",
    )


def test_a_misread_digit_does_not_pick_another_file():
    # 0001234 read as 0001284, which is Petra Schmidt's.
    finding = match(
        letter(
            "BG 12345//0001284",
            "Jörg Müller-Lüdenscheidt\nSüderstraße 12\n25813 Husum",
            end="Jörg Müller-Lüdenscheidt",
        )
    )
    assert finding.chosen is None
    assert {one.aktenzeichen for one in finding.candidates} == {"12345//0001234", "12345//0001284"}
    assert all(one.contradictions for one in finding.candidates)
    assert "12345//0001284 gehört" in finding.reason


def test_a_misread_digit_of_a_number_nobody_has_does_not_hide_name_and_address():
    finding = match(
        letter("BG 12345//0001239", "Jörg Müller-Lüdenscheidt\nSüderstraße 12\n25813 Husum")
    )
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0001234"


def test_a_strange_number_beside_name_and_address_is_left_to_the_desk():
    finding = match(
        letter("BG 54321//7654321", "Jörg Müller-Lüdenscheidt\nSüderstraße 12\n25813 Husum")
    )
    assert finding.chosen is None
    assert "54321//7654321" in finding.reason


def test_a_phone_number_is_no_file_number():
    finding = match(
        letter(
            "Unterlagen",
            "Jörg Müller-Lüdenscheidt\nSüderstraße 12\n25813 Husum\nTel. 04841/1234567",
        )
    )
    assert finding.chosen is not None


def test_a_number_that_contradicts_the_name_names_both():
    finding = match(letter("BG 12345//0001234", end="Petra Schmidt"))
    assert finding.chosen is None
    assert {one.aktenzeichen for one in finding.candidates} == {"12345//0001234", "12345//0001284"}
    assert "Petra Schmidt" in finding.reason


@pytest.mark.parametrize("name", ["Frau Petra Petersen", "Petersen, Petra", "Herrn Uwe Petersen"])
def test_another_first_name_beside_the_surname_does_not_confirm_a_number(name: str):
    finding = match(letter(f"BG 12345//0002001, {name}"))
    assert finding.chosen is None
    assert finding.candidates[0].aktenzeichen == "12345//0002001"


def test_father_and_son_of_one_name_at_one_address_are_left_to_the_desk():
    finding = match(letter("Unterlagen", "Karl Petersen\nSüderstraße 12\n25813 Husum"))
    assert finding.chosen is None
    assert len(finding.candidates) == 2
    assert finding.reason.startswith("Mehrere Akten passen")


@pytest.mark.parametrize(
    ("born", "number"), [("05.05.1955", "12345//0002001"), ("15.05.1985", "12345//0002002")]
)
def test_the_birth_date_tells_father_from_son(born: str, number: str):
    finding = match(
        letter("Unterlagen", f"Karl Petersen, geb. {born}\nSüderstraße 12\n25813 Husum")
    )
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == number
    assert finding.chosen.person_ids == (
        f"Karl Petersen {date(*map(int, reversed(born.split('.'))))}",
    )


def test_the_fathers_number_with_the_sons_birth_date_decides_nothing():
    finding = match(letter("BG 12345//0002001", "Karl Petersen, geb. 15.05.1985"))
    assert finding.chosen is None
    assert {one.aktenzeichen for one in finding.candidates} == {"12345//0002001", "12345//0002002"}


def test_a_similar_name_does_not_confirm_a_wrong_number():
    # Hansen's number on Jansen's letter.
    finding = match(letter("BG 12345//0003001", end="Anna Jansen"))
    assert finding.chosen is None
    assert len(finding.candidates) == 2


def test_the_landlord_who_is_a_client_himself_does_not_get_his_tenants_letter():
    finding = match(
        letter(
            "Mieter Jörg Müller-Lüdenscheidt, BG 12345//0001234",
            "Jens Clausen\nSüderstraße 12\n25813 Husum",
            end="Jens Clausen",
        )
    )
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0001234"


def test_a_lawyer_with_a_clients_name_gets_nothing():
    finding = match(
        letter(
            "Müller-Lüdenscheidt, Jörg, geb. 07.03.1984",
            "Rechtsanwältin Petra Schmidt\nMarkt 1\n25813 Husum",
            end="Petra Schmidt, Rechtsanwältin",
        )
    )
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0001234"


def test_the_authoritys_own_address_is_nobodys():
    finding = match(letter("Unterlagen", end="Uwe Lorenz"))
    assert finding.chosen is None
    assert finding.candidates[0].facts == {"name"}


def test_former_names_and_foreign_letters_are_known():
    for name in ("Ali Yildiz", "Yıldız, Ali", "Ali Demir"):
        finding = match(letter("Kundennummer 123C000003", end=name))
        assert finding.chosen is not None
        assert finding.chosen.aktenzeichen == "12345//0005001"


def test_a_letter_about_the_child_concerns_the_child():
    finding = match(letter("BG 12345//0001234", body="Mia Müller-Lüdenscheidt besucht die Klasse."))
    assert finding.chosen is not None
    assert finding.chosen.person_ids == ("Mia Müller-Lüdenscheidt 2018-06-01",)


def test_two_numbers_of_two_files_are_left_to_the_desk():
    finding = match(
        letter(
            "Mieter 12345//0001234 und 12345//0001284",
            body="betrifft Jörg Müller-Lüdenscheidt und Petra Schmidt.",
        )
    )
    assert finding.chosen is None
    assert len(finding.candidates) == 2


def test_who_is_known_in_two_files_is_filed_by_the_number():
    text = "Kundennummer 123D000004, geb. 12.12.1972"
    assert match(letter(text, end="Ute Brodersen")).chosen is None
    finding = match(letter(f"BG 12345//0007002 {text}", end="Ute Brodersen"))
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0007002"


@given(st.text(max_size=400))
@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_text_makes_the_match_fail(text: str):
    assert match(text).chosen is None or match(text).reason


def test_a_document_without_words_identifies_nobody():
    assert MATCHER.match(()).chosen is None
    assert MATCHER.match((PageText(()),)).candidates == ()


SENDERS = (
    "",
    "Jörg Müller-Lüdenscheidt\nSüderstraße 12\n25813 Husum",
    "Petra Schmidt\nDeichweg 4a\n25840 Friedrichstadt",
)
NUMBERS = ("", "BG 12345//0001234", "BG 12345//0001284", "BG 12345//0001239")
SIGNED = ("", "Jörg Müller-Lüdenscheidt", "Petra Schmidt")


@pytest.mark.parametrize(
    ("sender", "number", "signed"), list(itertools.product(SENDERS, NUMBERS, SIGNED))
)
def test_a_chosen_file_never_goes_against_number_or_sender(sender: str, number: str, signed: str):
    chosen = match(letter(f"Unterlagen {number}", sender, end=signed)).chosen
    if chosen is None:
        return
    people = {"12345//0001234": "Jörg", "12345//0001284": "Petra"}
    assert people[chosen.aktenzeichen] in f"{sender} {signed}"
    assert chosen.aktenzeichen in number or not number or number.endswith("9")


# --- what filed documents bear, roles, forms ------------------------------------------------------


@pytest.mark.parametrize(
    "reference",
    ["Az.: S 31 AS 270/14", "Ihr Zeichen: HUS-512-4711/26", "Versicherten-Nr. A123456780"],
)
def test_a_known_reference_needs_a_name_beside_it(reference: str):
    assert match(letter(reference)).chosen is None
    finding = match(letter(f"{reference}, Jörg Müller-Lüdenscheidt"))
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0001234"


def test_a_known_reference_with_another_clients_name_decides_nothing():
    assert match(letter("Az.: S 31 AS 270/14, Petra Schmidt")).chosen is None


def test_the_birth_date_in_a_pension_number_confirms_a_name():
    finding = match(letter("RV-Nummer 15 070384 M 10 6, Jörg Müller-Lüdenscheidt"))
    assert is_pension_number("15070384M106")
    assert finding.chosen is not None
    assert {"name", "birth_date"} <= finding.chosen.facts


@pytest.mark.parametrize(
    ("subject", "business"),
    [
        ("Kündigung der Wohnung von Herrn Emil Fremder", ""),
        ("Mieterin Frau Petra Schmidt", ""),
        ("Nebenkostenabrechnung", "Hausverwaltung\n"),
    ],
)
def test_a_landlord_who_is_a_client_does_not_get_what_he_writes_of_others(
    subject: str, business: str
):
    sender = f"{business}Jens Clausen\nSüderstraße 12\n25813 Husum"
    finding = match(letter(subject, sender, end="Jens Clausen"))
    assert finding.chosen is None
    assert finding.candidates[0].aktenzeichen == "12345//0006001"


def test_a_client_who_writes_of_himself_is_found_by_his_letterhead():
    finding = match(letter("Meine Unterlagen", "Jens Clausen\nSüderstraße 12\n25813 Husum"))
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0006001"


@pytest.mark.parametrize("name", ["Ahmed Shevchenko", "Achmed Schewtschenko", "Ahmad Tkachuk"])
def test_a_name_nobody_bears_leads_nowhere(name: str):
    assert match(letter("Unterlagen", f"{name}\nSüderstraße 12\n25813 Husum")).chosen is None


PEOPLE = {
    "12345//0001234": ("Jörg Müller-Lüdenscheidt", "07.03.1984", "Süderstraße 12, 25813 Husum"),
    "12345//0001284": ("Petra Schmidt", "02.01.1990", "Deichweg 4a, 25840 Friedrichstadt"),
    "12345//0003001": ("Anna Hansen", "09.09.1979", "Deichweg 4a, 25840 Friedrichstadt"),
    "12345//0005001": ("Ali Yıldız", "29.02.1992", "Deichweg 4a, 25840 Friedrichstadt"),
}
one_fact_each = st.lists(
    st.tuples(st.sampled_from(sorted(PEOPLE)), st.integers(0, 2)),
    min_size=1,
    max_size=4,
    unique_by=lambda one: one[0],
).map(
    lambda facts: [
        (f"Nummer {number}", PEOPLE[number][0], f"geb. {PEOPLE[number][1]}")[kind]
        for number, kind in facts
    ]
)


@given(one_fact_each)
@settings(max_examples=120, deadline=None)
def test_one_fact_of_each_of_several_files_never_files_a_letter(facts: list[str]):
    text = letter("Unterlagen", body="\n\nhier steht etwas dazwischen.\n\n".join(facts))
    assert match(text).chosen is None


complete = st.tuples(st.sampled_from(sorted(PEOPLE)), st.sampled_from(["number", "born", "home"]))


def stated(number: str, how: str) -> str:
    name, born, home = PEOPLE[number]
    second = {"number": f"BG {number}", "born": f"geb. {born}", "home": f"wohnhaft {home}"}[how]
    return f"Herr {name}, {second}"


@given(complete, st.booleans())
@settings(max_examples=60, deadline=None)
def test_capitals_and_the_order_of_pages_change_nothing(one: tuple[str, str], last: bool):
    page = letter(stated(*one))
    other = "Anlage\n\nKontostand 12,34 EUR\n"
    pages = f"{page}\f{other}" if last else f"{other}\f{page}"
    chosen = match(pages).chosen
    assert chosen is not None
    assert chosen.aktenzeichen == one[0]
    loud = match(letter(stated(*one).replace(PEOPLE[one[0]][0], PEOPLE[one[0]][0].upper()))).chosen
    assert loud is not None
    assert loud.aktenzeichen == one[0]


@given(complete, st.sampled_from(sorted(PEOPLE)))
@settings(max_examples=60, deadline=None)
def test_adding_somebody_elses_number_never_files_a_letter_there(one: tuple[str, str], other: str):
    chosen = match(letter(stated(*one), body=f"Nummer {other}")).chosen
    if other != one[0]:
        assert chosen is None or (one[1] == "number" and chosen.aktenzeichen == one[0])


@pytest.mark.parametrize(
    "number",
    [
        "12345//10001234",  # the second stroke read twice
        "1234S|7110001234",
        "12345/1/0001234",
        "12345//000123€4",
        "12345//OO0 12?34",
    ],
)
def test_a_damaged_number_beside_the_exact_name_leads_to_its_file(number: str):
    finding = match(letter(f"Aktenzeichen {number}", end="Jörg Müller-Lüdenscheidt"))
    assert finding.chosen is not None, finding
    assert finding.chosen.aktenzeichen == "12345//0001234"
    assert {"number", "name"} <= finding.chosen.facts
    seen = {one.rule: one.words for one in finding.chosen.evidence}
    assert seen["kennung.aktenzeichen"] in {number, f"Aktenzeichen {number}"}


@pytest.mark.parametrize("number", ["12345//10001934", "12345//0001", "12345//10001243"])
def test_a_number_with_another_digit_is_not_his_however_damaged(number: str):
    finding = match(letter(f"Aktenzeichen {number}", end="Jörg Müller-Lüdenscheidt"))
    assert finding.chosen is None


def test_a_damaged_number_without_the_name_decides_nothing():
    assert match(letter("Aktenzeichen 12345//10001234")).chosen is None


@pytest.mark.parametrize(
    ("born", "number"),
    [("05.0€5.1955", "12345//0002001"), ("15:05:1985", "12345//0002002"),
     ("15.05.19[85", "12345//0002002")],
)  # fmt: skip
def test_a_damaged_birth_date_still_tells_father_from_son(born: str, number: str):
    finding = match(letter(f"Karl Petersen, geb. {born}"))
    assert finding.chosen is not None, finding
    assert finding.chosen.aktenzeichen == number


def test_a_birth_date_that_is_one_as_it_was_read_is_nobody_elses():
    assert match(letter("Karl Petersen, geb. 05.05.1956")).chosen is None


def test_a_birth_date_whose_label_was_lost_counts_with_the_name_of_who_signs():
    finding = match(letter("07.03.1984", end="Jörg Müller-Lüdenscheidt"))
    assert finding.chosen is not None
    assert finding.chosen.facts >= {"name", "birth_date"}


@pytest.mark.parametrize(
    "address",
    [
        "Süderstraße 12, Husum",
        "Süderstraße 12, 258131 Husum",
        "Süderstraẞe 12, 25813",
        "Suderstrafe 12, 25813 Husurn",
        "Süderstraße 1Z, 25813 Husum",
        "Süderstraße, 25813 Husum",
        "Süderstraße12 Husum",
    ],
)
def test_an_address_with_a_part_lost_or_misread_agrees_with_the_exact_name(address: str):
    finding = match(letter(f"Herrn Jörg Müller-Lüdenscheidt, wohnhaft {address}"))
    assert finding.chosen is not None, finding
    assert finding.chosen.aktenzeichen == "12345//0001234"
    assert "address" in finding.chosen.facts


@pytest.mark.parametrize(
    "address",
    [
        "Süderstraße 13, Husum",
        "Süderstraße 12, 25840 Friedrichstadt",
        "Süderstraße 121, 25813",
        "Suderstrafe, 25813 Husum",
        "Norderstraße 12, Husum",
        "12, 25813 Husum",
        "Süderstraße 12",
    ],
)
def test_another_or_too_little_address_agrees_with_nobody(address: str):
    assert match(letter(f"Herrn Jörg Müller-Lüdenscheidt, wohnhaft {address}")).chosen is None


def test_the_postcode_below_the_street_is_found_though_its_city_was_lost():
    finding = match(letter("Unterlagen", "Jörg Müller-Lüdenscheidt\nSüderstraße 12\n25813"))
    assert finding.chosen is not None
    assert finding.chosen.facts >= {"name", "address"}


def test_house_number_and_postcode_agree_with_a_number_where_name_and_street_were_lost():
    finding = match(letter("BG 12345//0001234, Herrn wohnhaft 12, 25813 Husum"))
    assert finding.chosen is not None
    assert finding.chosen.facts >= {"number", "address"}


def test_names_that_were_run_together_are_two_names():
    finding = match(letter("BG 12345//0001284, Frau PetraSchmidt"))
    assert finding.chosen is not None
    assert finding.chosen.facts >= {"number", "name"}


def test_a_name_with_geb_in_it_is_no_label_of_a_birth_date():
    register = file("12345//0008001", SUED, person("Peter Brüggeberg", "2001-10-17"))

    class One(RegisterInMemory):
        @staticmethod
        def _where(fits) -> tuple[CaseFileFacts, ...]:
            return (register,) if fits(register) else ()

    text = letter("BG 12345//0008001", "Peter Brüggeberg 17.11.2026\nSüderstraße 12\n25813 Husum")
    finding = CaseFileMatcher(One(), PATTERN, OWN).match(lay_out(text))
    assert finding.chosen is not None


def test_the_authoritys_post_office_box_is_nobody_elses_home():
    finding = match(
        "Jörg Müller-Lüdenscheidt\nSüderstraße 12\n25813 Husum\n\n"
        "Betreff: Postfach 11 40 25802 Husum\n\nSehr geehrte Damen und Herren,\n\nDanke.\n"
    )
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0001234"


def test_the_address_under_herr_and_a_name_is_his_not_the_senders():
    finding = match(
        "Arbeitsvertrag zwischen\n\nFischfeinkost Ax GmbH, Speicherweg 3, 25813 Husum\n\nund\n\n"
        "Herrn Jörg Müller-Lüdenscheidt\nSüderstraße 12, 25813 Husum\n\nwird vereinbart:\n"
    )
    assert finding.chosen is not None
    assert finding.chosen.aktenzeichen == "12345//0001234"


def test_a_landlord_whose_letter_asks_like_a_form_is_still_its_sender():
    # He is a client himself; the tenant named in the fields is nobody's whom the register knows.
    finding = match(
        "# Hausverwaltung\n\n\n\n\nJens Clausen · Süderstraße 12 · 25813 Husum\n\n"
        "Jobcenter Nordfriesland\nMarktstraße 6\n25813 Husum\n\n"
        "Bescheinigung\n\nFamilienname: Niemand\nVorname: Berta\n"
        "Wohnort: Husum\n\nMit freundlichen Grüßen\nJens Clausen\n"
    )
    assert finding.chosen is None
