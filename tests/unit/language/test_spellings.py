"""What is typed in one spelling finds what stands on a page in another."""

import pytest

from eakte.language.analysis import analyse, units


def finds(asked: str, page: str) -> bool:
    tokens = analyse(page)
    body = [token.term for token in tokens if not token.extra]
    said = {token.term for token in tokens}

    def stands(phrase: tuple[str, ...]) -> bool:
        runs = (tuple(body[at : at + len(phrase)]) for at in range(len(body)))
        return phrase in runs or (len(phrase) == 1 and phrase[0] in said)

    return all(any(stands(form) for form in unit.forms) for unit in units(asked))


TELEPHONE = [
    *("015123456789", "0151 23456789", "0151/23456789", "0151 - 234 567 89", "+49 151 23456789"),
    *("+4915123456789", "0049 151 23456789", "+49 (0)151 234567-89", "(0151) 23456789"),
]
GROUPS = [
    ["12345//0001234", "12345 // 0001234", "12345 / 0001234", "12345BG0001234", "12345 BG 0001234"],
    ["1.234,56", "1 234,56", "1234,56"],
    ["22 SGB II", "§ 22 SGB II", "§22 SGB 2"],
    ["22 Abs. 1 SGB II", "§ 22 I SGB II", "§ 22 Absatz 1 SGB II"],
    ["§ 22 I 1 SGB II", "§ 22 Abs. 1 Satz 1 SGB II", "§ 22 Abs 1 S 1 SGB II"],
    ["Süderstraße 12", "Süderstr. 12", "SUEDERSTRASSE 12"],
    ["123A456789", "123 A 456789"],
    ["65170384B013", "65 170384 B 013"],
    ["S 12 AS 345/26", "S 12 AS 345/2026"],
    ["1.4.26", "01.04.2026", "1. April 2026", "01-04-2026", "2026-04-01"],
    ["Łukasz Kamiński", "Lukasz Kaminski", "LUKASZ KAMINSKI"],
    ["Yıldız", "YILDIZ", "Yildiz"],
    ["İbrahim Şahin", "Ibrahim Sahin"],
    ["Gökçe", "Goekce", "GÖKÇE"],
    ["Țîrlea", "Tirlea"],
    ["Şêrko", "Serko"],
    ["Đorđević", "Dordevic"],
]


@pytest.mark.parametrize("group", [TELEPHONE, *GROUPS], ids=lambda group: group[0])
def test_every_spelling_finds_every_other(group: list[str]):
    for asked in group:
        for written in group:
            assert finds(asked, f"Siehe {written}, danke"), (asked, written)


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("Alhussein", "Herr Al-Hussein"),
        ("Solovjov", "Frau Solov'jov"),
        ("23456789", "Tel. 0151 23456789"),
        ("0001234", "12345 // 0001234"),
        ("0151 234", "0151 234 56789"),
    ],
)
def test_a_part_finds_the_whole(asked: str, page: str):
    assert finds(asked, page)


@pytest.mark.parametrize(
    ("asked", "page"),
    [
        ("015123456789", "0151 234567 89,50 €"),
        ("22 SGB II", "2022 SGB II"),
        ("22 SGB II", "§ 2 SGB II"),
        ("0461 123456", "0461 654321"),
    ],
)
def test_other_numbers_are_not_found(asked: str, page: str):
    assert not finds(asked, page)


def test_two_numbers_in_a_row_stay_two():
    assert finds("046112345", "Tel. 0461 12345 0151 987654")
    assert finds("0151987654", "Tel. 0461 12345 0151 987654")


def test_a_misread_sign_is_still_a_reference():
    assert finds("§ 22 SGB II", "gemäß 8 22 SGB II")
