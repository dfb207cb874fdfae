"""Other offices: family benefits, pensions, youth office, tax, registry, and post gone astray."""

from __future__ import annotations

from dataclasses import replace

from eakte.demo.post.overleaf import notices
from eakte.demo.sheet import Block, Sheet, p, page_break, pairs, seal, sign, small, table
from eakte.demo.writing import Kind, Writing, euro

# Identification numbers that tax authorities publish as examples; none belongs to anybody.
_TAX_IDS = ("86 095 742 719", "47 036 892 816", "65 929 970 489", "57 549 285 017")


def kindergeld(w: Writing) -> Sheet:
    """A decision on child benefit."""
    return w.printed(
        w.business(("Familienkasse Nordland", "Kindergeld und Kinderzuschlag")),
        ("Bescheid über Kindergeld", w.mention()),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"für die genannte Person wird Kindergeld ab {w.month(0)} in Höhe von "
            f"{euro(259)} monatlich für jedes Kind festgesetzt. Ein etwaiger Nachzahlungsbetrag "
            "wird einbehalten, bis Sie Ihren Erstattungsanspruch geprüft haben."
        ),
        table(
            ("Kind", "Zeitraum", "Betrag"),
            (("1. Kind", f"ab {w.month(0)}", euro(259)),),
            align="llr",
        ),
        p("Mit freundlichen Grüßen"),
        p("Im Auftrag"),
        sign(None, w.stranger()),
        *notices(w, chance=0.7),
        info=(("Kindergeld-Nr.", w.serial("###FK######")),),
    )


def wohngeld(w: Writing) -> Sheet:
    """A decision on another social benefit."""
    return w.printed(
        w.business(
            ("Stadt Okenbüll – Wohngeldbehörde", "Fachdienst Soziales"),
            ("Agentur für Arbeit Nordermarsch", "Operativer Service"),
        ),
        (w.pick("Bewilligungsbescheid Arbeitslosengeld", "Wohngeldbescheid"), w.mention()),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"auf den Antrag vom {w.some_day(-60, -30)} wird die Leistung für die Zeit vom "
            f"{w.first_of(-1)} bis {w.first_of(5)} in Höhe von {euro(w.amount(90, 820))} monatlich "
            "bewilligt."
        ),
        p("Rechtsbehelfsbelehrung", bold=True),
        p(
            "Gegen diesen Bescheid ist innerhalb eines Monats nach Bekanntgabe Widerspruch "
            "zulässig."
        ),
        sign(None, w.stranger()),
        *notices(w, chance=0.4),
    )


def rente(w: Writing) -> Sheet:
    """A decision of the pension insurance."""
    return w.printed(
        w.business(("Deutsche Rentenversicherung Watt und Geest", "Sicherheit für Generationen")),
        (
            w.pick("Rentenbescheid", "Bescheid über Rente wegen voller Erwerbsminderung"),
            w.mention(),
        ),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"die Rente beginnt am {w.first_of(1)}. Laufende monatliche Zahlung: "
            f"{euro(w.amount(480, 1180))}. Für die Zeit bis zum Beginn der laufenden Zahlung "
            "besteht eine Nachzahlung, die vorläufig nicht ausgezahlt wird."
        ),
        pairs(
            ("Bruttorente", euro(w.amount(600, 1300))),
            ("Beitragsanteil KV", euro(w.amount(40, 95))),
            ("Beitragsanteil PV", euro(w.amount(15, 40))),
        ),
        p("Mit freundlichen Grüßen"),
        sign(None, "Dieses Schreiben ist ohne Unterschrift gültig."),
        *_pension_annexes(w),
        *notices(w),
        info=(("Kennzeichen", w.serial("53 ###### X ###")),),
    )


def _pension_annexes(w: Writing) -> tuple[Block, ...]:
    """How the pension was worked out, year by year."""
    first = w.day.year - w.rng.randint(12, 30)
    rows = [
        (
            f"01.01.{year} – 31.12.{year}",
            w.pick("Pflichtbeitragszeit", "Pflichtbeitragszeit", "Arbeitslosigkeit", "Krankheit"),
            euro(w.amount(4000, 29000)),
            f"{w.amount(0.1, 0.9):.4f}".replace(".", ","),
        )
        for year in range(first, w.day.year)
    ]
    return (
        page_break(),
        p("Anlage: Versicherungsverlauf", bold=True),
        table(("Zeitraum", "Art", "Entgelt", "Punkte"), rows, widths=(4, 4, 3, 2), align="llrr"),
    )


def erstattungsanspruch(w: Writing) -> Sheet:
    """Another body asks for reimbursement."""
    return w.printed(
        w.business(
            ("Deutsche Rentenversicherung Watt und Geest", "Sicherheit für Generationen"),
            ("Familienkasse Nordland", "Kindergeld und Kinderzuschlag"),
        ),
        ("Erstattungsanspruch nach §§ 102 ff. SGB X", w.mention()),
        p("Sehr geehrte Damen und Herren,"),
        p(
            "für die genannte Person besteht hier ein Leistungsanspruch. Wir bitten um Mitteilung "
            f"bis zum {w.on(21)}, ob und in welcher Höhe Sie einen Erstattungsanspruch nach § 104 "
            "SGB X geltend machen, und um Bezifferung nach Monaten."
        ),
        table(
            ("Monat", "Anspruch hier", "Ihr Erstattungsanspruch"),
            [(w.month(-i), euro(w.amount(80, 300)), "") for i in range(4, 0, -1)],
            align="lrr",
        ),
        p("Mit freundlichen Grüßen"),
        sign(None, w.stranger()),
    )


def unterhalt(w: Writing) -> Sheet:
    """The youth office on maintenance."""
    return w.printed(
        w.business(("Landkreis Friesenkoog – Jugendamt", "Fachdienst Unterhaltsvorschuss")),
        ("Unterhaltsvorschuss", w.mention()),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"für das Kind wird Unterhaltsvorschuss nach dem UhVorschG ab {w.first_of(0)} in Höhe "
            f"von {euro(w.pick(227, 299, 394))} monatlich gewährt. Die Unterhaltsansprüche gegen "
            "den anderen Elternteil sind auf das Land übergegangen."
        ),
        p("Bitte teilen Sie mit, ob Sie vorgeleistet haben."),
        sign(None, w.stranger()),
    )


def steuerbescheid(w: Writing) -> Sheet:
    """An income-tax assessment; it bears a tax id, which must never be indexed."""
    year = w.day.year - 1
    return w.printed(
        w.business(("Finanzamt Marschenhude", "Steuerbezirk 7")),
        (f"Bescheid für {year} über Einkommensteuer", w.mention()),
        p("Festsetzung", bold=True),
        table(
            ("", "Einkommensteuer", "Solidaritätszuschlag"),
            (
                ("festgesetzt werden", euro(w.amount(0, 900)), euro(0)),
                ("ab Steuerabzug vom Lohn", euro(w.amount(900, 1400)), euro(0)),
                ("verbleibende Beträge (Erstattung)", euro(-w.amount(120, 700)), euro(0)),
            ),
            widths=(4, 2, 2),
            align="lrr",
        ),
        p(f"Das Guthaben wird erstattet auf das Konto, das in der Steuererklärung {year} steht."),
        p("Der Bescheid ist nach § 165 Abs. 1 AO teilweise vorläufig."),
        info=(
            ("Steuernummer", w.serial("29/###/#####")),
            ("IdNr.", w.pick(*_TAX_IDS)),
        ),
    )


def aufenthalt(w: Writing) -> Sheet:
    """The immigration office issues a fiction certificate."""
    return w.printed(
        w.business(("Landkreis Friesenkoog – Ausländerbehörde", "Fachdienst Zuwanderung")),
        (w.pick("Fiktionsbescheinigung", "Verlängerung der Aufenthaltserlaubnis"), w.mention()),
        p(
            f"Der Antrag auf Verlängerung des Aufenthaltstitels ist am {w.some_day(-15, -5)} "
            "eingegangen. Bis zur Entscheidung gilt die Aufenthaltserlaubnis als fortbestehend "
            "(Fiktionsbescheinigung nach § 81 Abs. 4 AufenthG). Die Erwerbstätigkeit ist erlaubt."
        ),
        p(f"Gültig bis {w.on(120)}."),
        sign(None, w.stranger()),
        seal("Landkreis\nFriesenkoog"),
        bank=False,
    )


def meldebescheinigung(w: Writing) -> Sheet:
    """The registration office certifies the residence."""
    return w.printed(
        w.business(("Amt Grotenbrook – Einwohnermeldeamt", "Bürgerbüro")),
        ("Meldebescheinigung",),
        p("Amtliche Meldebestätigung nach § 24 Abs. 2 BMG", bold=True),
        pairs(
            ("Familienname", w.surname),
            ("Vornamen", w.first_name),
            *((("Geburtsdatum", w.birth_date),) if w.birth_date else ()),
            *((("Wohnung", f"{w.street}, {w.place}"),) if w.street else ()),
            ("Einzugsdatum", w.some_day(-40, -5)),
        ),
        sign(None, w.stranger()),
        seal("Amt\nGrotenbrook"),
        bank=False,
    )


def geburt(w: Writing) -> Sheet:
    """The register office on a birth."""
    return w.printed(
        w.business(("Standesamt Wittmoorsiel", "Stadt Wittmoorsiel")),
        ("Geburtsurkunde", "zur Beantragung von Sozialleistungen"),
        p(f"Geburtenregister Nr. G {w.serial('###')}/{w.day.year}"),
        pairs(
            ("Kind", f"{w.pick('Ella', 'Piet', 'Malia', 'Joris')} {w.surname}"),
            ("Geburtstag", w.some_day(-30, -8)),
            ("Geburtsort", "Wittmoorsiel"),
        ),
        p(f"Eltern: {w.mention()}"),
        sign(None, "Die Standesbeamtin"),
        seal("Standesamt\nWittmoorsiel"),
        bank=False,
    )


def insolvenz(w: Writing) -> Sheet:
    """A trustee asks for claims."""
    return w.printed(
        w.business(("Insolvenzverwaltung Kalle & Bruns", "Rechtsanwälte")),
        ("Insolvenzverfahren über das Vermögen", w.mention()),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"mit Beschluss des Amtsgerichts Grotenbrook vom {w.some_day(-12, -4)}, Az. "
            f"{w.serial('7 IK ##/YY')}, ist das Insolvenzverfahren eröffnet und die "
            "Unterzeichnerin "
            "zur Insolvenzverwalterin bestellt worden."
        ),
        p(f"Forderungen sind bis zum {w.on(40)} schriftlich anzumelden (§ 174 InsO)."),
        p("Mit freundlichen Grüßen"),
        sign(w.rng, "Rechtsanwältin als Insolvenzverwalterin"),
    )


def auskunftsersuchen(w: Writing) -> Sheet:
    """The police ask for data."""
    return w.printed(
        w.business(("Polizeidirektion Nordermarsch", "Kriminalkommissariat 2")),
        ("Auskunftsersuchen nach § 68 SGB X", w.mention()),
        p("Sehr geehrte Damen und Herren,"),
        p(
            "im Rahmen eines Ermittlungsverfahrens wird um Auskunft nach § 68 SGB X über "
            "derzeitige "
            "Anschrift, Aufenthalt und Arbeitgeber der genannten Person gebeten."
        ),
        p("Mit freundlichen Grüßen"),
        sign(w.rng, w.stranger(), "Kriminaloberkommissar"),
        info=(("Vorgangsnr.", w.serial("VG/######/YYYY")),),
        bank=False,
    )


def falsche_stelle(w: Writing) -> Sheet:
    """A letter for another office that was put into the wrong envelope."""
    made = w.private(
        w.pick("Kfz-Abmeldung", "Antrag auf Hundesteuerbefreiung", "Sperrmüll anmelden"),
        w.pick(
            "hiermit melde ich mein Auto ab, die Kennzeichen liegen bei. Bitte bestätigen Sie mir "
            "die Außerbetriebsetzung.",
            "mein Hund ist ein Blindenhund. Ich beantrage deshalb die Befreiung von der "
            "Hundesteuer.",
            "bitte holen Sie bei uns ein altes Sofa und zwei Schränke ab.",
        ),
    )
    other = w.pick(
        ("Kfz-Zulassungsstelle", "Am Hafen 20", "43761 Marschenhude"),
        ("Stadtkasse Okenbüll", "Steuerabteilung", "43741 Okenbüll"),
        ("Abfallwirtschaft Friesenkoog", "Deponieweg 1", "43783 Olderskoog"),
    )
    return replace(made, recipient=other)


def datenabgleich(w: Writing) -> Sheet:
    """A hit of an automated comparison, printed as a list."""
    return w.printed(
        w.business(("Datenstelle der Sozialleistungsträger", "Automatisierter Datenabgleich")),
        ("Datenabgleich nach § 52 SGB II: Überschneidungsmitteilung", w.mention()),
        p("Zu der genannten Person liegt eine Überschneidung vor:"),
        table(
            ("Art", "Zeitraum", "Stelle"),
            (
                (
                    w.pick("geringfügige Beschäftigung", "Kapitalerträge", "Rentenbezug"),
                    f"{w.first_of(-5)} bis {w.first_of(-2)}",
                    w.pick("Minijob-Zentrale", "Bundeszentralamt", "Rentenversicherung"),
                ),
            ),
            widths=(3, 3, 2),
        ),
        small("Maschinell erstellt, ohne Unterschrift gültig."),
        bank=False,
    )


KINDS = (
    Kind(schlagwort="kindergeld", function="leistung", write=kindergeld),
    Kind(schlagwort="sozialleistung", function="leistung", write=wohngeld),
    Kind(schlagwort="rente", function="leistung", copies=("vermittlung",), write=rente),
    Kind(schlagwort="erstattungsanspruch", function="leistung", write=erstattungsanspruch),
    Kind(schlagwort="datenabgleich", function="leistung", write=datenabgleich),
    Kind(
        schlagwort="unterhalt",
        function="unterhalt",
        copies=("leistung",),
        write=unterhalt,
        whom="child",
    ),
    Kind(schlagwort="steuerbescheid", function="leistung", write=steuerbescheid),
    Kind(schlagwort="aufenthalt", function="leistung", copies=("vermittlung",), write=aufenthalt),
    Kind(schlagwort="meldebescheinigung", function="leistung", write=meldebescheinigung),
    Kind(schlagwort="personenstand", function="leistung", write=geburt),
    Kind(schlagwort="insolvenz", function="forderung", copies=("leistung",), write=insolvenz),
    Kind(schlagwort="auskunftsersuchen", function="leitung", write=auskunftsersuchen),
    Kind(schlagwort="andere_stelle", function="scan", write=falsche_stelle, whom="stranger"),
)
