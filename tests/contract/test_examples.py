"""Corrections are kept as examples: nameless, for a while, and never of what is closed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import select

from classifiers.catalogue import load_catalogue
from classifiers.keywords import KeywordClassifier
from classifiers.labelled import labelled_documents
from eakte.domain.examples import ExampleKind
from eakte.domain.facts import Correction, FactKind
from eakte.domain.findings import CaseFileCandidate, CaseFileFinding
from eakte.domain.pages import Box, PageText, RecognisedPage, Word
from eakte.domain.rights import system_reader
from eakte.models import Document, Example, Source
from eakte.ports import Classifier
from eakte.repositories import codec
from eakte.repositories.documents import Documents
from eakte.repositories.facts import Facts as FactRows
from eakte.repositories.sources import Sources
from eakte.services.examples import Corrections, Keeping
from eakte.services.facts import Facts
from tests.authority import STEP, Authority
from tests.prepared import REPOSITORY
from tests.small_authority import MUELLER, PROTECTED, SCHMIDT

OPERATOR = system_reader("operator")
LETTER = """Lina Müller-Lüdenscheidt
Süderstraße 12
25813 Husum

BG-Nummer 12345//0001234, geb. 30.09.2015

hiermit lege ich Widerspruch ein nach § 22 SGB II
Mit freundlichen Grüßen
Jörg Mueller-Lüdenscheidt"""


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(
        Word(text=word, box=Box(0.1 + at / 50, row / 40, 0.11 + at / 50, (row + 1) / 40), line=row)
        for row, line in enumerate(text.split("\n"))
        for at, word in enumerate(line.split())
    )


def letter(authority: Authority, text: str = LETTER) -> str:
    """A letter with words of its own that waits at the clearing desk, called „sonstiges“."""
    made = authority.letter("sonstiges", None, state="clearing")
    with authority.database.write() as session:
        source = session.get_one(Document, made).source_id
        page = RecognisedPage(
            number=2,
            text=PageText(words=words_of(text)),
            dpi=200,
            turn=0,
            preview=b"",
            thumbnail=b"",
        )
        sources = Sources(session)
        sources.add_page(STEP, source, page, "0" * 64, "0" * 64)
        session.get_one(Source, source).page_count = 2
        first, second = sources.pages(STEP, source)
        listed = Documents(session).pages(STEP, made)
        listed[0][0].page_id = second.id
        assert first.id != second.id
    return made


def assign(authority: Authority, document_id: str, schlagwort: str, number: str | None) -> None:
    authority.clearing.assign(
        authority.reader("s.scan"),
        document_id,
        authority.document(document_id).version,
        schlagwort=schlagwort,
        aktenzeichen=number,
    )


def kept(authority: Authority) -> list[Example]:
    with authority.database.read() as session:
        return list(session.scalars(select(Example).order_by(Example.made_at, Example.kind)))


def test_another_schlagwort_at_the_desk_is_kept_without_names(authority: Authority):
    assign(authority, letter(authority), "widerspruch", MUELLER)
    (noted,) = kept(authority)
    assert (noted.suggested, noted.label, noted.score) == ("sonstiges", "widerspruch", 0.9)
    assert noted.pages is None
    assert f"{noted.delete_after:%Y-%m-%d}" == "2027-11-20"

    authority.examples.keep_house()
    (example,) = authority.examples.all_of(ExampleKind.SCHLAGWORT)
    text = example.pages[0].text
    for name in ("Müller", "Mueller", "Lüdenscheidt", "Lina", "Jörg", "Süder", "Husum", "1234"):
        assert name not in text
    assert "hiermit lege ich Widerspruch ein nach § 22 SGB II" in text
    assert ("s.scan", "example.keep", None) in authority.trail_of(example.id)


def test_what_the_machine_said_itself_is_no_example(authority: Authority):
    assign(authority, letter(authority), "sonstiges", MUELLER)
    assert kept(authority) == []


def test_another_schlagwort_in_the_postbox_is_kept_and_the_last_word_counts(authority: Authority):
    made = authority.letter("kontoauszug", MUELLER)
    reader = authority.reader("m.petersen")
    entry = authority.entry(made, "m.petersen")
    authority.postboxes.file(reader, entry.id, entry.version, "lohnabrechnung")
    assert [one.label for one in kept(authority)] == ["lohnabrechnung"]
    authority.postboxes.take_up(reader, made, authority.document(made).version)
    entry = authority.entry(made, "m.petersen")
    authority.postboxes.file(reader, entry.id, entry.version, "kontoauszug")
    assert kept(authority) == []


@pytest.mark.parametrize(
    ("schlagwort", "number"),
    [("kontoauszug", PROTECTED), ("attest", MUELLER), ("hinweis_dritter", MUELLER),
     ("beschwerde", None)],
)  # fmt: skip
def test_of_protected_files_closed_subfiles_and_no_file_nothing_is_kept(
    authority: Authority, schlagwort: str, number: str | None
):
    assign(authority, letter(authority), schlagwort, number)
    assert kept(authority) == []


def test_a_file_that_is_protected_meanwhile_loses_its_example(authority: Authority):
    assign(authority, letter(authority), "widerspruch", MUELLER)
    with authority.database.write() as session:
        authority.cover(session, MUELLER).protected = True
    authority.examples.keep_house()
    assert kept(authority) == []


def test_another_case_file_is_kept_as_its_place_among_the_candidates(authority: Authority):
    made = letter(authority)
    with authority.database.write() as session:
        candidates = tuple(
            CaseFileCandidate(
                case_file_id=authority.cover(session, number).id,
                aktenzeichen=number,
                score=score,
                facts=frozenset({"name"}),
                evidence=(),
            )
            for number, score in ((SCHMIDT, 0.7), (MUELLER, 0.6))
        )
        finding = CaseFileFinding(chosen=None, candidates=candidates, reason="")
        rows = [("", 0.0, codec.case_finding_to_json(finding))]
        Documents(session).keep_findings(
            session.get_one(Document, made), "case_file", rows, authority.clock.now()
        )
    assign(authority, made, "sonstiges", MUELLER)
    (example,) = kept(authority)
    assert (example.kind, example.suggested, example.label) == ("case_file", "1", "2")
    assert MUELLER not in json.dumps(example.findings)


def test_taken_back_the_example_goes_as_well(authority: Authority):
    made = letter(authority)
    assign(authority, made, "widerspruch", MUELLER)
    authority.clearing.take_back(authority.reader("s.scan"), made)
    assert kept(authority) == []


def test_on_its_day_an_example_is_deleted_and_the_log_says_so(authority: Authority):
    assign(authority, letter(authority), "widerspruch", MUELLER)
    authority.examples.keep_house()
    (example,) = kept(authority)
    authority.clock.set_day("2027-11-19")
    assert authority.examples.delete_outlived() == 0
    authority.clock.set_day("2027-11-20")
    assert authority.examples.delete_outlived() == 1
    assert kept(authority) == []
    assert ("system:examples", "example.delete", None) in authority.trail_of(example.id)


def test_who_erases_a_document_erases_its_examples(authority: Authority):
    made = letter(authority)
    assign(authority, made, "widerspruch", MUELLER)
    with authority.database.write() as session:
        corrections = Corrections(session, Keeping(), frozenset())
        assert corrections.forget(OPERATOR, made, "erased") == 1
    assert kept(authority) == []


def test_the_setting_zero_keeps_nothing(authority: Authority):
    object.__setattr__(authority.clearing, "keeping", Keeping(months=0))
    assign(authority, letter(authority), "widerspruch", MUELLER)
    assert kept(authority) == []


def test_exported_the_rules_can_be_tested_with_them(authority: Authority, tmp_path: Path):
    assign(authority, letter(authority), "widerspruch", MUELLER)
    authority.examples.keep_house()
    assert authority.examples.export(OPERATOR, tmp_path / "out") == 1
    catalogue = load_catalogue(REPOSITORY / "config" / "schlagworte")
    (one,) = labelled_documents(tmp_path / "out", catalogue)
    classifier: Classifier = KeywordClassifier(catalogue)
    assert one.right == ("widerspruch",)
    assert classifier.classify(one.pages)[0].schlagwort == "widerspruch"
    assert ("system:operator", "example.export", None) in authority.trail_of("all")


def correct(authority: Authority, document_id: str, kind: str, value: str, **more: str) -> None:
    Facts(authority.database).correct(
        authority.reader("m.petersen"),
        document_id,
        authority.document(document_id).version,
        kind=kind,
        value=value,
        **more,
    )


@pytest.mark.parametrize(
    ("kind", "value", "label", "words"),
    [
        ("sender", "Jörg Mueller-Lüdenscheidt", "on_page", "Jörg Mueller-Lüdenscheidt"),
        ("sender", "Stadtwerke Husum", "elsewhere", None),
        ("dated", "30.09.2015", "on_page", "30.09.2015"),
        ("set_date", "", "none", None),
    ],
)
def test_a_corrected_fact_is_kept_as_a_place_and_never_as_what_it_says(
    authority: Authority, kind: str, value: str, label: str, words: str | None
):
    made = letter(authority)
    assign(authority, made, "sonstiges", MUELLER)
    correct(authority, made, kind, value, **({"replaces": "2026-12-21"} if not value else {}))
    (noted,) = kept(authority)
    assert value not in str([noted.label, noted.suggested, noted.findings]) or not value
    authority.examples.keep_house()
    (example,) = authority.examples.all_of(FactKind(kind))
    assert (example.label, f"{example.delete_after:%Y-%m-%d}") == (label, "2027-11-20")
    assert "Lüdenscheidt" not in example.pages[0].text
    right = [one for one in example.places if one.get("right")]
    assert bool(right) == (words is not None)
    if words is not None:
        wanted = [one for one in words_of(LETTER) if one.text.rstrip(",") in words.split()]
        assert {tuple(wanted[0].box.as_list()[1:2])} <= {
            tuple(box[1:2]) for one in right for box in one["boxes"]
        }


def test_facts_corrected_before_the_letter_had_a_file_are_kept_once_it_has(authority: Authority):
    made = letter(authority)
    with authority.database.write() as session:
        correction = Correction(
            kind=FactKind.SENDER, value="Stadtwerke", replaces="", given_by="s.scan"
        )
        FactRows(session).correct(
            session.get_one(Document, made), correction, authority.clock.now()
        )
    assign(authority, made, "sonstiges", MUELLER)
    assert [(one.kind, one.label) for one in kept(authority)] == [("sender", "elsewhere")]


def test_what_a_person_set_back_to_what_was_read_is_no_example(authority: Authority):
    made = letter(authority)
    assign(authority, made, "sonstiges", MUELLER)
    correct(authority, made, "set_date", "22.12.2026", replaces="2026-12-21")
    assert len(kept(authority)) == 1
    correct(authority, made, "set_date", "21.12.2026", replaces="2026-12-22")
    assert kept(authority) == []


def test_corrected_facts_are_written_apart_from_schlagworte(authority: Authority, tmp_path: Path):
    made = letter(authority)
    assign(authority, made, "kontoauszug", MUELLER)
    correct(authority, made, "dated", "30.09.2015")
    authority.examples.keep_house()
    assert authority.examples.export(OPERATOR, tmp_path / "schlagworte") == 1
    assert authority.examples.export_facts(OPERATOR, tmp_path / "angaben") == 1
    (written,) = (tmp_path / "angaben" / "dated").glob("*.json")
    content = json.loads(written.read_text("utf-8"))
    assert content["label"] == "on_page"
    assert "Lüdenscheidt" not in written.read_text("utf-8")
