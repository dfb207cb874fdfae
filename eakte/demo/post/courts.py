"""Courts: requests for the file, summons, judgments, guardianship, attachment orders."""

from __future__ import annotations

from eakte.demo.sheet import Block, Sheet, h, lines, numbered, p, seal, sign, small, space
from eakte.demo.writing import Business, Kind, Writing, euro

_SOCIAL = ("Sozialgericht Marschenhude", "")
_LOCAL = ("Amtsgericht Grotenbrook", "")


def _docket(w: Writing) -> str:
    return w.serial("S ## AS ###/YY")


def _court(w: Writing, name: tuple[str, str]) -> Business:
    return w.business(name)


def _parties(w: Writing) -> tuple[str, ...]:
    return ("In dem Rechtsstreit", w.mention(), "gegen Jobcenter Friesenkoog")


def _courts_letter(w: Writing, subject: tuple[str, ...], *blocks: Block, docket: str) -> Sheet:
    return w.printed(
        _court(w, _SOCIAL),
        subject,
        p("Sehr geehrte Damen und Herren,"),
        *blocks,
        p("Mit freundlichen Grüßen"),
        p("Auf Anordnung"),
        sign(w.rng, w.stranger(), "Urkundsbeamter der Geschäftsstelle"),
        info=(("Aktenzeichen", docket),),
        bank=False,
    )


def klage(w: Writing) -> Sheet:
    """The court serves a lawsuit."""
    docket = _docket(w)
    return _courts_letter(
        w,
        _parties(w),
        p(
            f"die anliegende Klageschrift vom {w.some_day(-12, -5)} ist hier eingegangen und wird "
            "Ihnen zugestellt. Sie werden gebeten, innerhalb eines Monats zu der Klage Stellung zu "
            "nehmen (§ 104 SGG)."
        ),
        p(
            f"Klagegegenstand: Bescheid vom {w.some_day(-150, -120)} in der Gestalt des "
            f"Widerspruchsbescheides vom {w.some_day(-40, -20)}."
        ),
        docket=docket,
    )


def eilantrag(w: Writing) -> Sheet:
    """The court serves an application for interim relief."""
    return _courts_letter(
        w,
        _parties(w),
        p(
            "der Antrag auf Erlass einer einstweiligen Anordnung nach § 86b Abs. 2 SGG wird Ihnen "
            f"zur Stellungnahme bis zum {w.on(4)}, 12 Uhr, übersandt."
        ),
        p("Die Verwaltungsvorgänge sind beizufügen. Telefax genügt."),
        docket=w.serial("S ## AS ###/YY ER"),
    )


def aktenanforderung(w: Writing) -> Sheet:
    """The court asks for the file."""
    return _courts_letter(
        w,
        _parties(w),
        p(
            "das Gericht bittet um Übersendung der vollständigen Verwaltungsakten (Leistungsakte "
            f"und Widerspruchsvorgang) bis zum {w.on(14)}."
        ),
        p(
            "Die Akten sind elektronisch, nummeriert und durchsuchbar zu übermitteln (§ 104 Satz 5 "
            "SGG). Die Vollständigkeit ist zu versichern."
        ),
        docket=_docket(w),
    )


def ladung(w: Writing) -> Sheet:
    """A summons to a hearing."""
    return _courts_letter(
        w,
        _parties(w),
        p(
            "Ladung: Es ist Termin zur mündlichen Verhandlung bestimmt auf "
            f"{w.some_day(30, 70)}, {w.rng.randint(9, 13)}:15 Uhr, Sitzungssaal "
            f"{w.rng.randint(1, 9)}."
        ),
        p("Das persönliche Erscheinen eines Vertreters der Behörde wird angeordnet."),
        docket=_docket(w),
    )


_REASONING = (
    (
        "Das Bundessozialgericht verlangt für ein schlüssiges Konzept ein planmäßiges Vorgehen des "
        "Grundsicherungsträgers im Sinne einer systematischen Ermittlung und Bewertung "
        "genereller, wenn "
        "auch orts- und zeitbedingter Tatsachen. Schlüssig ist das Konzept, wenn es unter "
        "anderem den "
        "Gegenstand der Beobachtung nach Wohnungsgröße und Ausstattung bestimmt und Angaben "
        "über den "
        "Beobachtungszeitraum enthält."
    ),
    (
        "Der vom Beklagten gewählte Vergleichsraum umfasst den gesamten Landkreis. Das begegnet "
        "Bedenken, weil zwischen den Orten an der Küste und denen auf der Geest erhebliche "
        "Unterschiede "
        "in der Miethöhe und in der verkehrlichen Anbindung bestehen."
    ),
    (
        "Die Kammer hat die Beteiligten auf diese Bedenken hingewiesen und Gelegenheit zur "
        "Nachbesserung "
        "gegeben. Die daraufhin vorgelegten Unterlagen lassen nicht erkennen, wie viele "
        "Bestandsmieten "
        "erhoben und in welcher Weise sie gewichtet worden sind."
    ),
    (
        "Auf die Frage, ob die Kostensenkungsaufforderung ordnungsgemäß war, kommt es danach "
        "nicht mehr "
        "an. Ebenso kann offenbleiben, ob ein Umzug aus gesundheitlichen Gründen zumutbar "
        "gewesen wäre, "
        "wofür nach den vorgelegten ärztlichen Bescheinigungen manches spricht."
    ),
    (
        "Die Heizkosten sind gesondert zu betrachten. Anhaltspunkte für unwirtschaftliches "
        "Verhalten "
        "bestehen nur, soweit der Grenzwert überschritten wird, der sich aus der rechten "
        "Spalte des "
        "Heizspiegels und der abstrakt angemessenen Wohnfläche ergibt."
    ),
    (
        "Der Anspruch ist nicht durch die Nachzahlung aus der Betriebskostenabrechnung "
        "erfüllt. Diese "
        "betrifft einen anderen Zeitraum und ist Gegenstand eines gesonderten Bescheides geworden."
    ),
)


def urteil(w: Writing) -> Sheet:
    """A judgment of three or four pages."""
    docket = _docket(w)
    facts = (
        "Die Beteiligten streiten über die Höhe der Kosten der Unterkunft und Heizung.",
        (
            "Die Klägerseite bezieht seit mehreren Jahren Leistungen nach dem SGB II und bewohnt "
            "eine "
            "Wohnung zur Miete. Der Beklagte forderte zur Kostensenkung auf und erkannte sodann "
            "nur "
            "noch die von ihm für angemessen gehaltenen Beträge an."
        ),
        (
            "Der Widerspruch blieb erfolglos. Mit der Klage wird das Begehren weiterverfolgt. Zur "
            "Begründung wird vorgetragen, Wohnraum zu dem genannten Preis sei am Ort nicht zu "
            "finden."
        ),
    )
    reasons = (
        (
            "Die zulässige Klage ist zum Teil begründet. Nach § 22 Abs. 1 Satz 1 SGB II werden "
            "Bedarfe "
            "für Unterkunft und Heizung in Höhe der tatsächlichen Aufwendungen anerkannt, soweit "
            "diese "
            "angemessen sind. Die Ermittlung der Angemessenheitsgrenze setzt ein schlüssiges "
            "Konzept "
            "voraus, das die Datengrundlage nachvollziehbar offenlegt."
        ),
        (
            "Daran fehlt es für den streitigen Zeitraum. Die Kammer konnte das Konzept auch nach "
            "Beiziehung weiterer Unterlagen nicht bestätigen. Es waren daher die Werte der "
            "Wohngeldtabelle zuzüglich eines Sicherheitszuschlages von 10 % zugrunde zu legen."
        ),
        (
            "Soweit die Klage darüber hinausgeht, war sie abzuweisen, denn die Heizkosten sind "
            "nur bis "
            "zur Grenze des bundesweiten Heizspiegels zu übernehmen."
        ),
        "Die Kostenentscheidung folgt aus § 193 SGG. Die Berufung war nicht zuzulassen.",
    )
    plaintiff = w.mention()
    return Sheet(
        layout="bare",
        running=f"{docket}",
        blocks=(
            p(f"Sozialgericht Marschenhude                    Az.: {docket}"),
            *((p(f"Aktenzeichen des Beklagten: {w.number}"),) if w.number else ()),
            *((p(f"Kundennummer: {w.customer_number}"),) if w.customer_number else ()),
            space(8),
            h("IM NAMEN DES VOLKES", size=14, centre=True, tracking=1.5),
            h("URTEIL", size=14, centre=True, tracking=3),
            p("In dem Rechtsstreit"),
            lines(plaintiff, "– Klagepartei –"),
            p("gegen"),
            lines("Jobcenter Friesenkoog, vertreten durch die Leitung", "– Beklagter –"),
            p(
                "hat die 12. Kammer des Sozialgerichts Marschenhude auf die mündliche Verhandlung "
                f"vom {w.on(-20)} für Recht erkannt:"
            ),
            numbered(
                f"Der Beklagte wird unter Änderung des Bescheides vom {w.on(-260)} verurteilt, "
                f"weitere {euro(w.amount(20, 90))} monatlich zu zahlen.",
                "Im Übrigen wird die Klage abgewiesen.",
                "Der Beklagte erstattet die außergerichtlichen Kosten zur Hälfte.",
            ),
            h("Tatbestand", size=11.5, centre=True),
            *(p(text) for text in facts),
            h("Entscheidungsgründe", size=11.5, centre=True),
            *(p(text) for text in reasons),
            *(p(text) for text in w.rng.sample(_REASONING, w.rng.randint(3, len(_REASONING)))),
            h("Rechtsmittelbelehrung", size=11.5, centre=True),
            p(
                "Die Nichtzulassung der Berufung kann mit der Beschwerde innerhalb eines Monats "
                "nach Zustellung angefochten werden."
            ),
            sign(w.rng, w.stranger(), "Vorsitzende der 12. Kammer"),
            seal("Sozialgericht\nMarschenhude"),
        ),
    )


def betreuung(w: Writing) -> Sheet:
    """The guardianship court appoints a legal guardian."""
    return w.printed(
        _court(w, _LOCAL),
        ("Beschluss", f"Betreuung für {w.mention()}"),
        p("In dem Betreuungsverfahren hat das Amtsgericht Grotenbrook beschlossen:"),
        p(
            f"Es wird eine Betreuung eingerichtet. Zur Betreuerin wird bestellt: "
            f"{w.pick('Ute Ohlsen', 'Rainer Dreyer')}, Berufsbetreuung. Der Aufgabenkreis umfasst "
            "Vermögenssorge, Wohnungsangelegenheiten sowie Vertretung gegenüber Behörden."
        ),
        p(f"Das Gericht überprüft die Betreuung spätestens bis zum {w.on(1800)}."),
        sign(w.rng, "Richterin am Amtsgericht"),
        seal("Amtsgericht\nGrotenbrook"),
        info=(("Geschäftsnummer", w.serial("14 XVII ###/YY")),),
        bank=False,
    )


def pfaendung(w: Writing) -> Sheet:
    """An attachment and transfer order."""
    debt = w.amount(700, 5200)
    return w.printed(
        _court(w, _LOCAL),
        ("Pfändungs- und Überweisungsbeschluss", f"Schuldner: {w.mention()}"),
        p("Drittschuldner: Jobcenter Friesenkoog", bold=True),
        p(
            f"Wegen einer Forderung von {euro(debt)} nebst Zinsen und Kosten werden die "
            "angeblichen "
            "Ansprüche des Schuldners gegen den Drittschuldner auf laufende Geldleistungen "
            "gepfändet und dem Gläubiger zur Einziehung überwiesen."
        ),
        p(
            "Der Drittschuldner darf, soweit die Forderung gepfändet ist, nicht mehr an den "
            "Schuldner zahlen. Er wird aufgefordert, binnen zwei Wochen nach § 840 ZPO zu "
            "erklären, "
            "ob er die Forderung anerkennt."
        ),
        small(f"Gläubiger: Inkasso Klabauter GmbH, Forderungsnr. {w.serial('########')}"),
        sign(w.rng, "Rechtspfleger"),
        seal("Amtsgericht\nGrotenbrook"),
        info=(("Geschäftsnummer", w.serial("9 M ####/YY")),),
        bank=False,
    )


KINDS = (
    Kind(schlagwort="klage", function="recht", copies=("leistung",), write=klage),
    Kind(schlagwort="eilantrag", function="recht", copies=("leistung",), write=eilantrag),
    Kind(schlagwort="aktenanforderung", function="recht", write=aktenanforderung),
    Kind(schlagwort="ladung", function="recht", write=ladung),
    Kind(schlagwort="entscheidung", function="recht", copies=("leistung",), write=urteil),
    Kind(
        schlagwort="vollmacht_betreuung",
        function="leistung",
        copies=("vermittlung",),
        write=betreuung,
    ),
    Kind(schlagwort="pfaendung", function="forderung", copies=("leistung",), write=pfaendung),
)
