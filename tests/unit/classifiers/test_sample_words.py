"""Sample letters: their words are counted, speak beside the rules and are shown."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.catalogue import load_catalogue
from classifiers.keywords import KeywordClassifier
from classifiers.labelled import lay_out
from classifiers.layout import lines_of
from classifiers.sample_words import (
    NO_SAMPLES,
    SampleWords,
    count_words,
    heard,
    load_sample_words,
)
from classifiers.tokens import tokens_of
from classifiers.wordings import Wording

CATALOGUE = load_catalogue(Path(__file__).parents[3] / "config" / "schlagworte")


def sample(schlagwort: str, *lines: str, head: tuple[str, ...] = ()) -> Wording:
    return Wording(
        name=f"{schlagwort}/eins",
        right=(schlagwort,),
        wrong=(),
        frame="privat",
        recipient="",
        head=head,
        text=lines,
    )


SAMPLES = count_words(
    3
    * [
        sample("umzug", "> Neue Bleibe", "wir packen die Kisten und brauchen einen Möbelwagen"),
        sample("umzug", "der Möbelwagen kostet viel und die Kisten sind voll"),
        sample("rente", "meine Altersbezüge kommen im Mai und die Kasse zahlt"),
        sample("rente", "die Altersbezüge sind bewilligt", head=("Versorgungswerk Nord",)),
    ]
)


def words_of(text: str) -> list[str]:
    (page,) = lay_out(text)
    return [word for word, _at in heard(tokens_of(lines_of(page, first=True)))]


def letter(body: str) -> str:
    return f"Guten Tag,\n\n{body}\n"


def test_a_word_speaks_for_the_schlagwort_in_whose_letters_it_stands():
    words = words_of(letter("Morgen kommt der Möbelwagen."))
    said = SAMPLES.said(words)
    assert said["umzug"] > said.get("rente", 0.0)
    assert "mobelwag" in SAMPLES.strongest(words, "umzug", 3)


def test_a_word_that_stands_in_the_letters_of_everything_is_silent():
    assert not SAMPLES.speaks_for.get("die")


def test_other_forms_and_spellings_of_a_word_are_the_same_word():
    plain, other = (words_of(letter(text)) for text in ("Möbelwagen", "Moebelwagens"))
    assert SAMPLES.said(plain) == SAMPLES.said(other)


def test_a_word_counts_once_however_often_it_is_said():
    once, often = (SAMPLES.said(words_of(letter(text))) for text in ("Kisten", "Kisten. Kisten."))
    assert once == often


def test_what_fills_a_slot_is_no_word_of_a_sample():
    counted = count_words([sample("umzug", "von {vorname} nach {ort}")])
    assert not any("vornam" in word or "ort" in word for word in counted.rarity)


def test_a_sender_is_known_as_a_sender_only():
    assert "@ versorgungswerk" in SAMPLES.rarity
    assert "versorgungswerk" not in SAMPLES.rarity


def test_words_decide_where_no_rule_sees_anything():
    (first, *_) = KeywordClassifier(CATALOGUE, SAMPLES).classify(
        lay_out(letter("Möbelwagen, Kisten, neue Bleibe: wir packen."))
    )
    assert first.schlagwort == "umzug"
    assert [(item.rule, item.page) for item in first.evidence] == [("musterbriefe.umzug", 1)]
    assert "Bleibe" in first.evidence[0].words
    assert len(first.evidence[0].boxes) == len(first.evidence[0].words.split(", "))


def test_a_schlagwort_without_samples_is_still_found_by_its_rules():
    text = letter("Hiermit lege ich Widerspruch gegen Ihren Bescheid ein. Die Kisten sind voll.")
    (first, *_) = KeywordClassifier(CATALOGUE, SAMPLES).classify(lay_out(text))
    assert first.schlagwort == "widerspruch"


def test_a_schlagwort_that_the_rules_no_longer_know_is_never_suggested():
    fewer = replace(
        CATALOGUE,
        schlagworte={k: v for k, v in CATALOGUE.schlagworte.items() if k != "umzug"},
    )
    found = KeywordClassifier(fewer, SAMPLES).classify(lay_out(letter("Möbelwagen und Kisten")))
    assert "umzug" not in {one.schlagwort for one in found}


def test_a_few_words_alone_are_not_certain():
    (first, *_) = KeywordClassifier(CATALOGUE, SAMPLES).classify(lay_out("Kisten"))
    assert first.score < 0.6


@given(st.lists(st.sampled_from(sorted(SAMPLES.rarity)), max_size=12), st.randoms())
def test_the_order_of_words_does_not_matter(words: list[str], rng):
    shuffled = list(words)
    rng.shuffle(shuffled)
    one, other = SAMPLES.said(words), SAMPLES.said(shuffled)
    assert one.keys() == other.keys()
    assert all(value > 0 and other[name] == pytest.approx(value) for name, value in one.items())


def test_too_few_letters_speak_for_nothing():
    few = count_words(4 * [sample("umzug", "Möbelwagen")] + 9 * [sample("rente", "Altersbezüge")])
    assert few.schlagworte == {"rente"}
    assert few.said(["mobelwag"]) == {}


def test_without_the_folder_the_rules_alone_speak(tmp_path: Path):
    assert load_sample_words(tmp_path / "musterbriefe") is NO_SAMPLES
    assert SampleWords().said(["miet"]) == {}


@pytest.mark.parametrize(
    ("line", "content"),
    [
        (1, b"=== eins | zeitung\nText"),
        (5, b"=== eins | privat\r\nText\r\n\r\n\r\n=== zwei | zeitung\r\nText"),
        (2, b"\nText ohne Kopf\n=== eins | privat\nText"),
        (1, b"==== eins | privat\nText"),
        (3, b"=== eins | privat\nText\n=== zwei | privat | ist=umzug, rente\nText"),
        (2, "\ufeff=== eins | privat\n".encode() + "Möbel".encode("cp1252")),
    ],
)
def test_a_file_of_another_form_is_named_and_the_others_count(
    tmp_path: Path, line: int, content: bytes
):
    (tmp_path / "umzug.txt").write_bytes(content)
    (tmp_path / "rente.txt").write_text("=== eins | privat\nAltersbezüge", "utf-8")
    found = load_sample_words(tmp_path)
    (told,) = found.left_out
    assert (told.file, told.line) == ("umzug.txt", line)
    assert told.remedy
    assert re.search(rf"umzug\.txt .*\(Zeile {line}\)", told.message)
    assert (found.letters, found.named) == (1, {"rente"})


def test_a_file_that_cannot_be_read_is_named_and_the_others_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    for name in ("umzug", "rente"):
        (tmp_path / f"{name}.txt").write_text("=== eins | privat\nAltersbezüge", "utf-8")
    read = Path.read_bytes

    def torn(path: Path) -> bytes:
        if path.name == "umzug.txt":
            raise PermissionError(13, "Permission denied")
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", torn)
    found = load_sample_words(tmp_path)
    assert [one.file for one in found.left_out] == ["umzug.txt"]
    assert found.named == {"rente"}


def test_files_as_other_systems_write_them_are_read(tmp_path: Path):
    text = "\r\n\r\n".join(f"=== brief {n} | privat\r\nMöbelwagen" for n in range(5))
    (tmp_path / "umzug.txt").write_bytes(b"\xef\xbb\xbf" + text.encode())
    (tmp_path / "._umzug.txt").write_bytes(b"\x00\x05\x16\x07")
    (tmp_path / "alt.txt").mkdir()
    found = load_sample_words(tmp_path)
    assert (found.letters, found.schlagworte) == (5, {"umzug"})


def test_every_schlagwort_that_a_letter_names_can_be_checked():
    letter_of_two = replace(sample("umzug", "Kisten"), wrong=("klage",))
    assert count_words([letter_of_two]).named == {"umzug", "klage"}


def test_sonstiges_stands_once_and_never_just_ahead_of_something_urgent():
    twins = count_words(
        5
        * [
            sample("sonstiges", "Gondel Kajak Floß Jolle Barke Kutter Ruder Reling"),
            sample("sterbefall", "Ahorn Linde Eibe Ulme Erle Esche Birke Fichte"),
        ]
    )
    text = letter("Gondel Kajak Floß Jolle Barke Kutter Ahorn Linde Eibe Ulme Erle")
    first, *others = KeywordClassifier(CATALOGUE, twins).classify(lay_out(text))
    assert first.schlagwort == "sterbefall"
    assert [one.schlagwort for one in others].count("sonstiges") <= 1


def test_what_comes_close_to_something_urgent_is_looked_at_by_a_person():
    assert CATALOGUE.schlagworte["sterbefall"].urgent
    assert not CATALOGUE.schlagworte["rente"].urgent
    boats = "Gondel Kajak Floß Jolle Barke Kutter Ruder"
    beasts, trees = "Zebra Giraffe Okapi Tapir Gazelle Puma", "Ahorn Linde Eibe Ulme Erle Esche"
    twins = count_words(
        5
        * [
            sample("umzug", boats),
            sample("rente", beasts),
            sample("sterbefall", trees),
        ]
    )
    classifier = KeywordClassifier(CATALOGUE, twins)

    def score(beside: str) -> float:
        (first, *_) = classifier.classify(lay_out(letter(f"{boats} {beside}")))
        assert first.schlagwort == "umzug"
        return first.score

    assert score(trees) < score(beasts)
