"""Wordings become letters; fields of words and calibration do what the rule files say."""

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.catalogue import Calibration, load_catalogue
from classifiers.filling import as_text, filled
from classifiers.keywords import KeywordClassifier
from classifiers.labelled import lay_out
from classifiers.wordings import read_lists, read_wordings
from eakte.errors import RuleError

ROOT = Path(__file__).parents[3]
MADE = ROOT / "config" / "musterbriefe"
LISTS = read_lists(MADE)
CATALOGUE = load_catalogue(ROOT / "config" / "schlagworte")


def write(folder: Path, text: str) -> Path:
    path = folder / "umzug.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_seed_makes_the_same_letter_again_and_another_one_other_facts():
    (wording, *_) = read_wordings(MADE / "widerspruch.txt")
    first, again, other = (as_text(filled(wording, LISTS, Random(n))) for n in (1, 1, 2))
    assert first == again != other
    assert "{" not in first


def test_a_hard_letter_names_what_is_right_and_what_is_wrong(tmp_path: Path):
    path = write(tmp_path, "=== a | privat | ist=umzug,veraenderung nicht=klage\n> Betreff\n\nText")
    (wording,) = read_wordings(path)
    assert (wording.right, wording.wrong) == (("umzug", "veraenderung"), ("klage",))


@pytest.mark.parametrize(
    ("text", "named"), [("=== a | zeitung\nText", "zeitung"), ("=== a | mail\n{wetter}", "wetter")]
)
def test_an_unknown_frame_or_slot_is_named(tmp_path: Path, text: str, named: str):
    path = write(tmp_path, text)
    with pytest.raises(RuleError, match=named):
        [filled(wording, LISTS, Random(0)) for wording in read_wordings(path)]


def test_three_small_words_of_a_field_say_more_than_one():
    def sum_of(body: str) -> float:
        plain = KeywordClassifier(replace(CATALOGUE, calibration=Calibration()))
        pages = lay_out(f"Betreff: Post\n\nSehr geehrte Damen und Herren,\n\n{body}\n")
        return {one.schlagwort: one.score for one in plain.classify(pages)}.get("rente", 0.0)

    assert sum_of("Rentenbeginn, Entgeltpunkte, Zahlbetrag") > sum_of("Rentenbeginn")


@given(
    st.floats(0, 1), st.floats(0, 1), st.floats(0.1, 5), st.floats(-3, 3)
)  # fmt: skip
def test_calibration_keeps_the_order_and_stays_a_share(
    one: float, other: float, slope: float, offset: float
):
    calibration = Calibration(slope=slope, offset=offset)
    low, high = sorted((one, other))
    assert 0 <= calibration(low) <= calibration(high) <= 1


@given(st.floats(0.001, 0.999))
def test_without_figures_a_score_stays_as_it_is(score: float):
    assert Calibration()(score) == pytest.approx(score)
