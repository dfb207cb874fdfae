"""What every route answers to everybody: the table of ``test_every_route.py``.

A row says for whom a request opens or is done; what all others get follows from it: 404 as if the
thing did not exist (``Answer.UNKNOWN``) or, where the whole area is closed to their role, 403
whether it exists or not (``Answer.CLOSED``).  Nobody signed in is sent to the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.small_authority import MUELLER, OTHER_SITE, PROTECTED
from tests.web.route_world import DESK, PEOPLE, PROGRAMMES, STRANGERS, UNKNOWN_ID, Answer

SIGNED_IN = frozenset(PEOPLE)
HUSUM = frozenset(
    {"responsible", "same team", "team lead", "legal", "excluded", "emergency", "deputy during"}
)
"""Who reads an ordinary letter of the team at Husum."""
ON_THE_DESK = frozenset({"responsible", "team lead", "deputy during"})
"""In whose postbox it lies, their lead, and their deputy."""
VISIBLE: Mapping[str, frozenset[str]] = {
    "ordinary": HUSUM,
    "other_site": frozenset({"other site", "emergency", "legal"}),
    "protected": ON_THE_DESK,
    "colleague": HUSUM - {"excluded", "emergency"},
    "medizin": frozenset({"other function"}),
    "clearing": DESK,
    "undelivered": DESK,
}
COVERS: Mapping[str, frozenset[str]] = {
    "file": HUSUM | {"other function", "central team"},
    "file elsewhere": frozenset({"other site", "emergency", "legal", "central team"}),
    "file protected": ON_THE_DESK,
    "file of a colleague": HUSUM - {"excluded", "emergency"} | {"other function", "central team"},
}
WITH_POST = SIGNED_IN - {"administrator"}
EMERGENCY = SIGNED_IN - DESK - {"administrator", "legal"}
COUNTER = EMERGENCY
"""Who answers at the telephone and the counter: case workers and leads."""
REVIEW = frozenset({"team lead", "administrator"})
LEADS = REVIEW
KEEPERS = frozenset({"administrator"})
"""Who keeps accounts and settings."""
"""Who keeps absences and responsibilities of others."""
RULES = frozenset({"team lead", "legal", "administrator"})
"""Who sees rules and their trials."""
WITH_A_DESK = WITH_POST - DESK
TEAM_POST = frozenset({"responsible", "same team", "team lead", "excluded", "deputy during"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One request about ``about`` (a thing of the world; "" for none).

    Who is in ``opens`` gets ``answer`` (None: the request would change something, so they are not
    asked here); who is in ``told`` an answer about this very thing, because they may know of it,
    though not do this; ``but`` says what single others get, and everybody else gets ``others``.
    ``strangers`` and ``programmes``: what comes without a session.

    ``trace`` is what the audit log notes for those in ``opens`` (``once``: once a day), ``refused``
    for those who get ``Answer.UNKNOWN``; ``subject`` is the parameter whose id it names, or the
    word itself, "" for the login; ``actor`` whom it names where that is not who asks.

    ``query``, ``form`` and ``files`` are what is sent: to an unsafe route something that changes
    nothing even where it is allowed.  ``made_up`` is the parameter that stands for something
    unknown, to compare the answers.  ``shows``: whose answer names the thing; ``lists``: the
    documents that stand in the answer of everybody who may open them.  ``why``: why it is open
    to everybody; ``asked_by``: who asks, where it is the same for all and dear.
    """

    about: str = ""
    opens: frozenset[str] = frozenset()
    answer: Answer | None = Answer.OPENS
    told: frozenset[str] = frozenset()
    but: Mapping[str, Answer] = field(default_factory=dict)
    others: Answer = Answer.UNKNOWN
    strangers: Answer = Answer.SIGN_IN
    programmes: Answer = Answer.SIGN_IN
    trace: str = ""
    once: bool = False
    refused: str = ""
    subject: str = "document_id"
    actor: str = ""
    query: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    made_up: str = ""
    shows: frozenset[str] | None = None
    lists: tuple[str, ...] = ()
    why: str = ""
    asked_by: frozenset[str] = SIGNED_IN | {*STRANGERS, *PROGRAMMES}

    def expected(self, who: str) -> Answer | None:
        """What ``who`` gets; None where they are not asked."""
        if who not in self.asked_by:
            return None
        if who in self.but:
            return self.but[who]
        if who in self.opens:
            return self.answer
        if who in self.told:
            return Answer.TOLD
        if who in STRANGERS:
            return self.strangers
        return self.programmes if who in PROGRAMMES else self.others


def at_desk(about: str = "", **more: Any) -> Row:
    """An area of the scan centre: closed to every other role."""
    return Row(about=about, others=Answer.CLOSED, **{"opens": DESK, **more})


def leading(about: str = "", **more: Any) -> Row:
    """For leads and the administration: closed to every other role."""
    return Row(about=about, others=Answer.CLOSED, **{"opens": LEADS, **more})


def _keeping(about: str = "", **more: Any) -> Row:
    """For those who keep accounts and settings: closed to every other role."""
    return Row(about=about, others=Answer.CLOSED, **{"opens": KEEPERS, **more})


def everybody(**more: Any) -> Row:
    """For all who are signed in."""
    return Row(opens=SIGNED_IN, **more)


def in_public(why: str, **more: Any) -> Row:
    """For everybody, signed in or not, for the reason ``why``."""
    answer = more.get("answer", Answer.OPENS)
    return Row(opens=SIGNED_IN, strangers=answer, programmes=answer, why=why, **more)


DOCUMENT = "/dokumente/{document_id}"
ENTRY = "/postkorb/eintraege/{entry_id}"
REMINDER = "/wiedervorlagen/{reminder_id}"
BATCH = "/sichtpruefung/{batch_id}"
RESCAN = "/sichtpruefung/nachscannen"
STACK = "/klaerung/stapel/{source_id}"
SOME = ("ordinary", "protected", "clearing")
ABSENT, STAFF = "/abwesenheit/personen/{login}", "/zustaendigkeiten/personen/{login}"
ACCOUNT = "/verwaltung/konten/{login}"
SETTINGS = "/verwaltung/einstellungen"
OPERATOR, SHUT = "who scanned it", "scan, excluded"
STALE = {"version": "999"}
NO_TOKEN: Mapping[str, Any] = {"others": Answer.NO_TOKEN, "strangers": Answer.NO_TOKEN}


def _documents(names: tuple[str, ...] = tuple(VISIBLE), **more: Any) -> tuple[Row, ...]:
    return tuple(
        Row(about=name, opens=VISIBLE[name], refused="document.refused", **more) for name in names
    )


def _entry(**form: str) -> tuple[Row, ...]:
    """Who has it on the desk is told that the version is stale; nobody else learns of it."""
    given: Mapping[str, Any] = {"refused": "document.refused", "form": STALE | form}
    return (
        Row(about="ordinary", told=ON_THE_DESK, **given),
        Row(about="clearing", told=DESK, **given),
    )


def _reminder(**form: str) -> tuple[Row, ...]:
    """On whose desk it is, they are told that it changed; nobody else learns of it."""
    return (Row(about="reminder", told=ON_THE_DESK, form=STALE | form),)


def _of_document(**form: str) -> tuple[Row, ...]:
    """Whoever may open it is told why it can't be done now."""
    given: Mapping[str, Any] = {"refused": "document.refused", "form": STALE | form}
    return (
        Row(about="ordinary", told=HUSUM, **given),
        Row(about="protected", told=ON_THE_DESK, **given),
    )


def _changes(**form: str) -> tuple[Row, ...]:
    """Whoever may open it may do it, and would."""
    return tuple(
        Row(about=name, opens=VISIBLE[name], answer=None, refused="document.refused", form=form)
        for name in ("ordinary", "protected")
    )


def _absence(**form: str) -> tuple[Row, ...]:
    """Whoever keeps their absences is told that they changed; nobody else learns of them."""
    return (Row(about="person", told=LEADS | {"responsible"}, form={"stand": "alt", **form}),)


def _page_desk(**form: str) -> tuple[Row, ...]:
    """Whoever may open it is told that it changed, or lies on another desk."""
    given = {"seite": "PAGE", "stand": "DOCUMENT:999", **form}
    return tuple(
        Row(about=name, told=VISIBLE[name], refused="document.refused", form=given)
        for name in ("ordinary", "clearing")
    )


def _drawn(**more: Any) -> tuple[Row, ...]:
    """Not who scanned it, and nobody whom the file excludes."""
    given = {"trace": "quality.look", "subject": "page_id", "made_up": "page_id", **more}
    return (
        at_desk("drawn ordinary", opens=DESK - {OPERATOR}, but={OPERATOR: Answer.CLOSED}, **given),
        at_desk(
            "drawn colleague",
            opens=DESK - {OPERATOR, SHUT},
            but={OPERATOR: Answer.CLOSED, SHUT: Answer.UNKNOWN},
            **given,
        ),
    )


def _rules(**more: Any) -> Row:
    """Rules to look at: closed to every role that sees no trials; the same with another name."""
    given = {"opens": RULES, "others": Answer.CLOSED, "made_up": "nothing", **more}
    return Row(about="rules", **given)


def _no_provisional(**more: Any) -> Row:
    """A file of the register is none that could be joined with another: as if there were none."""
    return Row(
        about="file",
        but={"administrator": Answer.CLOSED},
        refused="case_file.refused",
        subject="case_file_id",
        **more,
    )


_RULES_CHANGED: Mapping[str, Any] = {
    "opens": frozenset({"administrator"}),
    "answer": Answer.WRONG,
}
"""Only the administration; what the rows send is refused, so that nothing changes."""


OF_FILE = (
    leading(
        "file",
        query=f"aktenzeichen={MUELLER}",
        trace="case_file.responsible",
        subject="case_file_id",
    ),
    leading(
        "file elsewhere",
        opens=frozenset({"administrator"}),
        but={"team lead": Answer.UNKNOWN},
        query=f"aktenzeichen={OTHER_SITE}",
        trace="case_file.responsible",
        refused="case_file.refused",
        subject="case_file_id",
    ),
)
"""Who answers for a file, and where it may go: the same readers, the same trace."""

TABLE: Mapping[str, tuple[Row, ...]] = {
    # for everybody
    "GET /static/{digest}/{name:path}": (
        in_public("style, script and pictures of the screens: the same for all", about="style"),
    ),
    "GET /healthz": (in_public("asked by supervisors that have no login; says ok"),),
    "GET /anmelden": (in_public("the door itself; who is signed in is led on"),),
    "POST /anmelden": (
        in_public(
            "the door itself",
            asked_by=frozenset({"responsible", "nobody"}),
            answer=Answer.NO_TOKEN,
            form={"login": "niemand", "kennwort": "falsch"},
            trace="session.refused",
            actor="unknown",
            subject="",
        ),
    ),
    "GET /api/v1/openapi.json": (
        in_public(
            "describes the interface and tells of nobody",
            asked_by=frozenset({"responsible", "nobody", "programme"}),
        ),
    ),
    # one's own session
    "GET /": (everybody(),),
    "POST /abmelden": (everybody(answer=None),),
    "GET /kennwort": (everybody(),),
    "POST /kennwort": (
        everybody(
            answer=Answer.WRONG,
            form={"alt": "falsch", "neu": "x" * 20, "noch_einmal": "x" * 20},
            trace="password.refused",
            subject="",
        ),
    ),
    "POST /darstellung": (everybody(form={"thema": "dark"}),),
    "GET /ereignisse": (everybody(),),
    # postboxes
    "GET /postkorb": (Row(opens=WITH_POST),),
    "GET /postkorb/{postbox_id}": (
        Row(
            about="own postbox",
            opens=frozenset({"responsible", "deputy during"}),
            lists=("ordinary", "protected", "colleague"),
        ),
        Row(about="team postbox", opens=TEAM_POST),
        Row(about="clearing postbox", opens=DESK, lists=("clearing",)),
    ),
    f"POST {ENTRY}/zu-den-akten": _entry(schlagwort="kontoauszug"),
    f"POST {ENTRY}/weiterleiten": _entry(ziel="j.hansen")[:1],
    f"POST {ENTRY}/zur-klaerung": _entry()[:1],
    f"POST {ENTRY}/gesehen": _entry()[:1],
    f"POST {ENTRY}/uebernehmen": _entry()[:1],
    f"POST {ENTRY}/wiedervorlage": _entry(tag="2026-12-30")[:1],
    f"POST {ENTRY}/vorgang": _entry(vorgang="")[:1],
    f"POST {ENTRY}/schlechter-scan": _entry(seite="1", grund="Rand fehlt")[:1],
    "POST /postkorb/rueckgaengig": (everybody(answer=Answer.WRONG, form={"runde": UNKNOWN_ID}),),
    "POST /postkorb/{postbox_id}/mehrere": (
        Row(about="own postbox", told=frozenset({"responsible", "deputy during"})),
        Row(about="team postbox", told=TEAM_POST),
    ),
    "POST /postkorb/{postbox_id}/filter": (
        Row(about="own postbox", opens=frozenset({"responsible", "deputy during"})),
    ),
    "POST /postkorb/offen/{document_id}": (
        Row(about="ordinary", opens=HUSUM, refused="document.refused"),
    ),
    "GET /wiedervorlagen": (Row(opens=WITH_A_DESK, others=Answer.CLOSED),),
    "GET /wiedervorlagen/neu/{document_id}": _documents(SOME[:2], trace="document.open"),
    "POST /wiedervorlagen/neu/{document_id}": _changes(tag="2026-12-30"),
    f"POST {REMINDER}/erledigt": _reminder(),
    f"POST {REMINDER}/verschieben": _reminder(tag="2026-12-30"),
    f"POST {REMINDER}/uebergeben": _reminder(ziel="j.hansen"),
    "GET /notizen/neu": (
        Row(opens=WITH_A_DESK, others=Answer.CLOSED),
        Row(
            about="ordinary",
            opens=HUSUM,
            but=dict.fromkeys(DESK | {"administrator"}, Answer.CLOSED),
            query="dokument=DOCUMENT",
            refused="document.refused",
            made_up="document_id",
        ),
    ),
    "POST /notizen": (
        Row(
            opens=WITH_A_DESK,
            answer=Answer.WRONG,
            others=Answer.CLOSED,
            form={"vorlage": "vermerk", "akte": ""},
        ),
    ),
    # documents; pictures first: what only their page leaves in the log would hide that they do not
    f"GET {DOCUMENT}/bilder/{{page_id}}/seite": _documents(SOME, trace="document.open", once=True),
    f"GET {DOCUMENT}": _documents(trace="document.open"),
    f"GET {DOCUMENT}/seiten/{{number}}/worte": _documents(
        SOME, trace="document.open", once=True, query="suche=geehrte"
    ),
    f"GET {DOCUMENT}/bilder/{{page_id}}/miniatur": _documents(
        SOME[:1], trace="document.open", once=True
    ),
    f"GET {DOCUMENT}/archiv.pdf": _documents(SOME, trace="document.download"),
    f"GET {DOCUMENT}/seiten": (
        Row(
            about="ordinary",
            opens=ON_THE_DESK,
            told=HUSUM - ON_THE_DESK,
            refused="document.refused",
            trace="document.open",
            once=True,
        ),
        Row(
            about="undelivered",
            opens=DESK,
            refused="document.refused",
            trace="document.open",
            once=True,
        ),
    ),
    f"POST {DOCUMENT}/wieder-vorlegen": _of_document(),
    f"POST {DOCUMENT}/eingang": _of_document(tag="2026-11-20", stelle="hier"),
    f"POST {DOCUMENT}/angaben": _of_document(angabe="subject|", wert="Anhörung"),
    f"POST {DOCUMENT}/vorgang": _of_document(vorgang=""),
    "GET /blatt/{page_id}": tuple(
        Row(about=name, opens=VISIBLE[name], refused="document.refused", subject="unknown")
        for name in ("ordinary", "protected", "clearing")
    ),
    f"POST {DOCUMENT}/anmerkungen": _changes(seite="1", art="note", platz="Mitte", text="x")[:1],
    f"POST {DOCUMENT}/anmerkungen/{{annotation_id}}/entfernen": _of_document()[:1],
    f"POST {DOCUMENT}/papier": _changes(papier="return", ort="Absender"),
    f"POST {DOCUMENT}/schlechter-scan": _of_document(seite="1", grund="Rand fehlt")[:1],
    f"GET {DOCUMENT}/fehlablage": (
        *_documents(("ordinary", "protected")),
        Row(about="clearing", told=DESK, refused="document.refused"),
    ),
    f"POST {DOCUMENT}/fehlablage": _of_document(grund="Im Brief steht ein anderer Name."),
    # telephone and counter
    "GET /auskunft": (Row(opens=COUNTER, others=Answer.CLOSED),),
    "POST /auskunft": tuple(
        Row(
            about=name,
            opens=COUNTER,
            others=Answer.CLOSED,
            form={"akte": number},
            trace=trace,
            subject="case_file_id",
        )
        for name, number, trace in (
            ("file", MUELLER, "counter.lookup"),
            ("file protected", PROTECTED, "counter.refused"),
        )
    ),
    "GET /auskunft/belege": (Row(opens=COUNTER | DESK, others=Answer.CLOSED),),
    "POST /auskunft/belege": (
        Row(
            about="file",
            opens=COUNTER,
            answer=Answer.WRONG,
            others=Answer.CLOSED,
            form={"akte": MUELLER, "nachname": "Falsch", "unterlagen": "ein Brief"},
            trace="counter.refused",
            subject="case_file_id",
        ),
    ),
    "GET /auskunft/belege/{receipt_id}/beleg.pdf": (
        Row(
            about="receipt",
            opens=COUNTER,
            others=Answer.CLOSED,
            trace="counter.print",
            subject="receipt_id",
        ),
    ),
    "POST /auskunft/belege/{receipt_id}/erledigt": (
        Row(
            about="receipt",
            told=COUNTER | DESK,
            others=Answer.CLOSED,
            form=STALE | {"grund": "wieder mitgenommen"},
        ),
    ),
    "GET /fehlablagen": (everybody(),),
    "GET /fehlablagen/{misfiling_id}": (
        Row(
            about="misfiling",
            opens=LEADS | {"responsible"},
            trace="misfiling.open",
            refused="misfiling.refused",
            subject="misfiling_id",
        ),
    ),
    f"POST {DOCUMENT}/seiten/entfernen": _page_desk(grund="blank")[:1],
    f"POST {DOCUMENT}/seiten/verschieben": _page_desk(ziel="x")[:1],
    f"POST {DOCUMENT}/seiten/rueckgaengig": _page_desk(aenderung="x")[:1],
    f"POST {DOCUMENT}/seiten/wiederholen": _page_desk(aenderung="x")[:1],
    f"POST {DOCUMENT}/seiten/fertig": (
        Row(
            about="ordinary",
            opens=ON_THE_DESK,
            answer=None,
            told=HUSUM - ON_THE_DESK,
            refused="document.refused",
        ),
    ),
    f"POST {DOCUMENT}/seiten/{{action}}": _page_desk(),
    # case files and search
    "GET /akten/{segment}": tuple(
        Row(
            about=name,
            opens=opens,
            trace="case_file.open",
            refused="case_file.refused",
            subject="case_file_id",
            lists=(document,),
        )
        for (name, opens), document in zip(
            COVERS.items(), ("ordinary", "other_site", "protected", "colleague"), strict=True
        )
    ),
    "POST /oeffnen": (
        in_public("the Fachverfahren calls without a cookie; turns its form into a fragment"),
    ),
    "GET /oeffnen": (everybody(),),
    "POST /oeffnen/akte": (
        everybody(
            form={"aktenzeichen": "12345//9999999"}, trace="case_file.refused", subject="unknown"
        ),
        Row(
            about="file",
            opens=COVERS["file"],
            asked_by=COVERS["file"],
            form={"aktenzeichen": MUELLER},
            trace="case_file.call",
            subject="case_file_id",
        ),
    ),
    "GET /fenster": (everybody(),),
    "GET /fenster/gerufen": (everybody(),),
    "GET /fenster/unbekannt": (Row(opens=SIGNED_IN, answer=Answer.UNKNOWN),),
    "POST /fenster/melden": (everybody(),),
    "POST /fenster/verlassen": (everybody(form={"fenster": UNKNOWN_ID}),),
    "POST /fenster/zeigen": (
        Row(
            about="ordinary",
            opens=HUSUM,
            form={"dokument": "DOCUMENT"},
            refused="document.refused",
            made_up="document_id",
        ),
    ),
    "GET /suche": (everybody(query="q=geehrte", lists=("ordinary", "other_site", "protected")),),
    "GET /suche/filter": (everybody(query="q=geehrte"),),
    "GET /suche/vorschlaege": (everybody(query="q=Müller"),),
    "GET /suche/vorschau": (
        Row(
            about="ordinary",
            opens=HUSUM,
            query="dokument=DOCUMENT",
            trace="document.open",
            once=True,
            refused="document.refused",
            made_up="document_id",
        ),
    ),
    "GET /suche/gespeichert": (everybody(),),
    "POST /suche/gespeichert": (everybody(form={"q": ""}),),
    "POST /suche/gespeichert/loeschen": (everybody(form={"suche": UNKNOWN_ID}),),
    "POST /suche/gespeichert/stern": (everybody(form={"suche": UNKNOWN_ID}),),
    "GET /notzugriff": (Row(opens=EMERGENCY | REVIEW, others=Answer.CLOSED),),
    "POST /notzugriff": (
        Row(
            about="file protected",
            but=dict.fromkeys(SIGNED_IN - EMERGENCY, Answer.CLOSED),
            form={"aktenzeichen": PROTECTED, "grund": "steht am Empfang"},
            refused="emergency.refused",
            subject="case_file_id",
            made_up="case_file_id",
        ),
    ),
    # the clearing desk
    "GET /klaerung": (
        at_desk("clearing", trace="document.open"),
        at_desk(
            "ordinary",
            opens=frozenset(),
            but=dict.fromkeys(DESK, Answer.UNKNOWN),
            query="dokument=DOCUMENT",
            refused="document.refused",
            made_up="document_id",
        ),
    ),
    "GET /klaerung/akten": (at_desk(query="andere=12345//0001234"),),
    "POST /klaerung/{document_id}": (
        at_desk(
            "clearing",
            answer=Answer.TOLD,
            form=STALE | {"schlagwort": "kontoauszug", "akte": "keine"},
        ),
    ),
    "GET /klaerung/{document_id}/empfaenger": (
        at_desk("clearing", query="akte=12345//0001234&schlagwort=kontoauszug"),
        at_desk(
            "ordinary",
            opens=frozenset(),
            but=dict.fromkeys(DESK, Answer.UNKNOWN),
            query="akte=12345//0001234&schlagwort=kontoauszug",
            refused="document.refused",
        ),
    ),
    "GET /klaerung/{document_id}/gelesen": (
        at_desk("undelivered"),
        at_desk(
            "ordinary",
            opens=frozenset(),
            but=dict.fromkeys(DESK, Answer.UNKNOWN),
            refused="document.refused",
        ),
    ),
    "POST /klaerung/{document_id}/offen": (
        at_desk("clearing"),
        at_desk(
            "ordinary",
            opens=frozenset(),
            but=dict.fromkeys(DESK, Answer.UNKNOWN),
            refused="document.refused",
        ),
    ),
    "POST /klaerung/{document_id}/vorlaeufig": (
        at_desk(
            "clearing",
            answer=Answer.TOLD,
            form=STALE
            | {"schlagwort": "erstantrag", "nachname": "Neu", "vorname": "Nele", "plz": "25813"},
        ),
    ),
    "POST /klaerung/{document_id}/zuruecknehmen": (
        at_desk(
            "ordinary",
            opens=frozenset(),
            but=dict.fromkeys(DESK, Answer.UNKNOWN),
            refused="document.refused",
        ),
    ),
    # provisional files; who may join which: tests/contract/test_joining.py
    "GET /vorlaeufige-akten": (Row(opens=WITH_POST, others=Answer.CLOSED),),
    "GET /vorlaeufige-akten/akten": (
        Row(opens=WITH_POST, others=Answer.CLOSED, query="akte=12345//0001234"),
    ),
    "GET /vorlaeufige-akten/{segment}": (_no_provisional(),),
    "POST /vorlaeufige-akten/{segment}/zusammenfuehren": (
        _no_provisional(form={"akte": OTHER_SITE, "stand": "x"}),
    ),
    "GET /klaerung/stapel": (at_desk(),),
    f"GET {STACK}/bilder/{{page_id}}/{{kind}}": (
        Row(about="stack", opens=DESK, trace="source.open", once=True, subject="source_id"),
    ),
    f"GET {STACK}": (at_desk("stack", trace="source.open", subject="source_id"),),
    f"POST {STACK}": (at_desk("stack", answer=Answer.TOLD, form={"schnitt-99": "ja"}),),
    # arrivals
    "GET /eingang": (at_desk(),),
    "GET /scanstelle": (at_desk(),),
    "GET /eingang/{source_id}/umschlag": (
        at_desk("envelope", trace="source.envelope", subject="source_id"),
    ),
    "POST /eingang/{source_id}/oeffnen": (at_desk("envelope", answer=None, form={"grund": "x"}),),
    "GET /eingang/hochladen": (Row(opens=WITH_POST, others=Answer.CLOSED),),
    "POST /eingang/hochladen": (
        Row(opens=WITH_POST, others=Answer.CLOSED, files={"dateien": b""}),
    ),
    "GET /eingang/hochladen/stand": (
        Row(
            about="upload",
            opens=WITH_POST,
            others=Answer.CLOSED,
            query="id=SOURCE",
            shows=frozenset({"responsible"}),
            subject="source_id",
        ),
    ),
    # absences and responsibilities
    "GET /abwesenheit": (everybody(),),
    "GET /abwesenheit/team": (Row(opens=LEADS, others=Answer.CLOSED),),
    f"GET {ABSENT}": (Row(about="person", opens=LEADS | {"responsible"}),),
    f"POST {ABSENT}/eintragen": _absence(von="2026-12-24"),
    f"POST {ABSENT}/beenden": _absence(beginn="2026-11-30", letzter="2026-12-01"),
    f"POST {ABSENT}/loeschen": _absence(beginn="2026-11-30"),
    f"POST {ABSENT}/vertretung": _absence(vertretung="j.hansen"),
    "POST /abwesenheit/zurueckgeben": (
        Row(
            opens=frozenset({"responsible", "deputy before", "deputy during", "deputy after"}),
            form={"postkorb": "m.petersen", "fuer": "v.tretung"},
        ),
    ),
    "GET /leitung": (leading(query="tage=28"),),
    "GET /leitung/tage.csv": (leading(trace="figures.export", subject="teams"),),
    "GET /leitung/offen.csv": (leading(trace="figures.export", subject="teams"),),
    "GET /zustaendigkeiten": (leading(),),
    "GET /zustaendigkeiten/neu": (leading(query="login=s.scan"),),
    f"GET {STAFF}": (leading("person"),),
    f"GET {STAFF}/vorschau": (leading("person", query="stand=x&funktion=leistung&bereiche=A-K"),),
    f"POST {STAFF}/bereiche": (
        leading(
            "person",
            opens=frozenset(),
            told=LEADS,
            form={"stand": "alt", "funktion": "leistung", "bereiche": "A–K"},
        ),
    ),
    f"POST {STAFF}/teams": (
        leading(
            "person",
            opens=frozenset(),
            told=LEADS,
            form={"stand": "alt", "teams": "husum-leistung"},
        ),
    ),
    "GET /zustaendigkeiten/uebergabe": (leading(query="von=m.petersen&an=j.hansen&ab=2026-11-23"),),
    "POST /zustaendigkeiten/uebergabe": (
        leading(
            answer=Answer.WRONG, form={"von": "m.petersen", "an": "m.petersen", "ab": "2026-11-23"}
        ),
    ),
    "POST /zustaendigkeiten/uebergabe/{handover_id}/zuruecknehmen": (
        leading("handover", opens=frozenset(), told=LEADS, form=STALE),
    ),
    "POST /zustaendigkeiten/teams": (
        Row(
            opens=frozenset({"administrator"}),
            answer=Answer.WRONG,
            others=Answer.CLOSED,
            form={"kennung": "süd", "name": "Süd", "funktion": "leistung"},
        ),
    ),
    "POST /zustaendigkeiten/teams/{team_id}/name": (
        Row(
            about="team",
            told=frozenset({"administrator"}),
            others=Answer.CLOSED,
            form={"bisher": "falsch", "name": "Anders"},
        ),
    ),
    "GET /zustaendigkeiten/akte": OF_FILE,
    "GET /zustaendigkeiten/umzug": OF_FILE,
    "POST /zustaendigkeiten/umzug": (
        leading(
            "file",
            opens=frozenset(),
            told=LEADS,
            form={"aktenzeichen": MUELLER, "ab": "2026-11-23"},
            made_up="case_file_id",
        ),
    ),
    "POST /zustaendigkeiten/umzug/{move_id}/zuruecknehmen": (
        leading("move", opens=frozenset(), told=LEADS, form=STALE),
    ),
    "POST /zustaendigkeiten/akte": (
        leading(
            "file",
            opens=frozenset(),
            told=LEADS,
            form={
                "aktenzeichen": MUELLER,
                "funktion": "leistung",
                "bisher": "falsch",
                "login": "j.hansen",
            },
            made_up="case_file_id",
        ),
    ),
    "GET /wer-bekaeme-das": (
        everybody(query="schlagwort=kontoauszug&standort=husum&nachname=Schmidt"),
        Row(
            about="file",
            opens=COVERS["file"],
            but=dict.fromkeys(DESK | {"administrator"}, Answer.OPENS),
            query=f"schlagwort=kontoauszug&aktenzeichen={MUELLER}",
            trace="case_file.probe",
            refused="case_file.refused",
            subject="case_file_id",
            made_up="case_file_id",
        ),
    ),
    # the check
    f"GET {BATCH}/bilder/{{page_id}}": _drawn(once=True),
    "GET /sichtpruefung": (at_desk(),),
    f"GET {RESCAN}": (at_desk(),),
    f"GET {RESCAN}/{{report_id}}/bild": (
        at_desk("reported ordinary", trace="quality.look", subject="page_id"),
        at_desk(
            "reported colleague",
            opens=DESK - {SHUT},
            but={SHUT: Answer.UNKNOWN},
            trace="quality.look",
            subject="page_id",
        ),
    ),
    f"POST {RESCAN}/{{report_id}}": (
        at_desk("reported ordinary", answer=Answer.TOLD, form={"scan": UNKNOWN_ID}),
    ),
    f"GET {BATCH}": (at_desk("release"),),
    f"POST {BATCH}/zaehlung": (at_desk("release", answer=Answer.TOLD, form=STALE),),
    f"POST {BATCH}/zurueckweisen": (
        at_desk("release", answer=Answer.TOLD, form=STALE | {"grund": "grau"}),
    ),
    f"POST {BATCH}/freigabe": (at_desk("release", answer=Answer.TOLD, form=STALE),),
    f"GET {BATCH}/freigaben/{{decision_id}}": (at_desk("release"),),
    f"GET {BATCH}/freigaben/{{decision_id}}/liste.csv": (at_desk("release"),),
    f"GET {BATCH}/seiten/{{page_id}}": _drawn(),
    f"POST {BATCH}/seiten/{{page_id}}": _drawn(
        answer=Answer.TOLD, form={"urteil": "schlecht"}, trace=""
    ),
    # rules
    "GET /regeln": (_rules(),),
    "GET /regeln/dateien/{name}": (_rules(),),
    "POST /regeln/dateien/{name}": (_rules(form={"stand": "x", "text": "x"}, **_RULES_CHANGED),),
    "GET /regeln/neu": (_rules(opens=frozenset({"administrator"})),),
    "POST /regeln/neu": (_rules(form={"kennung": "?"}, **_RULES_CHANGED),),
    "GET /regeln/vorschlag/{origin}": (_rules(),),
    "POST /regeln/vorschlag/{origin}/probe": (
        _rules(opens=frozenset({"administrator"}), answer=None, form={"anzahl": "1"}),
    ),
    "POST /regeln/vorschlag/{origin}/in-kraft": (
        _rules(form={"vorschlag": "x", "stand": "1", "grund": "x"}, **_RULES_CHANGED),
    ),
    "POST /regeln/vorschlag/{origin}/verwerfen": (
        _rules(form={"vorschlag": "x"}, **_RULES_CHANGED),
    ),
    "POST /regeln/vorschlag/{origin}/entscheiden": (
        _rules(form={"vorschlag": "x", "datei": "x", "gilt": "geltend"}, **_RULES_CHANGED),
    ),
    "GET /regeln/proben/{trial_id}": (_rules(),),
    "GET /regeln/proben/{trial_id}/stand": (_rules(),),
    "POST /regeln/proben/{trial_id}/abbrechen": (
        _rules(opens=frozenset({"administrator"}), answer=None),
    ),
    "GET /regeln/fassungen/{number}": (_rules(),),
    "POST /regeln/fassungen/{number}/zurueck": (
        _rules(form={"stand": "99", "grund": "x"}, **_RULES_CHANGED),
    ),
    # accounts
    "GET /verwaltung/konten": (_keeping(),),
    "GET /verwaltung/konten/neu": (_keeping(),),
    "POST /verwaltung/konten/neu": (
        _keeping(answer=Answer.WRONG, form={"anmeldename": "jürgen", "name": "Jürgen"}),
    ),
    f"GET {ACCOUNT}": (_keeping("person"),),
    f"POST {ACCOUNT}/rollen": (
        _keeping("person", opens=frozenset(), told=KEEPERS, form={"bisher": "kaiser"}),
    ),
    f"POST {ACCOUNT}/sperren": (_keeping("person", answer=None),),
    f"POST {ACCOUNT}/entsperren": (_keeping("person", answer=None),),
    f"POST {ACCOUNT}/kennwort": (_keeping("person", answer=None),),
    f"POST {ACCOUNT}/abmelden": (_keeping("person", answer=None),),
    # settings
    f"GET {SETTINGS}": (_keeping(),),
    f"GET {SETTINGS}/{{key}}": (_keeping("setting"),),
    f"POST {SETTINGS}/{{key}}": (
        _keeping(
            "setting",
            opens=frozenset(),
            told=KEEPERS,
            form={"version": "0", "wert": "viel"},
        ),
    ),
    f"POST {SETTINGS}/{{key}}/datei": (
        _keeping("setting", opens=frozenset(), told=KEEPERS, form={"version": "7"}),
    ),
    # programmes
    "POST /api/v1/documents": (
        Row(
            opens=frozenset({"programme", "other programme"}),
            answer=Answer.WRONG,
            programmes=Answer.NO_TOKEN,
            form={"facts": '{"schlagwort": "gibt-es-nicht"}'},
            files={"file": b"brief"},
            headers={"Idempotency-Key": "2"},
            **NO_TOKEN,
        ),
    ),
    "POST /api/v1/open": (
        Row(
            opens=frozenset({"programme"}),
            answer=None,
            but={"other programme": Answer.CLOSED},
            programmes=Answer.NO_TOKEN,
            form={"login": "m.petersen", "aktenzeichen": MUELLER},
            **NO_TOKEN,
        ),
    ),
    "GET /api/v1/documents/{document_id}": (
        Row(
            about="notice",
            opens=frozenset({"programme"}),
            but={"other programme": Answer.UNKNOWN},
            programmes=Answer.NO_TOKEN,
            refused="source.refused",
            subject="unknown",
            **NO_TOKEN,
        ),
    ),
}
