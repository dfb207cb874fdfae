import time

from hypothesis import given
from hypothesis import strategies as st

from eakte.domain.pages import Box, PageText, Word
from eakte.language.query import parse
from eakte.language.snippets import SNIPPET_WORDS, marks, snippet

NOWHERE = Box(0, 0, 0, 0)
SOME_WORDS = ("Miete", "Heizung", "Be-", "scheid", "§", "22", "SGB", "II")
FILLER = " ".join(f"Füllwort{letter}" for letter in "abcdefghijklmnopqrstuvwxyz")


def page(*lines: str) -> PageText:
    return PageText(
        tuple(
            Word(text, NOWHERE, line=number)
            for number, line in enumerate(lines)
            for text in line.split()
        )
    )


def marked(text_page: PageText, query: str, *, typing: bool = False) -> list[str]:
    found = marks(text_page, parse(query, typing=typing).clauses)
    return [text_page.words[index].text for index in sorted(found)]


LETTER = page(
    "gegen Ihren Bescheid vom 01.04.2026 lege ich Widerspruch ein.",
    "Die Kosten der Heizung nach § 22 Abs. 1 SGB II sind im Bewilligungs-",
    "bescheid falsch. Aktenzeichen 12345//0001234. Neue Bescheide, neue Kosten.",
)


def test_inflected_words_are_marked():
    assert marked(LETTER, "Bescheid") == ["Bescheid", "Bescheide,"]


def test_only_the_words_of_a_phrase_are_marked():
    assert marked(LETTER, '"neue Kosten"') == ["neue", "Kosten."]


def test_all_words_of_a_reference_are_marked():
    assert marked(LETTER, "§ 22 SGB II") == ["§", "22", "Abs.", "1", "SGB", "II"]


def test_both_halves_of_a_broken_word_are_marked():
    assert marked(LETTER, "Bewilligungsbescheid") == ["Bewilligungs-", "bescheid"]


def test_a_number_is_marked_by_its_part():
    assert marked(LETTER, "0001234") == ["12345//0001234."]


def test_a_word_still_being_typed_is_marked():
    assert marked(LETTER, "Wider", typing=True) == ["Widerspruch"]


def test_excluded_words_and_fields_mark_nothing():
    assert marked(LETTER, "-Bescheid akte:12345//0001234") == []


def test_the_snippet_shows_the_page_with_most_of_the_query():
    pages = [page("Die Heizung"), page("Die Heizung und die Kosten"), page("Kosten")]
    found = snippet(pages, parse("Heizung Kosten").clauses)
    assert found.page == 2
    assert [text for text, is_marked in found.parts if is_marked] == ["Heizung", "Kosten"]


def test_the_snippet_shows_the_densest_place_of_a_long_page():
    long_page = page("Heizung", FILLER, FILLER, FILLER, "defekte Heizung, hohe Kosten", FILLER)
    found = snippet([long_page], parse("Heizung Kosten").clauses)
    assert "defekte Heizung, hohe Kosten" in found.text
    assert found.text.startswith("… ")
    assert found.text.endswith(" …")


def test_the_snippet_is_short():
    found = snippet([page(FILLER, FILLER, "Heizung", FILLER)], parse("Heizung").clauses)
    assert len(found.text.split()) <= SNIPPET_WORDS + 2


def test_a_broken_word_is_shown_whole():
    found = snippet([LETTER], parse("Bewilligungsbescheid").clauses)
    assert ("Bewilligungsbescheid", True) in found.parts


def test_neighbours_are_marked_as_one():
    found = snippet([LETTER], parse('"lege ich Widerspruch ein"').clauses)
    assert ("lege ich Widerspruch ein.", True) in found.parts


def test_a_document_found_by_its_head_shows_its_beginning():
    found = snippet([page("Sehr geehrte Damen"), page("Zweite Seite")], parse("Müller").clauses)
    assert (found.page, found.parts) == (1, (("Sehr geehrte Damen", False),))


def test_a_document_without_words_has_an_empty_snippet():
    assert snippet([PageText(()), PageText(())], parse("Müller").clauses).parts == ()


def test_a_document_without_words_on_its_first_page_shows_the_second():
    assert snippet([PageText(()), page("Text")], parse("Müller").clauses).page == 2


@given(
    st.lists(
        st.lists(st.sampled_from(SOME_WORDS), max_size=40),
        max_size=3,
    ),
    st.sampled_from(["Miete", '"Miete Heizung"', "§ 22 SGB II", "Bescheid -Miete", ""]),
)
def test_a_snippet_shows_words_of_its_page(texts: list[list[str]], query: str):
    pages = [
        PageText(tuple(Word(text, NOWHERE, line=n // 5) for n, text in enumerate(words)))
        for words in texts
    ]
    clauses = parse(query).clauses
    found = snippet(pages, clauses)
    if found.parts:
        shown = found.text.removeprefix("… ").removesuffix(" …").replace("-", "").replace(" ", "")
        whole = pages[found.page - 1].text.replace("-", "").replace("\n", "").replace(" ", "")
        assert shown in whole
    if any(is_marked for _, is_marked in found.parts):
        assert marks(pages[found.page - 1], clauses)


def test_a_letter_of_two_pages_takes_little_time():
    pages = [page(*[LETTER.text] * 8)] * 2  # twice 280 words
    clauses = parse('Heizung "neue Kosten" § 22').clauses
    snippet(pages, clauses)
    spent = []
    for _ in range(5):
        begun = time.process_time()
        snippet(pages, clauses)
        spent.append(time.process_time() - begun)
    assert min(spent) < 0.05  # seconds; an order above what is measured in benchmarks/search
