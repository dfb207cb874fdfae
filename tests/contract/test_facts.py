"""Facts kept with a document: corrected, followed by periods and Vorgang, found by searching."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.domain.facts import Fact, FactKind, first, values
from eakte.domain.rights import Reader, system_reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.intake.classify import document_pages
from eakte.intake.facts import facts_on, keep_facts
from eakte.models import Document, Wiedervorlage
from eakte.repositories.documents import Documents
from eakte.repositories.facts import Facts
from eakte.services.facts import Facts as FactService
from eakte.services.views import DocumentView
from tests.authority import Authority
from tests.letters import letter
from tests.plain_intake import PoolInThisProcess, take_in
from tests.small_authority import MUELLER, SCHMIDT

STEP = system_reader("test")
WHO = (
    "Jörg Müller-Lüdenscheidt",
    "Süderstraße 12, 25813 Husum",
    "geboren am 07.03.1984",
    f"BG-Nummer {MUELLER}",
)


def documents(product: Product, letters: dict[str, bytes]) -> dict[str, str]:
    sources = take_in(product, letters)
    with product.database.read() as session:
        return {
            name: Documents(session).of_source(STEP, source)[0].id
            for name, source in sources.items()
        }


def reader(product: Product, login: str) -> Reader:
    return product.services.accounts.reader(login)


def opened(product: Product, document_id: str, login: str = "r.legal") -> DocumentView:
    return product.services.documents.open(reader(product, login), document_id)


def objection(number: str = "", against: str = "03.11.2026") -> bytes:
    return letter(
        *WHO,
        "Widerspruch gegen den Bescheid vom " + against,
        f"Ihr Zeichen {number}" if number else "",
        "Sehr geehrte Damen und Herren,",
        f"hiermit lege ich gegen Ihren Bescheid vom {against} Widerspruch ein.",
        "Es fehlen 63,20 Euro.",
    )


def lawsuit(number: str) -> bytes:
    return letter(
        "Sozialgericht Schleswig",
        *WHO,
        f"Aktenzeichen {number}",
        "Klage",
        "Sehr geehrte Damen und Herren,",
        "anliegende Klageschrift wird übersandt. Der Kläger hat Klage erhoben.",
        "Um Stellungnahme binnen zwei Wochen wird gebeten.",
    )


def correct(
    product: Product, view: DocumentView, kind: FactKind, value: str, old: str = ""
) -> None:
    product.services.facts.correct(
        reader(product, "r.legal"), view.id, view.version, kind=kind, value=value, replaces=old
    )


@pytest.fixture
def one(product: Product) -> str:
    (document_id,) = documents(product, {"w.pdf": objection()}).values()
    return document_id


def test_a_letters_facts_stand_in_its_head_with_their_evidence(product: Product, one: str):
    view = opened(product, one)
    decision = first(view.facts, FactKind.DECISION)
    assert decision is not None
    assert (decision.value, decision.evidence[0].page) == ("2026-11-03", 1)
    assert decision.evidence[0].boxes
    assert values(view.facts, FactKind.AMOUNT) == ("63.20",)
    rules = [found.rule for found in view.deadlines]
    assert rules == ["§ 84 SGG", "§ 88 SGG"]


def test_a_corrected_fact_counts_and_its_periods_are_reckoned_anew(product: Product, one: str):
    before = opened(product, one)
    correct(product, before, FactKind.DECISION, "3. Oktober 2026", "2026-11-03")
    after = opened(product, one)
    fact = first(after.facts, FactKind.DECISION)
    assert fact is not None
    assert (fact.value, fact.given_by) == ("2026-10-03", "r.legal")
    assert after.deadlines[0].starts == date(2026, 10, 7)
    (row,) = (row for row in after.history if row.action == "document.fact")
    assert row.details == {
        "kind": "decision",
        "removed": False,
        "before": "2026-11-03",
        "after": "2026-10-03",
    }


def test_the_trail_tells_no_names_and_sums(product: Product, one: str):
    correct(product, opened(product, one), FactKind.SENDER, "Rechtsanwältin Beate Beispiel")
    correct(product, opened(product, one), FactKind.AMOUNT, "632,00", "63.20")
    rows = [row for row in opened(product, one).history if row.action == "document.fact"]
    assert len(rows) == 2
    assert not any("Beispiel" in str(row.details) or "632" in str(row.details) for row in rows)


def test_a_later_reading_leaves_the_correction_alone(product: Product, one: str):
    correct(product, opened(product, one), FactKind.AMOUNT, "632,00 €", "63.20")
    tools = intake_tools(product, PoolInThisProcess())
    with product.database.write() as session:
        document = session.get_one(Document, one)
        found = facts_on(document, tools, document_pages(session, one))
        keep_facts(session, document, found, product.database.clock.now())
    assert values(opened(product, one).facts, FactKind.AMOUNT) == ("632.00",)


def test_a_fact_that_is_none_is_taken_out(product: Product, one: str):
    correct(product, opened(product, one), FactKind.DECISION, "", "2026-11-03")
    view = opened(product, one)
    assert first(view.facts, FactKind.DECISION) is None
    assert [found.rule for found in view.deadlines] == ["§ 88 SGG"]


def test_who_comes_second_learns_who_was_first(product: Product, one: str):
    view = opened(product, one)
    correct(product, view, FactKind.SUBJECT, "Widerspruch")
    with pytest.raises(Conflict, match="Rolf Recht hat eine Angabe berichtigt"):
        correct(product, view, FactKind.SUBJECT, "Etwas anderes")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (FactKind.DECISION, "gestern"),
        (FactKind.AMOUNT, "viel"),
        (FactKind.AMOUNT, " "),  # nothing to add, and none named that is wrong
        (FactKind.NOTIFIED, ""),  # there is none to take out
        (FactKind.SENDER, "86 095 742 719"),  # a tax id is no sender, and must not be kept
    ],
)
def test_what_is_no_such_fact_is_refused(product: Product, one: str, kind: FactKind, value: str):
    with pytest.raises(Unusable):
        correct(product, opened(product, one), kind, value)


def test_only_whoever_has_it_on_the_desk_corrects_it(product: Product, one: str):
    view = opened(product, one, "m.petersen")  # has a copy of it, and no task
    with pytest.raises(NotPermitted):
        product.services.facts.correct(
            reader(product, "m.petersen"), one, view.version, kind="subject", value="x"
        )


def test_sender_court_number_and_sum_are_found_however_they_are_typed(product: Product):
    (one,) = documents(product, {"k.pdf": lawsuit("S 12 AS 345/26")}).values()
    correct(product, opened(product, one), FactKind.AMOUNT, "1234,50")
    correct(product, opened(product, one), FactKind.SENDER, "Sozialgericht Schleswig")
    product.indexer.drain()
    who = reader(product, "r.legal")
    for query in (
        "S 12 AS 345/26",
        "az:S12AS345/26",
        "1.234,50",
        "1234,50 Euro",
        "betrag:1234,50",
        "von:Schleswig",
        'von:"Sozialgericht Schleswig"',
    ):
        hits = product.services.searching.search(who, query).hits
        assert [hit.document_id for hit in hits] == [one], query


# --- Vorgänge -------------------------------------------------------------------------------------


def test_a_lawsuit_opens_a_vorgang_and_later_letters_find_it_by_its_number(product: Product):
    later = letter(
        "Sozialgericht Schleswig",
        *WHO,
        "Aktenzeichen S 12 AS 345/26",
        "Ladung zur mündlichen Verhandlung",
        "Sehr geehrte Damen und Herren,",
        "Sie werden zum Termin am 14.01.2027 geladen.",
    )
    made = documents(product, {"a.pdf": lawsuit("S 12 AS 345/26"), "b.pdf": later})
    one, two = (opened(product, made[name]) for name in ("a.pdf", "b.pdf"))
    assert one.vorgang is not None
    assert two.vorgang is not None
    assert one.vorgang.title == "Klage S 12 AS 345/26"
    assert two.vorgang.id == one.vorgang.id
    assert two.vorgang.reason == "Gleiches Aktenzeichen S 12 AS 345/26."
    assert two.vorgang.evidence[0].words.endswith("S 12 AS 345/26")


def test_reasons_that_follow_an_objection_belong_to_it(product: Product):
    made = documents(
        product,
        {
            "a.pdf": objection(),
            "b.pdf": objection("W 77/26"),
            "c.pdf": objection("W 77/26", against="01.02.2026"),
            "d.pdf": objection(against="05.01.2026 und vom 03.11.2026"),
        },
    )
    ids = [view.vorgang.id for name in made if (view := opened(product, made[name])).vorgang]
    assert len(ids) == 4
    assert len(set(ids)) == 1  # by the same decision, then by the number learnt from it


def test_another_files_number_leads_nowhere(product: Product):
    documents(product, {"a.pdf": lawsuit("S 12 AS 345/26")})
    other = letter(
        "Fatma Yıldız",
        "Am Hafen 3, 25832 Tönning",
        "geboren am 15.01.1990",
        "BG-Nummer 12345//0002000",
        "Ladung S 12 AS 345/26",
        "Sehr geehrte Damen und Herren,",
        "Sozialgericht Schleswig: Ladung zum Termin zur mündlichen Verhandlung.",
    )
    (two,) = documents(product, {"b.pdf": other}).values()
    assert opened(product, two).vorgang is None


def test_a_person_takes_it_out_and_no_reading_puts_it_back(product: Product, one: str):
    view = opened(product, one)
    who = reader(product, "r.legal")
    assert view.vorgang is not None
    product.services.facts.put_into(who, one, view.version, None)
    view = opened(product, one)
    assert (view.vorgang, view.vorgaenge) == (None, ())
    correct(product, view, FactKind.OBJECTION_NUMBER, "W 5/26")
    assert opened(product, one).vorgang is None


# --- periods that rest on other documents ---------------------------------------------------------


def posting_note(decided: str, posted: str) -> bytes:
    return letter(
        "Versandnachweis",
        *WHO,
        f"Schreiben: Bewilligungsbescheid vom {decided}",
        f"Zur Post aufgegeben am {posted}",
    )


def test_a_posting_note_that_comes_later_moves_the_period_of_the_objection(product: Product):
    made = documents(
        product, {"w.pdf": objection(), "v.pdf": posting_note("03.11.2026", "05.11.2026")}
    )
    who = reader(product, "r.legal")
    note = opened(product, made["v.pdf"], "r.legal")
    if note.schlagworte[0].id != "versandnachweis":
        pytest.fail(f"the note is filed as {note.schlagworte[0].id}")
    found = product.services.documents.open(who, made["w.pdf"]).deadlines[0]
    assert (found.rule, found.starts) == ("§ 84 SGG", date(2026, 11, 9))
    assert "Versandnachweis vom 05.11.2026 in der Akte." in found.reason


def test_every_decision_that_a_letter_is_against_has_its_period(product: Product):
    made = documents(
        product,
        {
            "w.pdf": objection(against="03.11.2026 und vom 10.11.2026"),
            "v.pdf": posting_note("10.11.2026", "12.11.2026"),
        },
    )
    view = opened(product, made["w.pdf"])
    found = [(one.starts, one.ends) for one in view.deadlines if one.rule == "§ 84 SGG"]
    assert found == [
        (date(2026, 11, 7), date(2026, 12, 7)),
        (date(2026, 11, 16), date(2026, 12, 16)),  # by its own posting note
    ]


def test_what_a_person_says_on_the_objection_of_the_decision_counts(product: Product, one: str):
    said = ((FactKind.POSTED, "05.11.2026"), (FactKind.ABROAD, "Polen"))
    ends = []
    for kind, value in (*said, (FactKind.REMEDIES, "fehlt")):
        correct(product, opened(product, one), kind, value)
        found = {one.rule: one for one in opened(product, one).deadlines}["§ 84 SGG"]
        ends.append(found.ends)
    assert ends == [date(2026, 12, 9), date(2027, 2, 5), date(2027, 11, 5)]
    assert "Von Hand eingetragen: Versand 05.11.2026." in found.reason


def test_a_wiedervorlage_lies_ahead_of_every_end_that_is_ours(product: Product):
    application = letter(
        *WHO, "Weiterbewilligungsantrag", "hiermit beantrage ich die Weiterbewilligung."
    )
    (one,) = documents(product, {"wba.pdf": application}).values()
    who = reader(product, "m.petersen")
    view = opened(product, one, "m.petersen")
    (inactivity,) = view.deadlines
    product.services.facts.correct(who, one, view.version, kind="set_date", value="05.02.2199")
    with product.database.read() as session:
        rows = session.scalars(
            select(Wiedervorlage)
            .where(Wiedervorlage.document_id == one)
            .order_by(Wiedervorlage.due)
        ).all()
    assert {row.login for row in rows} == {"m.petersen"}
    assert 7 <= (inactivity.ends - rows[0].due).days <= 12
    assert [row.due for row in rows][1:] == [date(2199, 1, 29)]
    assert "§ 88 SGG: voraussichtlich bis" in rows[0].note


def test_the_reading_is_kept_beside_the_correction(product: Product, one: str):
    correct(product, opened(product, one), FactKind.DECISION, "04.11.2026", "2026-11-03")
    with product.database.read() as session:
        read = [row["value"] for row in Documents(session).kept(STEP, one, "fact")]
        counts: tuple[Fact, ...] = Facts(session).of_document(STEP, one)
    assert "2026-11-03" in read
    assert values(counts, FactKind.DECISION) == ("2026-11-04",)


# --- with letters that are put on desks by hand ---------------------------------------------------


def test_a_letter_whose_end_is_near_lies_above_older_ones(authority: Authority):
    first_one, second = (authority.letter("kontoauszug", MUELLER) for _ in range(2))
    desk, who = FactService(authority.database), authority.reader("m.petersen")
    version = authority.document(second).version
    desk.correct(who, second, version, kind="set_date", value="23.11.2026", replaces="2026-12-21")
    rows = authority.postboxes.entries(who, "m.petersen")
    assert [row.document_id for row in rows] == [second, first_one]
    assert [(row.deadline, row.pressing) for row in rows] == [
        (date(2026, 11, 23), True),
        (date(2026, 12, 21), False),
    ]


def test_a_person_joins_two_vorgaenge(authority: Authority):
    one, two = (authority.letter("klage", SCHMIDT) for _ in range(2))
    desk, who = FactService(authority.database), authority.reader("r.legal")
    kept, gone = (authority.documents.open(who, each).vorgang for each in (one, two))
    assert kept is not None
    assert gone is not None
    desk.put_into(who, two, authority.document(two).version, kept.id)
    view = authority.documents.open(who, two)
    assert view.vorgang is not None
    assert (view.vorgang.id, view.vorgang.by_hand) == (kept.id, True)
    assert [choice.id for choice in view.vorgaenge] == [kept.id]
    with pytest.raises(NotFound):
        desk.put_into(who, two, view.version, gone.id)
