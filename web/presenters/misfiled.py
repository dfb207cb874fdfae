"""Misfiled documents: the list, the report, and the notice to the data-protection officer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

from eakte.services.misfiled_views import MisfiledLine, MisfiledReport, SeenBy
from web.presenters import german
from web.presenters.case_files import sub_file

HERE = "/fehlablagen"
NOT_TRACED = (
    "Protokolliert wird jedes Öffnen eines Dokuments. Wer es nur in einer Liste, im Postkorb oder "
    "unter den Treffern der Suche gesehen hat (Titel, Name, Datum, Textausschnitt), steht nicht "
    "im Protokoll."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRow:
    """A report in the list; ``late`` once the 72 hours are over."""

    url: str
    title: str
    aktenzeichen: str
    found: str
    until: str
    late: bool
    reported_by: str
    seen_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenRow:
    """Somebody who opened it."""

    name: str
    times: str
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportScreen:
    """A report with its notice."""

    title: str
    aktenzeichen: str
    where_now: str
    found: str
    until: str
    remaining: str
    late: bool
    reported_by: str
    reason: str
    seen: tuple[SeenRow, ...]
    lay_with: str
    not_traced: str
    notice: str


def url_of(misfiling_id: str) -> str:
    """Where a report is shown."""
    return f"{HERE}/{quote(misfiling_id)}"


def rows(lines: Iterable[MisfiledLine]) -> list[ReportRow]:
    """The list, newest first."""
    return [
        ReportRow(
            url=url_of(one.id),
            title=one.title,
            aktenzeichen=one.aktenzeichen,
            found=german.moment(one.found_at),
            until=german.moment(one.report_until),
            late=one.left <= timedelta(0),
            reported_by=one.reported_by,
            seen_by=_people(one.seen_by),
        )
        for one in lines
    ]


def screen(report: MisfiledReport) -> ReportScreen:
    """The report for the screen."""
    return ReportScreen(
        title=report.title,
        aktenzeichen=report.aktenzeichen,
        where_now=_where_now(report),
        found=german.moment(report.found_at),
        until=german.moment(report.report_until),
        remaining=_remaining(report.left),
        late=report.left <= timedelta(0),
        reported_by=report.reported_by,
        reason=report.reason,
        seen=tuple(_seen(one) for one in report.seen),
        lay_with=", ".join(report.lay_with),
        not_traced=NOT_TRACED,
        notice=notice(report),
    )


def notice(report: MisfiledReport) -> str:
    """The draft as plain text: facts that the product knows, and what a person has to add."""
    seen = [f"- {one.name}: {one.times}, {_span(one)}" for one in map(_seen, report.seen)]
    kind = f"{report.title} ({sub_file(report.sub_file)}), {_pages(report)}"
    special = (
        "Es handelt sich um eine verschlossene Teilakte; besondere Kategorien nach Art. 9 DSGVO "
        "sind wahrscheinlich betroffen."
        if report.closed
        else "Ob besondere Kategorien nach Art. 9 DSGVO betroffen sind: [bitte ergänzen]"
    )
    return "\n".join(
        (
            "An die behördliche Datenschutzbeauftragte / den behördlichen Datenschutzbeauftragten",
            "",
            (
                "Verletzung des Schutzes von Sozialdaten (Art. 33 und 34 DSGVO, § 83a SGB X): "
                "Fehlablage in der elektronischen Akte"
            ),
            "",
            f"Bekannt geworden: {german.moment(report.found_at)} durch {report.reported_by}",
            (
                "Frist der Meldung an die Datenschutzaufsicht (72 Stunden): "
                f"{german.moment(report.report_until)}"
            ),
            "",
            "1. Was geschehen ist",
            (
                f"Ein Dokument stand in der falschen Akte {report.aktenzeichen}. Es war dort "
                f"frühestens seit {german.moment(report.since)} zu sehen."
            ),
            f"Erkannt an: {report.reason}",
            "",
            "2. Welche Daten",
            kind,
            special,
            f"Kennung des Dokuments: {report.document_id}",
            "",
            "3. Wer das Dokument in dieser Zeit geöffnet hat",
            *(seen or ["- niemand"]),
            f"Im Postkorb lag es bei: {', '.join(report.lay_with) or 'niemandem'}",
            NOT_TRACED,
            "",
            "4. Was getan wurde",
            *(f"- {line}" for line in _done(report)),
            "",
            "5. Noch zu klären",
            (
                "- Wurde das Dokument oder sein Inhalt nach außen gegeben (Akteneinsicht, "
                "Bescheid, Auskunft)? [bitte ergänzen]"
            ),
            (
                "- Risiko für die betroffene Person (voraussichtlich keines, eines, ein hohes): "
                "[bitte ergänzen]"
            ),
            "",
            "6. Wem zu melden ist",
            *(f"- {line}" for line in _whom_to_tell(report)),
        )
    )


def _whom_to_tell(report: MisfiledReport) -> Iterable[str]:
    """The duties of the authority as controller, each with its addressee and condition.

    § 83a SGB X adds to Art. 33 and 34 GDPR, and does not replace them: a body named in § 35 SGB I
    also tells its legal or technical supervisory authority.
    """
    yield (
        "Datenschutzaufsichtsbehörde des Landes (Art. 33 Abs. 1 DSGVO): unverzüglich und möglichst "
        f"bis {german.moment(report.report_until)}, später nur mit Begründung. Die Meldung "
        "entfällt nur, wenn voraussichtlich kein Risiko für die betroffene Person besteht. "
        "[bitte ergänzen]"
    )
    yield (
        "Rechts- oder Fachaufsichtsbehörde der Behörde (§ 83a SGB X): bei Sozialdaten ergänzend, "
        "zugleich mit der Meldung an die Datenschutzaufsicht. [bitte ergänzen]"
    )
    yield (
        "Betroffene Person (Art. 34 DSGVO): unverzüglich, wenn voraussichtlich ein hohes Risiko "
        "für sie besteht. [bitte ergänzen]"
    )
    yield "In jedem Fall: den Vorfall dokumentieren (Art. 33 Abs. 5 DSGVO)."


def _done(report: MisfiledReport) -> Iterable[str]:
    yield "Aus der falschen Akte genommen, mit Vorgang, Fristen und gelernten Zeichen."
    put_on = report.undone.get("annotations", 0)
    if put_on:
        yield f"{german.plural(put_on, 'Anmerkung', 'Anmerkungen')} von den Seiten genommen."
    if report.lay_with:
        yield f"Aus {german.plural(len(report.lay_with), 'Postkorb', 'Postkörben')} genommen."
    reminders = report.undone.get("wiedervorlagen", 0)
    if reminders:
        yield f"{german.plural(reminders, 'Wiedervorlage', 'Wiedervorlagen')} gelöscht."
    yield "In der Suche nur noch dort zu finden, wo das Dokument jetzt liegt."
    yield _where_now(report)


def _where_now(report: MisfiledReport) -> str:
    if report.right_number:
        return f"Es steht jetzt in der Akte {report.right_number}."
    return "Es liegt jetzt in der Klärung und bekommt dort die richtige Akte."


def _seen(one: SeenBy) -> SeenRow:
    said = [german.plural(one.times, "Mal geöffnet", "Mal geöffnet")] if one.times else []
    if one.downloads:
        said.append(german.plural(one.downloads, "Mal als PDF", "Mal als PDF"))
    name = f"{one.name} (in Vertretung für {one.on_behalf_of})" if one.on_behalf_of else one.name
    return SeenRow(
        name=name,
        times=", ".join(said),
        first=german.moment(one.first),
        last=german.moment(one.last),
    )


def _span(one: SeenRow) -> str:
    return f"am {one.first}" if one.first == one.last else f"von {one.first} bis {one.last}"


def _pages(report: MisfiledReport) -> str:
    return german.plural(report.pages, "Seite", "Seiten")


def _people(count: int) -> str:
    return german.plural(count, "Person", "Personen") if count else "niemand"


def _remaining(left: timedelta) -> str:
    hours = int(left.total_seconds() // 3600)
    if left <= timedelta(0):
        return "Die Frist ist abgelaufen."
    return f"noch {german.plural(hours, 'Stunde', 'Stunden')}" if hours else "weniger als 1 Stunde"
