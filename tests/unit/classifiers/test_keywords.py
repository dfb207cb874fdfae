"""What is it: every Schlagwort is recognised, and the traps are not fallen into."""

from pathlib import Path

import pytest

from classifiers.catalogue import compile_rules, load_catalogue, read_rules
from classifiers.evaluate import evaluate
from classifiers.keywords import DEFAULT_THRESHOLD, KeywordClassifier
from classifiers.labelled import labelled_documents, lay_out
from eakte.domain.findings import SchlagwortFinding
from eakte.domain.pages import PageText

ROOT = Path(__file__).parents[3]
LETTERS = Path(__file__).parent / "letters"
CATALOGUE = load_catalogue(ROOT / "config" / "schlagworte")
CLASSIFIER = KeywordClassifier(CATALOGUE)
DOCUMENTS = list(labelled_documents(LETTERS, CATALOGUE))


def classify(text: str) -> tuple[SchlagwortFinding, ...]:
    return CLASSIFIER.classify(lay_out(text))


def letter(subject: str, body: str) -> str:
    return f"""Petra Hansen
Süderstraße 12
25813 Husum

Jobcenter Nordfriesland
Marktstraße 6
25813 Husum

{subject}

Sehr geehrte Damen und Herren,

{body}

Mit freundlichen Grüßen
Petra Hansen
"""


@pytest.mark.parametrize("schlagwort", sorted(CATALOGUE.schlagworte))
def test_every_schlagwort_is_recognised_in_each_of_its_sample_letters(schlagwort: str):
    samples = [one for one in DOCUMENTS if one.right == (schlagwort,)]
    assert samples, "ein Musterbrief fehlt"
    for sample in samples:
        first = CLASSIFIER.classify(sample.pages)[0]
        assert first.schlagwort == schlagwort, sample.name
        # Letters of everyday wording (alltag) may be left to the desk, with the right suggestion.
        assert first.score >= DEFAULT_THRESHOLD or "alltag" in sample.name, sample.name
        if schlagwort != "sonstiges":
            assert all(one.boxes and one.page >= 1 for one in first.evidence)
            assert first.evidence


def test_a_score_of_nine_in_ten_is_right_nine_times_in_ten():
    outcome = evaluate(CLASSIFIER, DOCUMENTS)
    sure = [band for band in outcome.bands if band.low >= 0.9]
    count = sum(band.count for band in sure)
    assert count > 50
    assert sum(band.hits for band in sure) / count >= 0.9


def test_evidence_quotes_the_words_with_one_box_a_line():
    (first, *_) = classify(
        letter("Bescheid vom 02.11.2026", "hiermit lege ich fristgerecht Wider-\nspruch ein.")
    )
    strongest = first.evidence[0]
    assert first.schlagwort == "widerspruch"
    assert strongest.rule == "recht.widerspruch.1"
    assert strongest.words == "lege ich fristgerecht Wider- spruch ein."
    assert len(strongest.boxes) == 2
    assert strongest.page == 1


@pytest.mark.parametrize(
    ("subject", "body", "not_this"),
    [
        ("Ihr Bescheid", "ein Widerspruch ist nicht beabsichtigt, ich frage nur.", "widerspruch"),
        ("Ihr Bescheid", "ich lege keinen Widerspruch ein.", "widerspruch"),
        ("Ihr Bescheid", "von einem Widerspruch sehe ich ab.", "widerspruch"),
        ("Ihr Bescheid", "falls Sie das nicht ändern, lege ich Widerspruch ein.", "widerspruch"),
        ("Kein Widerspruch", "ich habe nur eine Frage.", "widerspruch"),
        ("Wohnung", "wir behalten uns vor, Klage zu erheben.", "klage"),
        ("Frage", "mein Nachbar hat eine Klage beim Sozialgericht laufen.", "klage"),
        ("Frage", "sollten Sie nicht antworten, erhebe ich Klage.", "klage"),
        ("Frage", "ich habe keine Mietschulden und wohne dort gern.", "mietschulden"),
        ("Frage", "ich bin nicht schwanger.", "schwangerschaft"),
        ("Frage", "ein Umzug ist nicht geplant, ich bleibe in meiner Wohnung.", "umzug"),
        ("Frage", "wenn die Miete erhöht wird, melde ich mich.", "mieterhoehung"),
    ],
)  # fmt: skip
def test_what_is_denied_or_only_mentioned_does_not_count(subject: str, body: str, not_this: str):
    for finding in classify(letter(subject, body)):
        assert finding.schlagwort != not_this or finding.score < 0.5, finding


@pytest.mark.parametrize(
    "body",
    [
        "mit dem Bescheid bin ich nicht einverstanden und lege Widerspruch ein.",
        "gegen den Bescheid, den ich nicht verstehe, lege ich Widerspruch ein.",
        "ich lege Widerspruch ein. Die Begründung behalte ich mir vor.",
        "ich lege Widerspruch ein und behalte mir eine Begründung vor.",
        "leqe ich Widersprueh ein gegen den Bescheid.",
        "LEGE ICH WIDERSPRUCH EIN",
        "lege ich W i d e r s p r u c h ein.",
        "lege ich Wlderspruch ein.",
    ],
)
def test_a_denial_elsewhere_and_reading_errors_do_not_hide_an_objection(body: str):
    assert classify(letter("Bescheid vom 02.11.2026", body))[0].schlagwort == "widerspruch"


def test_the_instruction_on_remedies_is_no_objection():
    findings = classify(
        """Jobcenter Nordfriesland

Frau
Petra Hansen
Süderstraße 12
25813 Husum

Änderungsbescheid zum Bescheid vom 01.06.2026

Sehr geehrte Frau Hansen,

der Bescheid wird geändert.

Rechtsbehelfsbelehrung
Gegen diesen Bescheid kann jeder Betroffene innerhalb eines Monats Widerspruch erheben.
Der Widerspruch ist schriftlich einzulegen. Lege Widerspruch ein beim Jobcenter.
"""
    )
    assert [one.schlagwort for one in findings] == ["aenderung"]


def test_bank_statements_inside_an_application_are_named_with_their_pages():
    application = "# Antrag auf Weiterbewilligung der Leistungen\n\nName, Vorname: Hansen, Petra\n"
    more = "Seite 2\n\nErklärung: Die Angaben sind vollständig und richtig.\nUnterschrift\n"
    statement = (
        "# Kontoauszug\nalter Saldo 120,33\n\nBuchungstag Valuta Betrag\n01.10. Gutschrift 563,00\n"
    )
    follow = "Übertrag\n\n02.10. Einkauf 12,80\n03.10. Einkauf 5,20\n"
    findings = classify("\f".join([application, more, statement, follow]))
    assert [(one.schlagwort, one.pages) for one in findings[:2]] == [
        ("weiterbewilligung", (1, 2)),
        ("kontoauszug", (3, 4)),
    ]


def test_a_cover_letter_gives_way_to_the_enclosure_that_says_more():
    cover = letter("Fehlende Unterlagen", "anbei erhalten Sie die angeforderten Unterlagen.")
    findings = classify(cover + "\f# Mietbescheinigung\nvom Vermieter auszufüllen\nKaltmiete 390\n")
    assert [(one.schlagwort, one.pages) for one in findings] == [
        ("mietvertrag", (2,)),
        ("mitwirkung", (1,)),
    ]


def test_the_small_print_overleaf_does_not_say_what_a_letter_is():
    front = letter("Rentenbescheid", "die Rente beginnt am 01.12.2026.")
    findings = classify(front + "\f# Hinweise zum Datenschutz\nAuskunft nach Art. 15 DSGVO\n")
    assert findings[0].schlagwort == "rente"


def test_an_objection_with_a_review_in_the_alternative_is_both():
    findings = classify(
        letter(
            "Widerspruch",
            "ich lege Widerspruch ein. Hilfsweise beantrage ich die Überprüfung nach § 44 SGB X.",
        )
    )
    assert [one.schlagwort for one in findings] == ["widerspruch", "ueberpruefungsantrag"]


@pytest.mark.parametrize("pages", [(), (PageText(()),), lay_out("§§ 12 ,,, ---"), lay_out("ja")])
def test_without_anything_to_read_it_is_sonstiges_and_unsure(pages: tuple[PageText, ...]):
    (only,) = CLASSIFIER.classify(pages)
    assert only.schlagwort == "sonstiges"
    assert only.score < DEFAULT_THRESHOLD


def test_a_faint_hint_is_suggested_to_the_desk_rather_than_sonstiges():
    first = classify(letter("Kühlschrank", "können Sie mir ein Darlehen geben?"))[0]
    assert first.schlagwort == "darlehen"


def test_a_word_that_several_rules_see_is_one_piece_of_evidence():
    head = "[schlagworte.{0}]\ntitle = '{0}'\nfunction = 'leistung'\n"
    rule = "[[schlagworte.{0}.triggers]]\nphrases = ['{0}']\nweight = 2.6\n"
    probe = (head + rule).format("zebra") + (head + rule * 4).format("nilpferd")
    common = read_rules(ROOT / "config" / "schlagworte")["allgemein.toml"]
    rules = {"allgemein.toml": common, "probe.toml": probe + head.format("sonstiges")}
    small = KeywordClassifier(compile_rules(rules))

    def score(animal: str) -> float:
        return small.classify(lay_out(letter("Frage", f"im Garten steht ein {animal}.")))[0].score

    assert score("Zebra") < score("Nilpferd") < 0.85


def test_what_is_told_in_passing_weighs_less_than_what_is_asked_for():
    asked = classify(letter("Hallo", "ich bitte um ein Darlehen."))[0]
    told = classify(letter("Hallo", "damals hatte ich ein Darlehen."))[0]
    assert asked.schlagwort == "darlehen"
    assert told.schlagwort != "darlehen" or told.score < asked.score


def test_what_speaks_against_a_plain_statement_does_not_silence_it():
    body = "die Stadtwerke sperren uns morgen den Strom, auch der Durchlauferhitzer geht nicht."
    assert classify(letter("Dringend", body))[0].schlagwort == "energieschulden"


def test_wurde_is_not_taken_for_wuerde():
    said = classify(letter("Post", "mein Aufenthalt wurde verlängert bis 08.04.2027."))[0]
    meant = classify(letter("Post", "mein Aufenthalt würde verlängert bis 08.04.2027."))[0]
    assert said.schlagwort == "aufenthalt"
    assert meant.schlagwort != "aufenthalt" or meant.score < said.score


def test_scores_are_probabilities_and_the_primary_stands_first():
    for document in DOCUMENTS:
        findings = CLASSIFIER.classify(document.pages)
        assert all(0 <= one.score < 1 for one in findings)
        assert len({one.schlagwort for one in findings}) == len(findings)
        assert all(set(one.pages) <= set(range(1, len(document.pages) + 1)) for one in findings)
