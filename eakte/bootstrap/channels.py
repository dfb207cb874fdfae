"""The channels of the settings, put together: inbox profiles, mailboxes, court mail."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from classifiers.deadlines_calendar import WorkingCalendar
from eakte.bootstrap import Product
from eakte.errors import SettingsError
from eakte.intake.channels.court_mail import CourtMail, CourtMailChannel
from eakte.intake.channels.mailboxes import Mailbox, MailboxChannel
from eakte.intake.inbox import InboxChannel, watched
from eakte.intake.receive import Received
from eakte.repositories.organisation import Organisation
from eakte.settings import InboxProfile
from scanner_inbox.profiles import DEFAULT, BatchMode, Profile, ReceiptRule, WorkingDay
from scanner_inbox.settled import SettledRule
from scanner_inbox.sidecar import SidecarKind, SidecarRule
from scanner_inbox.watch import Inbox, ObserverKind, WatchSettings

Begin = Callable[[str], None]


def working_days(land: str) -> WorkingDay:
    """Monday to Friday without the holidays of ``land`` (empty: those of all Länder)."""
    calendar = WorkingCalendar(land)

    def is_working_day(day: date) -> bool:
        return not calendar.free(day)

    return is_working_day


def inbox_profiles(product: Product) -> tuple[tuple[Profile, ObserverKind], ...]:
    """Every watched folder, that of ``[inbox]`` first.

    Raises ``SettingsError`` for a site that the register doesn't know, and for two profiles on one
    folder.
    """
    values = product.settings.values.inbox
    first = (Profile(id=DEFAULT, folder=product.inbox), ObserverKind(values.mode))
    more = [(_profile(product, one), ObserverKind(one.mode)) for one in values.profiles]
    folders = [profile.folder.resolve() for profile, _ in (first, *more)]
    if len(set(folders)) != len(folders):
        raise SettingsError(
            "Zwei Profile von [[inbox.profiles]] überwachen denselben Ordner.",
            remedy="Jedem Profil einen eigenen Ordner geben.",
        )
    known_site(product, *(one.site for one in values.profiles))
    return (first, *more)


def _profile(product: Product, one: InboxProfile) -> Profile:
    rule = None
    if one.sidecar is not None:
        rule = SidecarRule(
            kind=SidecarKind(one.sidecar.kind),
            names=one.sidecar.fields,
            wait_seconds=one.sidecar.wait_seconds,
        )
    return Profile(
        id=one.id,
        folder=product.settings.path(one.folder),
        site=one.site or None,
        receipt=ReceiptRule.parse(one.receipt),
        batch=BatchMode(one.batch),
        operator=one.operator or None,
        device=one.device or None,
        form=one.form,
        sidecar=rule,
    )


def inboxes(product: Product, begin: Begin) -> Iterator[tuple[str, Inbox[Received]]]:
    """A watch for every profile, by its part's name (``inbox``, ``inbox fax``)."""
    settings = product.settings.values
    values = settings.inbox
    rule = SettledRule(
        looks=values.settle_polls, seconds=values.poll_seconds * (values.settle_polls - 1)
    )
    profiles = inbox_profiles(product)
    days = working_days(settings.authority.land)
    for profile, observer in profiles:
        if profile.folder.is_relative_to(product.settings.home):  # never in place of a share
            profile.folder.mkdir(parents=True, exist_ok=True)
        channel = InboxChannel(
            database=product.database,
            store=product.store,
            profile=profile,
            begin=begin,
            is_working_day=days,
            quiet_seconds=rule.seconds,
        )
        watch = WatchSettings(observer=observer, poll_seconds=values.poll_seconds, rule=rule)
        others = [one.folder for one, _ in profiles if one is not profile]
        name = "inbox" if profile.id == DEFAULT else f"inbox {profile.id}"
        yield name, watched(channel, watch, without=others)


def mailboxes(product: Product, begin: Begin) -> Iterator[tuple[str, MailboxChannel]]:
    """Every mailbox by its part's name (``mailbox poststelle``)."""
    values = product.settings.values.mailboxes
    known_site(product, *(one.site for one in values))
    for one in values:
        mailbox = Mailbox(
            id=one.id,
            host=one.host,
            port=one.port or (993 if one.tls == "tls" else 143),
            tls=one.tls,
            ca_file=product.settings.path(one.ca_file) if one.ca_file else None,
            login=one.login,
            folder=one.folder,
            done_folder=one.done_folder,
            site=one.site or None,
            max_bytes=one.max_megabytes * 1_000_000,
            wait_seconds=one.wait_seconds,
        )
        file = product.settings.path(one.password_file) if one.password_file else None
        channel = MailboxChannel(
            mailbox=mailbox,
            password=password_of(one.id, file),
            database=product.database,
            store=product.store,
            begin=begin,
        )
        yield f"mailbox {one.id}", channel


def password_of(mailbox: str, file: Path | None) -> Callable[[], str]:
    """Reads the password when it is needed, so that a new one counts without a restart."""
    variable = f"EAKTE_MAILBOX_{mailbox.upper().replace('-', '_')}_PASSWORD"

    def read() -> str:
        if file is None:
            password = os.environ.get(variable, "")
        else:
            try:
                password = file.read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(
                    f"Das Kennwort des Postfachs „{mailbox}“ ist nicht lesbar: {file}.",
                    remedy="Datei und Rechte prüfen.",
                ) from error
        if not password:
            raise SettingsError(
                f"Das Kennwort des Postfachs „{mailbox}“ fehlt.",
                remedy=f"mailboxes.password_file setzen oder {variable}.",
            )
        return password

    return read


def court_mail(product: Product, begin: Begin) -> CourtMailChannel | None:
    """The court mail's folder under watch; None where none is set."""
    values = product.settings.values.court_mail
    if not values.folder:
        return None
    known_site(product, values.site)
    settings = CourtMail(
        folder=product.settings.path(values.folder),
        done_folder=product.settings.path(values.done_folder),
        site=values.site or None,
        poll_seconds=values.poll_seconds,
        rule=SettledRule(
            looks=values.settle_polls, seconds=values.poll_seconds * (values.settle_polls - 1)
        ),
        wait_seconds=values.wait_seconds,
        report_names=values.report_names,
        report_valid=values.report_valid,
    )
    pattern = product.services.case_files.pattern
    return CourtMailChannel(
        settings=settings,
        pattern=pattern,
        database=product.database,
        store=product.store,
        begin=begin,
    )


def known_site(product: Product, *sites: str) -> None:
    """Raises ``SettingsError`` for a site id that the register doesn't know."""
    with product.database.read() as session:
        unknown = [one for one in sites if one and not Organisation(session).knows_site(one)]
    if unknown:
        raise SettingsError(
            f"Den Standort „{unknown[0]}“ gibt es im Register nicht.",
            remedy="Die Einstellung site berichtigen oder das Register einlesen.",
        )
