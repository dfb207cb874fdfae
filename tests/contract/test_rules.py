"""Rules are proposed, tried, put into force and taken back; nothing counts before that."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs

from classifiers.rule_text import TriggerText
from eakte.bootstrap import Product, open_product
from eakte.bootstrap.intake import intake_tools, trial_runner
from eakte.bootstrap.rules import look_at_folder, rules_watched
from eakte.domain.findings import SchlagwortFinding
from eakte.domain.live_settings import LiveValues
from eakte.domain.rights import Reader, system_reader
from eakte.domain.rules import OWN_FILE, Change, Origin, TrialScope
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import Conflict, NotFound, NotPermitted, RuleError, Unusable
from eakte.models import AuditRow, Document, FindingRow, RuleTrial, RuleTrialChange
from eakte.repositories.organisation import Organisation
from eakte.services.rules import Rules
from eakte.services.rules_proposals import fingerprint
from eakte.services.rules_views import ProposalView
from eakte.settings import Settings
from tests.letters import letter
from tests.plain_intake import PoolInThisProcess, take_in
from tests.small_authority import MUELLER

DOG_TAX = Schlagwort(
    id="hundesteuer", title="Hundesteuer", function="leistung", subfile="leistung", urgent=True
)
WORDS = (TriggerText(phrases=("hundesteuer*", "steuer .. ihren hund"), weight=9.0),)
NOTHING_STOPS = threading.Event()
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def dog_letter(word: str) -> bytes:
    return letter(
        "Jörg Müller-Lüdenscheidt, geboren am 07.03.1984",
        "Süderstraße 12, 25813 Husum",
        f"BG-Nummer {MUELLER}",
        "",
        "Hundesteuerbescheid",
        "",
        "Sehr geehrte Damen und Herren,",
        "die angeforderte Unterlage reiche ich hiermit nach:",
        f"den Hundesteuerbescheid der Stadt. {word}",
    )


@dataclass
class Office:
    """The product, and those who take part."""

    product: Product
    admin: Reader
    other_admin: Reader
    lead: Reader
    worker: Reader

    @property
    def rules(self) -> Rules:
        return self.product.services.rules

    def proposal(self, origin: Origin = Origin.SCREEN) -> ProposalView:
        found = self.rules.proposal(self.admin, origin)
        assert found is not None
        return found

    def propose_dog_tax(self) -> ProposalView:
        self.rules.add_schlagwort(self.admin, DOG_TAX, WORDS)
        return self.proposal()

    def try_it(self, origin: Origin = Origin.SCREEN, scope: TrialScope | None = None) -> str:
        trial = self.rules.start_trial(self.admin, origin, scope)
        assert trial_runner(self.product, "test").work(NOTHING_STOPS)
        return trial

    def activate(self, found: ProposalView, **more: object) -> int:
        asked = {"digest": found.digest, "seq": found.seq, "reason": "für die Hunde", **more}
        return self.rules.activate(self.admin, found.origin, **asked)  # type: ignore[arg-type]

    def labels(self, sources: dict[str, str]) -> list[str | None]:
        with self.product.database.read() as session:
            rows = session.execute(select(Document.source_id, Document.schlagwort)).all()
            found = {row.source_id: row.schlagwort for row in rows}
        return [found[source] for source in sources.values()]

    def audited(self) -> list[str]:
        with self.product.database.read() as session:
            return list(
                session.scalars(
                    select(AuditRow.action)
                    .where(AuditRow.action.like("rules.%"))
                    .order_by(AuditRow.seq)
                )
            )


@pytest.fixture
def office(product: Product) -> Office:
    day, policy = product.database.clock.today(), product.settings.access
    with product.database.read() as session:
        known = {
            login: Organisation(session).reader(login, day, policy)
            for login in ("x.admin", "a.lead", "m.petersen")
        }
    admin, lead, worker = known.values()
    assert admin is not None
    assert lead is not None
    assert worker is not None
    other = Reader(login="y.admin", name="Yvonne Admin", settings=True)
    return Office(product, admin, other, lead, worker)


def test_the_shipped_folder_becomes_version_one_and_nothing_is_proposed(office: Office):
    view = office.rules.overview(office.admin)
    assert (view.in_force.version, view.in_force.kind, view.in_force.by) == (1, "first", "Betrieb")
    assert view.proposals == ()
    assert {one.name for one in view.files} >= {"allgemein.toml", "recht.toml"}
    assert list(office.rules.problems()) == []


def test_a_new_schlagwort_is_written_tried_and_counts_everywhere_at_once(office: Office):
    taken = take_in(office.product, {"alt.pdf": dog_letter("alt")})
    before = office.labels(taken)
    assert before != ["hundesteuer"]
    found = office.propose_dog_tax()
    assert [one.id for one in found.new] == ["hundesteuer"]
    assert "hundesteuer" not in office.product.catalogue.schlagworte

    trial = office.rules.trial(office.admin, office.try_it())
    assert (trial.state, trial.done, trial.changed) == ("done", 1, 1)
    (shift,) = trial.shifts
    assert (shift.kind, shift.new, shift.count) == (Change.PRIMARY, "hundesteuer", 1)
    assert shift.new_rules[0][0] == "eigene.hundesteuer.1"
    assert "hundesteuer*" in shift.new_rules[0][2]
    assert office.labels(taken) == before, "a trial changed a document"

    assert office.activate(office.proposal()) == 2
    choices = office.product.services.postboxes.schlagwort_choices()
    assert "hundesteuer" in {one.id for one in choices}
    taken = take_in(office.product, {"neu.pdf": dog_letter("neu")})
    assert office.labels(taken) == ["hundesteuer"]
    with office.product.database.read() as session:
        document = session.scalars(
            select(Document).where(Document.source_id == taken["neu.pdf"])
        ).one()
        versions = session.scalars(
            select(FindingRow.rules_version).where(
                FindingRow.document_id == document.id, FindingRow.kind == "schlagwort"
            )
        )
        assert set(versions) == {2}
    assert office.audited() == ["rules.activate", "rules.propose", "rules.try", "rules.activate"]


def test_words_of_a_letter_are_for_those_alone_who_may_open_it(office: Office):
    take_in(office.product, {"alt.pdf": dog_letter("alt")})
    office.propose_dog_tax()
    trial = office.try_it()
    for reader in (office.admin, office.other_admin):
        seen = office.rules.trial(reader, trial)
        assert (seen.changed, seen.open_documents, seen.documents) == (1, 0, ())
    (document,) = office.rules.trial(office.lead, trial).documents
    assert "Hundesteuerbescheid" in document.new_why[0].words
    assert office.audited()[-1] == "rules.look"
    with pytest.raises(NotPermitted):
        office.rules.trial(office.worker, trial)
    with office.product.database.read() as session:
        (kept,) = session.scalars(select(RuleTrialChange))
    assert "Hundesteuerbescheid" not in str([kept.old_why, kept.new_why])


def test_only_whoever_may_change_settings_changes_rules(office: Office):
    found = office.propose_dog_tax()
    for reader in (office.lead, office.worker):
        with pytest.raises(NotPermitted):
            office.rules.save_file(reader, "recht.toml", "x", "")
        with pytest.raises(NotPermitted):
            office.rules.activate(
                reader, Origin.SCREEN, digest=found.digest, seq=1, reason="x", untried=True
            )
    with pytest.raises(NotPermitted):
        office.rules.overview(office.worker)
    assert office.rules.overview(office.lead).in_force.version == 1


def test_untried_rules_do_not_count_unless_somebody_says_why(office: Office):
    found = office.propose_dog_tax()
    with pytest.raises(NotPermitted, match="noch nicht"):
        office.activate(found)
    with pytest.raises(Unusable, match="Grund"):
        office.activate(found, reason="  ", untried=True)
    assert office.activate(found, untried=True) == 2


def test_what_changed_since_the_trial_must_be_tried_again(office: Office):
    office.propose_dog_tax()
    office.try_it()
    tried = office.proposal()
    assert tried.tried
    text = office.rules.file(office.admin, OWN_FILE).text
    office.rules.save_file(
        office.other_admin, OWN_FILE, text.replace("weight = 9", "weight = 3"), fingerprint(text)
    )
    with pytest.raises(Conflict, match=r"y\.admin hat den Vorschlag"):
        office.activate(tried)
    with pytest.raises(NotPermitted, match="noch nicht"):
        office.activate(office.proposal())


def test_whoever_is_second_learns_who_was_quicker(office: Office):
    first = office.propose_dog_tax()
    office.activate(first, untried=True, reason="weil Hunde")
    text = office.rules.file(office.admin, "recht.toml").text
    office.rules.save_file(office.admin, "recht.toml", f"{text}\n# neu\n", fingerprint(text))
    with pytest.raises(Conflict, match=r"Xaver Admin hat am .* Fassung 2 .*weil Hunde"):
        office.rules.activate(
            office.other_admin,
            Origin.SCREEN,
            digest=office.proposal().digest,
            seq=first.seq,
            reason="auch",
            untried=True,
        )


def test_of_two_who_decide_at_the_same_moment_one_is_refused(office: Office):
    found, together = office.propose_dog_tax(), threading.Barrier(2)

    def decide(_: int) -> str:
        together.wait()
        try:
            return f"Fassung {office.activate(found, untried=True)}"
        except Conflict as conflict:
            return conflict.message

    with ThreadPoolExecutor(2) as both:
        answers = sorted(both.map(decide, range(2)))
    assert answers[0] == "Fassung 2"
    assert "Xaver Admin hat am" in answers[1]
    assert office.rules.overview(office.admin).in_force.seq == 2


def test_two_people_do_not_overwrite_each_other_in_one_file(office: Office):
    text = office.rules.file(office.admin, "recht.toml").text
    office.rules.save_file(office.admin, "recht.toml", f"{text}\n# eins\n", fingerprint(text))
    with pytest.raises(Conflict, match="Xaver Admin hat den Vorschlag"):
        office.rules.save_file(
            office.other_admin, "recht.toml", f"{text}\n# zwei\n", fingerprint(text)
        )


def test_going_back_keeps_what_was_filed_under_a_schlagwort_that_is_gone(office: Office):
    office.activate(office.propose_dog_tax(), untried=True)
    (source,) = take_in(office.product, {"neu.pdf": dog_letter("neu")}).values()
    view = office.rules.version(office.admin, 1)
    office.rules.roll_back(office.admin, 1, seq=view.seq, reason="war nichts")
    live = office.rules.live.now
    assert live.number == 1
    assert "hundesteuer" not in live.schlagworte
    assert live.schlagworte["hundesteuer"].title == "Hundesteuer"
    with office.product.database.read() as session:
        document = session.scalars(select(Document).where(Document.source_id == source)).one()
    shown = office.product.services.documents.open(office.worker, document.id)
    assert shown.title == "Hundesteuer"
    assert office.labels(take_in(office.product, {"3.pdf": dog_letter("3")})) != ["hundesteuer"]
    with pytest.raises(Unusable, match="gilt schon"):
        office.rules.roll_back(office.admin, 1, seq=live.seq, reason="noch einmal")
    with pytest.raises(NotFound):
        office.rules.roll_back(office.admin, 9, seq=live.seq, reason="gibt es nicht")


def test_a_process_that_runs_notices_what_another_one_decided(office: Office):
    elsewhere = open_product(office.product.settings)
    tools = intake_tools(office.product, PoolInThisProcess())
    begun = tools.settled()
    there = elsewhere.services.rules
    there.add_schlagwort(office.admin, DOG_TAX, WORDS)
    found = there.proposal(office.admin, Origin.SCREEN)
    assert found is not None
    there.activate(
        office.admin, Origin.SCREEN, digest=found.digest, seq=1, reason="neu", untried=True
    )
    elsewhere.database.close()
    assert tools.rules().version == 1
    assert office.rules.live.refresh()
    assert not office.rules.live.refresh()
    assert tools.rules().version == 2
    assert "hundesteuer" in tools.schlagworte
    assert begun.rules().version == 1, "a document in the middle changed its rules"


def test_a_bad_sample_letter_is_named_once_and_where_something_is_classified(
    office: Office, tmp_path: Path
):
    (tmp_path / "config" / "musterbriefe").mkdir(parents=True)
    (tmp_path / "config" / "musterbriefe" / "umzug.txt").write_text("Text ohne Kopf", "utf-8")
    there = office.product.settings
    settings = Settings(there.home, tmp_path / "config", there.values, there.access)
    product = replace(office.product, settings=settings)
    with capture_logs() as logs:
        tools = intake_tools(product, PoolInThisProcess())
        runner = trial_runner(product, "test")
    assert logs == []
    with capture_logs() as logs:
        tools.rules()
        runner.classifier(product.catalogue)
    (told,) = logs
    assert "umzug.txt" in told["reason"]
    assert told["remedy"]


def test_the_watch_brings_another_version_within_seconds(office: Office):
    elsewhere = open_product(office.product.settings)
    with rules_watched(elsewhere.settings, elsewhere.services.rules):
        office.activate(office.propose_dog_tax(), untried=True)
        until = time.monotonic() + 20
        while elsewhere.services.rules.live.now.number != 2:
            assert time.monotonic() < until
            time.sleep(0.02)
    elsewhere.database.close()
    titles = {one.title for one in elsewhere.services.postboxes.schlagwort_choices()}
    assert "Hundesteuer" in titles


def test_a_changed_folder_is_a_proposal_and_nothing_more(office: Office, tmp_path: Path):
    settings = with_own_folder(office, tmp_path)
    own = settings.schlagworte / "eigene.toml"
    own.write_text(
        '[schlagworte.reha]\ntitle = "Reha"\nfunction = "leistung"\nsubfile = "leistung"\n'
        '[[schlagworte.reha.triggers]]\nphrases = ["reha"]\nweight = 9\n',
        "utf-8",
    )
    assert look_at_folder(settings, office.rules) is not None
    found = office.proposal(Origin.FOLDER)
    assert [one.name for one in found.files] == ["eigene.toml"]
    assert "reha" not in office.product.catalogue.schlagworte
    (problem,) = office.rules.problems()
    assert "gelten noch nicht (eigene.toml)" in problem.problem
    office.rules.dismiss(office.admin, Origin.FOLDER, found.digest)
    assert look_at_folder(settings, office.rules) is None
    own.write_text(own.read_text("utf-8") + "unsinn = 1\n", "utf-8")
    assert look_at_folder(settings, office.rules) is not None
    problem_of_it = office.proposal(Origin.FOLDER).problem
    assert problem_of_it is not None
    assert (problem_of_it.file, problem_of_it.line) == ("eigene.toml", 8)
    with pytest.raises(RuleError):
        office.rules.start_trial(office.admin, Origin.FOLDER)


def test_a_delivery_leaves_what_was_written_here_and_asks_where_both_changed(
    office: Office, tmp_path: Path
):
    office.activate(office.propose_dog_tax(), untried=True)
    text = office.rules.file(office.admin, "recht.toml").text
    office.rules.save_file(office.admin, "recht.toml", f"{text}# hier\n", fingerprint(text))
    office.activate(office.proposal(), untried=True)
    settings = with_own_folder(office, tmp_path)
    for name in ("recht.toml", "owi.toml", "wohnen.toml"):
        path = settings.schlagworte / name
        if path.exists():
            path.write_text(path.read_text("utf-8") + "# geliefert\n", "utf-8")
    look_at_folder(settings, office.rules)
    found = office.proposal(Origin.FOLDER)
    assert found.conflicts == ("recht.toml",)
    with pytest.raises(Conflict, match=r"recht\.toml"):
        office.activate(found, untried=True)
    office.rules.decide(office.admin, Origin.FOLDER, "recht.toml", found.digest, proposal=False)
    assert office.activate(office.proposal(Origin.FOLDER), untried=True) == 4
    files = office.rules.version(office.admin, 4).files
    assert files["recht.toml"].endswith("# hier\n")
    assert files["wohnen.toml"].endswith("# geliefert\n")
    assert "hundesteuer" in files[OWN_FILE]
    assert look_at_folder(settings, office.rules) is None


def test_no_version_is_without_what_the_settings_name(office: Office):
    view = office.rules.file(office.admin, "vermittlung.toml")
    without = view.text.replace("schlagworte.attest", "schlagworte.attest_neu")
    office.rules.save_file(office.admin, view.name, without, view.fingerprint)
    assert [one.id for one in office.proposal().gone] == ["attest"]
    with pytest.raises(Unusable, match="attest"):
        office.activate(office.proposal(), untried=True)


def test_a_trial_goes_on_where_another_worker_left_it(office: Office):
    take_in(office.product, {f"{n}.pdf": dog_letter(f"brief {n}") for n in range(5)})
    office.propose_dog_tax()
    trial = office.rules.start_trial(office.admin, Origin.SCREEN, TrialScope(count=4))
    stop = threading.Event()

    # Ended after its first chunk, as by a restart.
    asked: list[LiveValues] = []

    def live() -> LiveValues:
        asked.append(LiveValues())
        return asked[-1]

    first = replace(trial_runner(office.product, "first"), chunk=3, live=live)
    first.work(stop, lambda _done, _of: stop.set())
    assert len(asked) == 1, "all its documents are judged by one threshold"
    half = office.rules.progress(office.admin, trial)
    assert (half.state, half.done, half.total) == ("running", 3, 4)
    second = trial_runner(office.product, "second")
    assert not second.work(NOTHING_STOPS), "the first one may still be at it"
    with office.product.database.write() as session:
        session.execute(update(RuleTrial).values(claimed_until=LONG_AGO))
    assert second.work(NOTHING_STOPS)
    whole = office.rules.progress(office.admin, trial)
    assert (whole.state, whole.done, whole.changed) == ("done", 4, 4)
    assert sum(whole.before.values()) == 4


def test_a_trial_can_look_at_what_came_since_a_day_and_be_cancelled(office: Office):
    take_in(office.product, {"1.pdf": dog_letter("1")})
    office.propose_dog_tax()
    future = TrialScope(count=9, since=date(2100, 1, 1))
    assert office.rules.progress(office.admin, office.try_it(scope=future)).done == 0
    trial = office.rules.start_trial(office.admin, Origin.SCREEN)
    office.rules.cancel_trial(office.admin, trial)
    assert not trial_runner(office.product, "test").work(NOTHING_STOPS)
    assert office.rules.progress(office.admin, trial).state == "cancelled"


def test_a_trial_that_fails_says_so_and_stops_nothing(office: Office):
    take_in(office.product, {"1.pdf": dog_letter("1")})
    office.propose_dog_tax()
    trial = office.rules.start_trial(office.admin, Origin.SCREEN)

    def breaks(_pages: object) -> tuple[SchlagwortFinding, ...]:
        raise ZeroDivisionError

    broken = replace(trial_runner(office.product, "test"), classifier=lambda _: breaks)
    assert broken.work(NOTHING_STOPS)
    assert not broken.work(NOTHING_STOPS)
    ended = office.rules.progress(office.admin, trial)
    assert (ended.state, ended.done) == ("failed", 0)
    assert "Protokoll des Servers" in ended.problem
    assert not office.proposal().tried


def test_old_trials_forget_which_documents_they_found(office: Office):
    take_in(office.product, {"1.pdf": dog_letter("1")})
    office.propose_dog_tax()
    trial = office.try_it()
    with office.product.database.write() as session:
        session.execute(update(RuleTrial).values(ended_at=LONG_AGO))
    trial_runner(office.product, "test").forget()
    seen = office.rules.trial(office.lead, trial)
    assert (seen.changed, seen.documents) == (1, ())


def test_only_the_system_takes_notice_of_the_folder(office: Office):
    with pytest.raises(NotPermitted):
        office.rules.note_folder(office.admin, {})
    assert office.rules.note_folder(system_reader("rules-folder"), _files(office)) is None


def _files(office: Office) -> dict[str, str]:
    return dict(office.rules.version(office.admin, 1).files)


def with_own_folder(office: Office, folder: Path) -> Settings:
    """The same settings with a rules folder that may be changed, now as version 1."""
    settings, config = office.product.settings, folder / "config"
    (config / "schlagworte").mkdir(parents=True)
    for name, text in office.rules.version(office.admin, 1).files.items():
        (config / "schlagworte" / name).write_text(text, "utf-8")
    return Settings(settings.home, config, settings.values, settings.access)
