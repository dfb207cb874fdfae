"""What only the intake needs, put together: OCR processes, classifiers, the tools of the steps."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from datetime import timedelta
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from classifiers.applications import applicant
from classifiers.case_match import match
from classifiers.catalogue import Catalogue
from classifiers.facts import FactRules, facts
from classifiers.keywords import KeywordClassifier
from classifiers.sample_words import SampleWords, load_sample_words
from classifiers.unopened import envelope_finder
from eakte.bootstrap import Product
from eakte.bootstrap.quality import quality_rules, surroundings
from eakte.intake.rule_trials import Classify, TrialRunner
from eakte.intake.tools import PagePool, Pages, RulesInUse, Tools
from eakte.language.aktenzeichen import AktenzeichenPattern
from eakte.ports import Register
from eakte.recognition.limits import Limits
from eakte.recognition.pool import RecognitionPool
from eakte.services.cutting import CutRules
from eakte.services.rules_in_force import RulesOfVersion
from eakte.settings import Settings
from scanner_inbox.paper import examine

if TYPE_CHECKING:
    from eakte.domain.findings import CaseFileFinding

log = structlog.get_logger(__name__)


def open_pool(settings: Settings) -> RecognitionPool:
    """OCR processes as the settings say; close it when done."""
    recognition = settings.values.recognition
    return RecognitionPool(
        engine=recognition.engine,
        processes=recognition.processes or len(os.sched_getaffinity(0)),
        page_seconds=recognition.page_seconds,
        memory_mb=recognition.memory_mb,
        tessdata=Path(recognition.tessdata) if recognition.tessdata else None,
        limits=Limits(
            source_bytes=recognition.max_megabytes * 1_000_000, pages=recognition.max_pages
        ),
        examine=examine,
    )


def cut_rules(settings: Settings) -> CutRules:
    """Where a run without separators is cut, and where it waits."""
    values = settings.values.intake
    return CutRules(
        made_from=values.cut_threshold,
        asked_from=values.cut_ask_from,
        asked_alone_from=values.cut_ask_alone_from,
    )


def fact_rules(settings: Settings) -> FactRules:
    """How this authority writes its numbers, and what it calls itself."""
    authority = settings.values.authority
    return FactRules(
        objection_patterns=authority.objection_patterns,
        own_names=(*FactRules().own_names, authority.name),
    )


@lru_cache(maxsize=2)
def sample_words(folder: Path) -> SampleWords:
    """The words of the sample letters, counted when a process classifies for the first time.

    The log names a file that can't be read; post goes on without its words.
    """
    found = load_sample_words(folder)
    for unread in found.left_out:
        log.warning("sample_letters.left_out", reason=unread.message, remedy=unread.remedy)
    return found


def intake_tools(product: Product, pool: PagePool) -> Tools:
    """What the steps of the pipeline work with; all sources share ``pool``."""
    authority = product.settings.values.authority
    pattern = AktenzeichenPattern(authority.aktenzeichen_patterns)
    live = product.services.rules.live

    def shared_pool() -> AbstractContextManager[PagePool]:
        return nullcontext(pool)

    @lru_cache(maxsize=2)
    def made(rules: RulesOfVersion) -> RulesInUse:
        classifier = KeywordClassifier(
            rules.catalogue, sample_words(product.settings.sample_letters)
        )
        return RulesInUse(
            version=rules.number,
            schlagworte=rules.schlagworte,
            classify=classifier.classify,
            closed_post=envelope_finder(rules.catalogue, pattern),
        )

    def whose(pages: Pages, register: Register) -> CaseFileFinding:
        return match(pages, register, pattern=pattern, own_addresses=authority.own_addresses)

    return Tools(
        database=product.database,
        store=product.store,
        open_pool=shared_pool,
        rules=lambda: made(live.now),
        match=whose,
        read_application=applicant,
        facts=partial(facts, rules=fact_rules(product.settings)),
        surroundings=surroundings(
            product.settings, quality_rules(product.settings, product.catalogue.schlagworte)
        ),
        policy=product.settings.access,
        pattern=pattern,
        live=product.services.live_settings.in_force,
        cut_rules=cut_rules(product.settings),
    )


def trial_runner(product: Product, who: str) -> TrialRunner:
    """Whoever tries proposed rules; ``who`` names this process."""
    values = product.settings.values
    letters = product.settings.sample_letters

    def classifier(catalogue: Catalogue) -> Classify:
        return KeywordClassifier(catalogue, sample_words(letters)).classify

    return TrialRunner(
        database=product.database,
        classifier=classifier,
        live=product.services.live_settings.in_force,
        who=who,
        keep=timedelta(days=values.rules.keep_trial_days),
    )
