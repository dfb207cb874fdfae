"""Every unsafe route done by somebody who may, on a thing made for it alone.

The other half of ``route_table.py``: a table that refuses everybody would be kept by a broken
route as well.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from eakte.domain.findings import Sender
from eakte.domain.rights import system_reader
from eakte.domain.rules import Origin
from eakte.domain.search_filters import SearchFilters
from eakte.models import Batch, DocumentVersion, Page, QualityCheck, Source
from eakte.services.account_views import NewAccount
from eakte.services.routing import Receiver
from tests.small_authority import COLLEAGUE, MUELLER, SCHMIDT
from tests.web.route_world import BEFORE, Call, World
from web.presenters.case_files import path_of

PASSWORD = "ein langer Satz zum Testen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Who does it, about what, and the action that the audit log names."""

    who: str
    action: str
    params: Mapping[str, str] = field(default_factory=dict)
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def call(self, route: str) -> Call:
        """The request."""
        method, _, template = route.partition(" ")
        path = template.format(**self.params)
        return Call(
            method=method, path=path, form=self.form, files=self.files, headers=self.headers
        )


Make = Callable[[World], Deed]


def _sign_in(world: World) -> Deed:
    world.services.accounts.set_passwords(["c.chief"], PASSWORD)
    form = {"login": "c.chief", "kennwort": PASSWORD}
    return Deed(who="nobody", action="session.open", form=form)


def _password(world: World) -> Deed:
    world.services.accounts.set_passwords(["d.deputy"], PASSWORD)
    new = f"{PASSWORD}, ein anderer"
    form = {"alt": PASSWORD, "neu": new, "noch_einmal": new}
    return Deed(who="other site", action="password.set", form=form)


def _entry(action: str, **form: str) -> Make:
    def make(world: World) -> Deed:
        document_id = world.hand.letter("kontoauszug", MUELLER)
        entry = world.hand.entries(document_id)[0]
        given = {"version": str(entry.version), **form}
        return Deed(who="responsible", action=action, params={"entry_id": entry.id}, form=given)

    return make


def _take_over(world: World) -> Deed:
    team = Receiver(postbox="husum-leistung", team="husum-leistung", rule="hand")
    entry = world.hand.entries(world.hand.letter("kontoauszug", MUELLER, to=team))[0]
    return Deed(
        who="responsible",
        action="document.taken_over",
        params={"entry_id": entry.id},
        form={"version": str(entry.version)},
    )


def _undo(world: World) -> Deed:
    who = world.reader("m.petersen")
    entry = world.hand.entries(world.hand.letter("kontoauszug", MUELLER))[0]
    world.services.postboxes.file(who, entry.id, entry.version, "kontoauszug")
    last = world.services.desk_undo.last(who)
    assert last is not None
    return Deed(who="responsible", action="document.taken_back", form={"runde": last.round_id})


def _several(world: World) -> Deed:
    entry = world.hand.entries(world.hand.letter("kontoauszug", MUELLER))[0]
    return Deed(
        who="responsible",
        action="document.file",
        params={"postbox_id": "m.petersen"},
        form={"aktion": "akten", "eintrag": f"{entry.id}:{entry.version}"},
    )


def _reminder(action: str, **form: str) -> Make:
    def make(world: World) -> Deed:
        params = world.reminder(world.hand.letter("kontoauszug", MUELLER))
        return Deed(who="responsible", action=action, params=params, form={"version": "1", **form})

    return make


def _seen(world: World) -> Deed:
    document_id = world.hand.letter("arbeitsaufnahme", MUELLER)
    entry = next(one for one in world.hand.entries(document_id) if one.copy)
    who = {"m.petersen": "responsible", "k.thomsen": "other function"}[entry.login or ""]
    form = {"version": str(entry.version)}
    return Deed(who=who, action="document.acknowledge", params={"entry_id": entry.id}, form=form)


def _document(action: str, *, state: str = "delivered", **form: str) -> Make:
    def make(world: World) -> Deed:
        document_id = world.hand.letter("kontoauszug", MUELLER)
        if state == "filed":
            entry = world.hand.entries(document_id)[0]
            world.services.postboxes.file(
                world.reader("m.petersen"), entry.id, entry.version, "kontoauszug"
            )
        version = str(world.hand.document(document_id).version)
        params = {"document_id": document_id}
        return Deed(
            who="responsible", action=action, params=params, form={"version": version, **form}
        )

    return make


def _annotation(world: World) -> Deed:
    document_id = world.hand.letter("kontoauszug", MUELLER)
    params = {"document_id": document_id, "annotation_id": world.annotation(document_id)}
    form = {"version": "1"}
    return Deed(who="responsible", action="document.unannotate", params=params, form=form)


def _pages(action: str, simple: str = "", **form: str) -> Make:
    """Something done to the first of two pages."""

    def make(world: World) -> Deed:
        document_id = world.hand.letter("kontoauszug", MUELLER, pages=2)
        return Deed(
            who="responsible",
            action=action,
            params={"document_id": document_id, "action": simple},
            form=_pick(world, document_id) | {"ziel": document_id} | form,
        )

    return make


def _pick(world: World, document_id: str) -> dict[str, str]:
    document = world.hand.document(document_id)
    with world.database.read() as session:
        page = select(Page.id).where(Page.source_id == document.source_id, Page.number == 1)
        page_id = session.scalars(page).one()
    return {"seite": page_id, "stand": f"{document_id}:{document.version}"}


def _back(action: str, times: int) -> Make:
    """Turned, taken back and, at the second of ``times``, done again."""

    def make(world: World) -> Deed:
        document_id = world.hand.letter("kontoauszug", MUELLER)
        here = f"/dokumente/{document_id}/seiten"
        world.ask(
            "responsible",
            Call(method="POST", path=f"{here}/rechts", form=_pick(world, document_id)),
        )
        for _ in range(times - 1):
            change = {"aenderung": _last_change(world, document_id)}
            world.ask("responsible", Call(method="POST", path=f"{here}/rueckgaengig", form=change))
        return Deed(
            who="responsible",
            action=action,
            params={"document_id": document_id},
            form={"aenderung": _last_change(world, document_id)},
        )

    return make


def _last_change(world: World, document_id: str) -> str:
    with world.database.read() as session:
        versions = select(DocumentVersion.change_id).where(
            DocumentVersion.document_id == document_id
        )
        return session.scalars(versions.order_by(DocumentVersion.number.desc())).first() or ""


def _clear(world: World) -> Deed:
    document_id = world.hand.letter("sonstiges", MUELLER, state="clearing")
    form = {
        "version": str(world.hand.document(document_id).version),
        "schlagwort": "kontoauszug",
        "akte": MUELLER,
    }
    params = {"document_id": document_id}
    return Deed(who="scan", action="document.assign", params=params, form=form)


def _take_back(world: World) -> Deed:
    document_id = world.hand.letter("sonstiges", MUELLER, state="clearing")
    version = world.hand.document(document_id).version
    # t.scan is "scan": who assigned it is who may take it back.
    world.hand.clearing.assign(
        world.reader("t.scan"), document_id, version, schlagwort="kontoauszug", aktenzeichen=MUELLER
    )
    world.forget_traces()
    return Deed(who="scan", action="document.unassign", params={"document_id": document_id})


def _provisional(world: World) -> Deed:
    document_id = world.hand.letter("erstantrag", None, state="clearing")
    form = {
        "version": str(world.hand.document(document_id).version),
        "schlagwort": "erstantrag",
        "nachname": "Neu",
        "vorname": "Nele",
        "geboren": "15.01.1990",
        "plz": "25813",
    }
    params = {"document_id": document_id}
    return Deed(who="scan", action="case_file.provisional", params=params, form=form)


def _join(world: World) -> Deed:
    document_id = world.hand.letter("erstantrag", None, state="clearing")
    desk, reader = world.reader("s.scan"), world.reader("m.petersen")
    version = world.hand.document(document_id).version
    sender = Sender(first_name="Nele", last_name="Albers", postcode="25813")
    world.services.clearing.open_provisional(
        desk, document_id, version, schlagwort="erstantrag", sender=sender
    )
    mine = world.services.joining.waiting(reader)
    number = next(one.side.ref for one in mine if one.side.people[0].last_name == "Albers")
    seen = world.services.joining.compare(reader, number.aktenzeichen, MUELLER)
    assert seen.real is not None
    form = {"akte": MUELLER, "stand": seen.stand, "trotzdem": "ja"}
    form |= {f"person-{one}": seen.real.people[0].id for one in seen.same}
    params = {"segment": path_of(number.aktenzeichen)}
    return Deed(who="responsible", action="case_file.join", params=params, form=form)


def _look(world: World) -> Deed:
    document_id = world.hand.letter("sonstiges", MUELLER, state="clearing")
    return Deed(who="scan", action="", params={"document_id": document_id})


def _rescan(world: World) -> Deed:
    report = world.report(world.hand.letter("kontoauszug", MUELLER))
    return Deed(
        who="scan",
        action="document.bad_scan_closed",
        params=report,
        form={"ergebnis": "Die Vorlage ist so blass."},
    )


def _batch(action: str, day: str, *, counted: bool = False, **form: str) -> Make:
    """A batch of one letter that somebody else scanned on ``day``."""

    def make(world: World) -> Deed:
        batch_id, _ = _scanned(world, day)
        if counted:
            scan, quality = world.reader("t.scan"), world.services.quality
            quality.count(scan, batch_id, 2, sheets=1, explanation="leere Rückseite")
            for page in quality.batch(scan, batch_id).pages:
                quality.mark(scan, batch_id, page.page_id, good=True)
        with world.database.read() as session:
            version = str(session.get_one(Batch, batch_id).version)
        form_ = {"version": version, **form}
        return Deed(who="scan", action=action, params={"batch_id": batch_id}, form=form_)

    return make


def _mark(world: World) -> Deed:
    batch_id, page_id = _scanned(world, "2026-11-12")
    with world.database.write() as session:
        drawn = {"reason": "sample", "drawn_at": world.clock.now()}
        session.add(QualityCheck(page_id=page_id, batch_id=batch_id, **drawn))
    params = {"batch_id": batch_id, "page_id": page_id}
    return Deed(who="scan", action="quality.mark", params=params, form={"urteil": "gut"})


def _move(world: World) -> Deed:
    made = world.move()
    form = {"version": made["version"]}
    return Deed(who="team lead", action="case_file.keep_place", params=made, form=form)


def _receipt(world: World) -> Deed:
    made = world.receipt()
    form = {"version": made["version"], "grund": "wieder mitgenommen"}
    return Deed(who="scan", action="counter.close", params=made, form=form)


def _scanned(world: World, day: str) -> tuple[str, str]:
    world.clock.set_day(day)
    document = world.hand.document(world.hand.letter("kontoauszug", MUELLER))
    with world.database.write() as session:
        batch = session.get_one(Batch, session.get_one(Source, document.source_id).batch_id)
        batch.operator = "s.scan"
        page = select(Page.id).where(Page.source_id == document.source_id)
        return batch.id, session.scalars(page).one()


def _emergency(world: World) -> Deed:
    form = {"aktenzeichen": SCHMIDT, "grund": "Wohnungslos, steht am Empfang"}
    return Deed(who="other site", action="emergency.open", form=form)


def _save_rules(world: World) -> Deed:
    view = world.services.rules.file(world.reader("x.admin"), "recht.toml")
    form = {"stand": view.fingerprint, "text": f"{view.text}# mehr\n"}
    return Deed(
        who="administrator", action="rules.propose", params={"name": "recht.toml"}, form=form
    )


def _new_schlagwort(_: World) -> Deed:
    form = {
        "kennung": "hundesteuer",
        "titel": "Hundesteuer",
        "funktion": "leistung",
        "wendungen-1": "hundesteuer*",
        "gewicht-1": "6,5",
    }
    return Deed(who="administrator", action="rules.propose", form=form)


def _draft(action: str, name: str, **form: str) -> Make:
    def make(world: World) -> Deed:
        made = world.draft(name)
        filled = {key: value.format(**made) for key, value in form.items()}
        return Deed(who="administrator", action=action, params=made, form=filled)

    return make


def _decide_rules(world: World) -> Deed:
    rules, admin = world.services.rules, world.reader("x.admin")
    folder = dict(rules.version(admin, 1).files)
    view = rules.file(admin, "wohnen.toml")
    rules.save_file(admin, view.name, f"{view.text}# hier\n", view.fingerprint)
    draft = rules.proposal(admin, Origin.SCREEN)
    assert draft is not None
    rules.activate(
        admin, Origin.SCREEN, digest=draft.digest, seq=draft.seq, reason="x", untried=True
    )
    folder["wohnen.toml"] += "# dort\n"
    found = rules.note_folder(system_reader("rules-folder"), folder)
    assert found is not None
    form = {"vorschlag": found.digest, "datei": "wohnen.toml", "gilt": "geltend"}
    return Deed(who="administrator", action="rules.decide", params={"origin": "folder"}, form=form)


def _roll_back(world: World) -> Deed:
    view = world.services.rules.version(world.reader("x.admin"), 1)
    form = {"stand": str(view.seq), "grund": "zu viele Treffer"}
    return Deed(who="administrator", action="rules.rollback", params={"number": "1"}, form=form)


def _enter(world: World, login: str, day: str) -> dict[str, str]:
    """An absence of one day; what a form about it carries."""
    who = world.reader(login)
    stand = world.services.absence_lists.person(who, login).stand
    world.services.absences.enter(who, login, stand, date.fromisoformat(day), None)
    fresh = world.services.absence_lists.person(who, login).stand
    return {"stand": fresh, "beginn": day}


def _absence(action: str, login: str = "d.deputy", who: str = "other site", **form: str) -> Make:
    def make(world: World) -> Deed:
        stand = world.services.absence_lists.person(world.reader("x.admin"), login).stand
        given = {"stand": stand, **form}
        return Deed(who=who, action=action, params={"login": login}, form=given)

    return make


def _end_absence(world: World) -> Deed:
    form = _enter(world, "n.neben", "2026-11-20") | {"letzter": "2026-11-21"}
    return Deed(who="same team", action="absence.end", params={"login": "n.neben"}, form=form)


def _remove_absence(world: World) -> Deed:
    form = _enter(world, "n.neben", "2027-01-04")
    return Deed(who="same team", action="absence.remove", params={"login": "n.neben"}, form=form)


def _hand_back(world: World) -> Deed:
    there = Receiver(postbox="v.tretung", login="v.tretung", rule="1", deputy_for="n.neben")
    world.hand.letter("kontoauszug", MUELLER, to=there)
    form = {"postkorb": "v.tretung", "fuer": "n.neben"}
    return Deed(who="deputy before", action="document.returned", form=form)


def _staff(action: str, login: str, who: str, **form: str) -> Make:
    def make(world: World) -> Deed:
        admin = world.reader("x.admin")
        stand = world.services.responsibilities.newcomer(admin, login).stand
        given = {"stand": stand, **form}
        return Deed(who=who, action=action, params={"login": login}, form=given)

    return make


def _handover(world: World) -> Deed:
    made = world.handover()
    form = {"version": made["version"]}
    return Deed(who="team lead", action="handover.take_back", params=made, form=form)


_DOCUMENT = "POST /dokumente/{document_id}"
_REMINDER = "POST /wiedervorlagen/{reminder_id}"
_ENTRY = "POST /postkorb/eintraege/{entry_id}"
_ACCOUNT = "POST /verwaltung/konten/{login}"
_SETTING = "POST /verwaltung/einstellungen/{key}"
_BATCH = "POST /sichtpruefung/{batch_id}"


def _setting(_world: World) -> Deed:
    form = {"version": "0", "wert": "10"}
    params = {"key": "counter.receipt_days"}
    return Deed(who="administrator", action="setting.change", params=params, form=form)


def _setting_back(world: World) -> Deed:
    key = "statistics.old_days"
    world.services.live_settings.change(world.reader("x.admin"), key, 0, "14")
    params, form = {"key": key}, {"version": "1"}
    return Deed(who="administrator", action="setting.back", params=params, form=form)


def _account(action: str, **form: str) -> Make:
    """Something done to the account of somebody who has one."""

    def make(world: World) -> Deed:
        world.services.accounts.set_passwords(["k.thomsen", "x.admin"], PASSWORD)
        params = {"login": "k.thomsen"}
        return Deed(who="administrator", action=action, params=params, form=form)

    return make


def _reset_password(world: World) -> Deed:
    """Needs a second administrator, who would let the account in again."""
    accounts = world.services.accounts
    other = NewAccount(login="z.weite", name="Zita Weiß", roles=["administrator"])
    world.services.account_list.create(accounts.reader("x.admin"), other)
    accounts.set_password(other.login, PASSWORD)
    return _account("password.reset")(world)


def _saved_search(world: World, **form: str) -> Deed:
    """Nobody else's business: the log keeps nothing of it."""
    searches = world.services.saved_searches
    kept = searches.keep(world.reader("m.petersen"), "Mieten", "Miete", SearchFilters())
    return Deed(who="responsible", action="", form={"suche": kept, **form})


DEEDS: Mapping[str, Make] = {
    "POST /anmelden": _sign_in,
    "POST /abmelden": lambda _: Deed(who="deputy after", action="session.close"),
    "POST /kennwort": _password,
    "POST /darstellung": lambda _: Deed(who="legal", action="", form={"thema": "dark"}),
    f"{_ENTRY}/zu-den-akten": _entry("document.file", schlagwort="kontoauszug"),
    f"{_ENTRY}/weiterleiten": _entry("document.forward", ziel="j.hansen", vermerk="bitte"),
    f"{_ENTRY}/zur-klaerung": _entry("document.forward", vermerk="falsche Akte"),
    f"{_ENTRY}/gesehen": _seen,
    f"{_ENTRY}/uebernehmen": _take_over,
    f"{_ENTRY}/wiedervorlage": _entry("document.reminder_made", tag="2026-12-30"),
    f"{_ENTRY}/vorgang": _entry("document.vorgang", vorgang=""),
    f"{_ENTRY}/schlechter-scan": _entry("document.bad_scan", seite="1", grund="grau"),
    "POST /postkorb/rueckgaengig": _undo,
    "POST /postkorb/{postbox_id}/mehrere": _several,
    "POST /postkorb/{postbox_id}/filter": lambda _: Deed(
        who="responsible", action="", params={"postbox_id": "m.petersen"}, form={"eilig": "1"}
    ),
    "POST /postkorb/offen/{document_id}": _document(""),
    "POST /wiedervorlagen/neu/{document_id}": _document("document.reminder_made", tag="2026-12-30"),
    f"{_REMINDER}/erledigt": _reminder("document.reminder_done"),
    f"{_REMINDER}/verschieben": _reminder("document.reminder_moved", tag="2026-12-30"),
    f"{_REMINDER}/uebergeben": _reminder("document.reminder_handed", ziel="j.hansen"),
    "POST /notizen": lambda _: Deed(
        who="responsible",
        action="source.receive",
        form={
            "vorlage": "vermerk",
            "akte": MUELLER,
            "feld_betreff": "Rückruf",
            "feld_vermerk": "Meldet sich morgen.",
        },
    ),
    f"{_DOCUMENT}/wieder-vorlegen": _document("document.take_up", state="filed"),
    f"{_DOCUMENT}/angaben": _document("document.fact", angabe="subject|", wert="Anhörung"),
    f"{_DOCUMENT}/vorgang": _document("document.vorgang", vorgang=""),
    f"{_DOCUMENT}/eingang": _document("document.receipt", tag="2026-11-19", stelle="hier"),
    f"{_DOCUMENT}/anmerkungen": _document(
        "document.annotate", seite="1", art="stamp", platz="Mitte", stempel="geprüft"
    ),
    f"{_DOCUMENT}/anmerkungen/{{annotation_id}}/entfernen": _annotation,
    f"{_DOCUMENT}/papier": _document("document.paper", papier="keep", ort="Ordner 3"),
    f"{_DOCUMENT}/schlechter-scan": _document("document.bad_scan", seite="1", grund="grau"),
    "POST /zustaendigkeiten/umzug": lambda _: Deed(
        who="team lead",
        action="case_file.move",
        form={"aktenzeichen": COLLEAGUE, "standort": "toenning", "ab": BEFORE},
    ),
    "POST /zustaendigkeiten/umzug/{move_id}/zuruecknehmen": _move,
    "POST /auskunft": lambda _: Deed(
        who="responsible", action="counter.lookup", form={"akte": MUELLER}
    ),
    "POST /auskunft/belege": lambda _: Deed(
        who="responsible",
        action="counter.receipt",
        form={"akte": SCHMIDT, "nachname": "Schmidt", "unterlagen": "Mietvertrag", "blaetter": "4"},
    ),
    "POST /auskunft/belege/{receipt_id}/erledigt": _receipt,
    f"{_DOCUMENT}/fehlablage": _document("document.misfiled", grund="Im Brief steht wer anders."),
    f"{_DOCUMENT}/seiten/entfernen": _pages("document.remove", grund="blank"),
    f"{_DOCUMENT}/seiten/verschieben": _pages("document.move"),
    f"{_DOCUMENT}/seiten/rueckgaengig": _back("document.undo", 1),
    f"{_DOCUMENT}/seiten/wiederholen": _back("document.redo", 2),
    f"{_DOCUMENT}/seiten/fertig": _document(""),
    f"{_DOCUMENT}/seiten/{{action}}": _pages("document.turn", "rechts"),
    "POST /oeffnen": lambda _: Deed(who="nobody", action="", form={"aktenzeichen": MUELLER}),
    "POST /oeffnen/akte": lambda _: Deed(
        who="responsible", action="case_file.call", form={"aktenzeichen": MUELLER}
    ),
    "POST /api/v1/open": lambda _: Deed(
        who="programme",
        action="case_file.call",
        form={"login": "m.petersen", "aktenzeichen": MUELLER},
    ),
    "POST /fenster/melden": lambda _: Deed(who="responsible", action=""),
    "POST /fenster/verlassen": lambda _: Deed(who="responsible", action="", form={"fenster": "x"}),
    "POST /fenster/zeigen": lambda world: Deed(
        who="responsible", action="", form={"dokument": world.documents["ordinary"]}
    ),
    "POST /notzugriff": _emergency,
    "POST /klaerung/{document_id}": _clear,
    "POST /klaerung/{document_id}/offen": _look,
    "POST /klaerung/{document_id}/vorlaeufig": _provisional,
    "POST /klaerung/{document_id}/zuruecknehmen": _take_back,
    "POST /vorlaeufige-akten/{segment}/zusammenfuehren": _join,
    "POST /klaerung/stapel/{source_id}": lambda world: Deed(
        who="scan", action="source.decide_cuts", params=world.stack(), form={"alle": "ja"}
    ),
    "POST /eingang/{source_id}/oeffnen": lambda world: Deed(
        who="scan", action="source.open", params=world.envelope(), form={"grund": "ist ein Brief"}
    ),
    "POST /eingang/hochladen": lambda _: Deed(
        who="responsible", action="source.receive", files={"dateien": b"noch ein Brief"}
    ),
    "POST /sichtpruefung/nachscannen/{report_id}": _rescan,
    "POST /abwesenheit/personen/{login}/eintragen": _absence("absence.enter", von="2026-12-24"),
    "POST /abwesenheit/personen/{login}/beenden": _end_absence,
    "POST /abwesenheit/personen/{login}/loeschen": _remove_absence,
    "POST /abwesenheit/personen/{login}/vertretung": _absence(
        "deputies.set", "n.neben", "team lead", vertretung="a.lead"
    ),
    "POST /abwesenheit/zurueckgeben": _hand_back,
    "POST /zustaendigkeiten/personen/{login}/bereiche": _staff(
        "ranges.set", "n.neben", "team lead", funktion="leistung", bereiche="X"
    ),
    "POST /zustaendigkeiten/personen/{login}/teams": _staff(
        "teams.set", "u.scan", "administrator", teams="husum-leistung"
    ),
    "POST /zustaendigkeiten/uebergabe": lambda _: Deed(
        who="administrator",
        action="handover.done",
        form={"von": "i.clausen", "an": "d.deputy", "ab": BEFORE},
    ),
    "POST /zustaendigkeiten/uebergabe/{handover_id}/zuruecknehmen": _handover,
    "POST /zustaendigkeiten/teams": lambda _: Deed(
        who="administrator",
        action="team.create",
        form={"kennung": "husum-but", "name": "BuT Husum", "funktion": "but", "standort": "husum"},
    ),
    "POST /zustaendigkeiten/teams/{team_id}/name": lambda _: Deed(
        who="administrator",
        action="team.rename",
        params={"team_id": "recht"},
        form={"bisher": "Rechtsstelle", "name": "Recht und Widerspruch"},
    ),
    "POST /zustaendigkeiten/akte": lambda _: Deed(
        who="team lead",
        action="case_file.put_responsible",
        form={"aktenzeichen": SCHMIDT, "funktion": "leistung", "bisher": "", "login": "j.hansen"},
    ),
    f"{_BATCH}/zaehlung": _batch(
        "batch.counted", "2026-11-10", blatt="1", erklaerung="eine leere Rückseite"
    ),
    f"{_BATCH}/zurueckweisen": _batch("batch.rejected", "2026-11-11", grund="zu blass"),
    f"{_BATCH}/freigabe": _batch("batch.released", "2026-11-13", counted=True),
    f"{_BATCH}/seiten/{{page_id}}": _mark,
    "POST /regeln/dateien/{name}": _save_rules,
    "POST /regeln/neu": _new_schlagwort,
    "POST /regeln/vorschlag/{origin}/probe": _draft("rules.try", "eins", anzahl="5", seit=""),
    "POST /regeln/vorschlag/{origin}/verwerfen": _draft(
        "rules.dismiss", "zwei", vorschlag="{digest}"
    ),
    "POST /regeln/proben/{trial_id}/abbrechen": _draft("rules.cancel_trial", "drei"),
    "POST /regeln/vorschlag/{origin}/in-kraft": _draft(
        "rules.activate", "vier", vorschlag="{digest}", stand="{seq}", grund="x", ungeprueft="ja"
    ),
    "POST /regeln/vorschlag/{origin}/entscheiden": _decide_rules,
    "POST /regeln/fassungen/{number}/zurueck": _roll_back,
    "POST /api/v1/documents": lambda _: Deed(
        who="programme",
        action="source.receive",
        files={"file": b"Bescheid"},
        headers={"Idempotency-Key": "17"},
    ),
    "POST /verwaltung/konten/neu": lambda _: Deed(
        who="administrator",
        action="account.create",
        form={"anmeldename": "n.eu", "name": "Neele Neumann", "rollen": "caseworker"},
    ),
    f"{_ACCOUNT}/rollen": _account("roles.set", bisher="caseworker", rollen="scan"),
    f"{_ACCOUNT}/sperren": _account("account.block"),
    f"{_ACCOUNT}/entsperren": _account("account.unblock"),
    f"{_ACCOUNT}/kennwort": _reset_password,
    f"{_ACCOUNT}/abmelden": _account("account.sessions_end"),
    "POST /suche/gespeichert": lambda _: Deed(
        who="responsible", action="", form={"q": "Heizung", "name": "Heizungen"}
    ),
    "POST /suche/gespeichert/stern": lambda world: _saved_search(world, an="true"),
    "POST /suche/gespeichert/loeschen": _saved_search,
    f"{_SETTING}": _setting,
    f"{_SETTING}/datei": _setting_back,
}
