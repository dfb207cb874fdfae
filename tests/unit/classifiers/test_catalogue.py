"""The catalogue is complete, and a broken rule file gives one clear sentence."""

import re
import shutil
from pathlib import Path

import pytest

from classifiers.catalogue import load_catalogue
from eakte.errors import RuleError

ROOT = Path(__file__).parents[3]
RULES = ROOT / "config" / "schlagworte"
CATALOGUE = load_catalogue(RULES)

STABLE_IDS = """
erstantrag weiterbewilligung veraenderung mitwirkung mehrbedarf einmalige_leistung darlehen
bildung_teilhabe mietvertrag mieterhoehung nebenkosten umzug mietschulden energieschulden mittellos
lohnabrechnung kontoauszug bankverbindung selbstaendigkeit kindergeld sozialleistung rente vermoegen
steuerbescheid personenstand sterbefall aufenthalt meldebescheinigung schulbescheinigung
krankenversicherung schwangerschaft haft_stationaer vollmacht_betreuung erstattungsanspruch
datenabgleich unterhalt arbeitsunfaehigkeit attest gutachten schwerbehinderung bewerbung
eingliederungsplan arbeitsaufnahme kuendigung_arbeit massnahme foerderantrag meldetermin
ortsabwesenheit schuldnerberatung anhoerung anhoerung_minderung ratenzahlung insolvenz pfaendung owi
widerspruch klage eilantrag aktenanforderung ladung entscheidung gerichtspost ueberpruefungsantrag
akteneinsicht auskunft_dsgvo auskunftsersuchen hinweis_dritter beschwerde gefaehrdung andere_stelle
sonstiges bewilligung aenderung ablehnung versagung aufhebung_erstattung minderung vorlaeufig
abschliessend abhilfe widerspruchsbescheid anhoerung_ausgang mitwirkung_ausgang einladung vermerk
telefonnotiz versandnachweis
""".split()  # noqa: SIM905 - a list of words reads better so

GOOD = """
[schlagworte.reha]
title = "Reha"
function = "leistung"
[[schlagworte.reha.triggers]]
phrases = ["antrag auf reha"]
weight = 3
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copy(RULES / "allgemein.toml", tmp_path)
    shutil.copy(RULES / "leistung.toml", tmp_path)
    return tmp_path


def test_every_stable_id_ships():
    assert set(STABLE_IDS) == set(CATALOGUE.schlagworte)


def test_each_row_stands_in_the_catalogue_as_agreed():
    widerspruch = CATALOGUE.schlagworte["widerspruch"]
    assert (widerspruch.function, widerspruch.copies, widerspruch.subfile, widerspruch.urgent) == (
        "recht", ("leistung",), "recht", True,
    )  # fmt: skip
    assert CATALOGUE.schlagworte["beschwerde"].subfile is None
    assert CATALOGUE.schlagworte["gutachten"].subfile == "medizin"
    assert not CATALOGUE.schlagworte["versandnachweis"].incoming


def test_every_rule_has_an_id_of_its_own():
    ids = [trigger.id for trigger in CATALOGUE.triggers]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+\.\d+", one) for one in ids)
    assert "recht.widerspruch.1" in ids


def test_every_schlagwort_but_the_fallback_has_rules():
    ruled = {trigger.schlagwort for trigger in CATALOGUE.triggers if trigger.weight > 0}
    assert set(CATALOGUE.schlagworte) - ruled == {"sonstiges"}


def test_an_authority_adds_its_own_schlagwort(folder: Path):
    (folder / "eigenes.toml").write_text(GOOD, encoding="utf-8")
    catalogue = load_catalogue(folder)
    assert catalogue.schlagworte["reha"].title == "Reha"
    assert "eigenes.reha.1" in {trigger.id for trigger in catalogue.triggers}


@pytest.mark.parametrize(
    ("change", "key", "remedy"),
    [
        (("title =", "titel ="), "schlagworte.reha.titel", "gibt es nicht"),
        (('title = "Reha"\n', ""), "schlagworte.reha.title", "Pflicht"),
        (('function = "leistung"', 'function = "lei"'), "schlagworte.reha.function", "leistung"),
        (('function = "leistung"', 'function = "leistung"\nsubfile = "keller"'),
         "schlagworte.reha.subfile", "handakte"),
        (('function = "leistung"', 'function = "leistung"\ncopies = ["alle"]'),
         "schlagworte.reha.copies", "alle"),
        (('phrases = ["antrag auf reha"]', "phrases = []"),
         "schlagworte.reha.triggers.1.phrases", "Mindestens einen"),
        (('phrases = ["antrag auf reha"]\n', ""), "schlagworte.reha.triggers.1", "phrases oder"),
        (('phrases = ["antrag auf reha"]', 'phrases = ["antrag .."]'),
         "schlagworte.reha.triggers.1.phrases", "antrag .."),
        (('phrases = ["antrag auf reha"]', 'patterns = ["(reha"]'),
         "schlagworte.reha.triggers.1.patterns", "(reha"),
        (("weight = 3", "weight = 0"), "schlagworte.reha.triggers.1.weight", "0"),
        (("weight = 3", "weight = 99"), "schlagworte.reha.triggers.1.weight", "10"),
        (("weight = 3", 'weight = "viel"'), "schlagworte.reha.triggers.1.weight", "Zahl"),
        (("weight = 3", 'weight = 3\nzones = ["keller"]'),
         "schlagworte.reha.triggers.1.zones.1", "subject"),
        (("schlagworte.reha", "schlagworte.erstantrag"), "schlagworte.erstantrag", "eigenes.toml"),
        (("schlagworte.reha", 'schlagworte."Reha Sport"'), "schlagworte.Reha Sport", "a-z"),
        (("schlagworte.reha", f"schlagworte.{'r' * 61}"), f"schlagworte.{'r' * 61}", "60"),
        (("weight = 3", "weight = -11"), "schlagworte.reha.triggers.1.weight", "zu klein"),
        (('"Reha"', f'"{"R" * 301}"'), "schlagworte.reha.title", "höchstens 300 Zeichen"),
    ],
)  # fmt: skip
def test_a_broken_rule_names_file_key_and_remedy(
    folder: Path, change: tuple[str, str], key: str, remedy: str
):
    (folder / "eigenes.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(RuleError) as caught:
        load_catalogue(folder)
    assert ".toml" in caught.value.message
    assert key in caught.value.message
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    "content",
    [
        *(b"schlagworte = [", b"\xff\xfe", b"[schlagworte]\n"),
        *(b"schlagworte = " + b"[" * 5000 + b"]" * 5000, b"schlagworte = " + b"9" * 5000),
    ],
)
def test_a_file_that_is_no_rule_file_is_named(folder: Path, content: bytes):
    (folder / "eigenes.toml").write_bytes(content)
    with pytest.raises(RuleError, match=r"eigenes\.toml") as caught:
        load_catalogue(folder)
    assert caught.value.remedy


def test_a_missing_folder_or_common_file_is_named(tmp_path: Path):
    with pytest.raises(RuleError, match="Regelordner"):
        load_catalogue(tmp_path / "fehlt")
    with pytest.raises(RuleError, match=r"allgemein\.toml"):
        load_catalogue(tmp_path)


def test_without_the_fallback_nothing_starts(folder: Path):
    (folder / "leistung.toml").unlink()
    (folder / "eigenes.toml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(RuleError, match="sonstiges"):
        load_catalogue(folder)
