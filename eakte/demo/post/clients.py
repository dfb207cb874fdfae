"""Clients' own letters: typed at home, informal, to the point or not."""

from __future__ import annotations

from eakte.demo import places
from eakte.demo.sheet import Sheet, bullets, lines, p, table
from eakte.demo.writing import Kind, Writing, euro


def veraenderung(w: Writing) -> Sheet:
    """Somebody moves in or out."""
    who = w.pick("mein Sohn", "meine Tochter", "mein Partner", "meine Mutter")
    return w.private(
        w.pick("Veränderungsmitteilung", "Änderung in meinem Haushalt", "Mitteilung über Änderung"),
        w.pick(
            f"hiermit teile ich Ihnen mit, dass {who} zum {w.first_of(0)} aus der gemeinsamen "
            "Wohnung ausgezogen ist. Wir sind jetzt eine Person weniger im Haushalt.",
            f"ich möchte Ihnen eine Veränderung mitteilen: Seit dem {w.some_day(-20, -3)} wohnt "
            f"{who} bei mir. Bitte nehmen Sie die Person in die Bedarfsgemeinschaft auf.",
            f"in meinem Haushalt hat sich etwas geändert. Zum {w.first_of(1)} zieht {who} "
            "bei mir ein und lebt dann mit in der Bedarfsgemeinschaft.",
        ),
        w.pick(
            "Die Ummeldung beim Einwohnermeldeamt habe ich schon erledigt.",
            "Bitte schicken Sie mir einen neuen Bescheid.",
            "Welche Unterlagen brauchen Sie noch von mir?",
        ),
    )


def mitwirkung(w: Writing) -> Sheet:
    """Documents handed in later, without a word on what they are."""
    asked = w.some_day(-30, -12)
    return w.private(
        w.pick("Nachgereichte Unterlagen", f"Ihre Aufforderung zur Mitwirkung vom {asked}"),
        f"Sie haben mich mit Schreiben vom {asked} aufgefordert, noch fehlende Unterlagen "
        "einzureichen. Anbei erhalten Sie die angeforderten Unterlagen.",
        w.pick(
            "Sollte noch etwas fehlen, rufen Sie mich bitte an.",
            "Es hat leider etwas länger gedauert, weil der Drucker kaputt war. Ich bitte um "
            "Verständnis.",
            "Bitte bestätigen Sie mir den Eingang, damit die Zahlung nicht eingestellt wird.",
        ),
    )


def mehrbedarf(w: Writing) -> Sheet:
    """Additional need: single parent, diet or warm water."""
    return w.private(
        w.pick("Antrag auf Mehrbedarf", "Mehrbedarf nach § 21 SGB II"),
        w.pick(
            "hiermit beantrage ich den Mehrbedarf für Alleinerziehende nach § 21 Abs. 3 SGB II. "
            "Ich lebe mit meinem Kind allein und sorge allein für seine Pflege und Erziehung.",
            "ich beantrage einen Mehrbedarf wegen kostenaufwändiger Ernährung. Mein Arzt hat eine "
            "Zöliakie festgestellt, ich muss mich glutenfrei ernähren.",
            "in unserer Wohnung wird das Wasser mit einem Durchlauferhitzer warm gemacht. Deshalb "
            "beantrage ich den Mehrbedarf für dezentrale Warmwassererzeugung.",
        ),
        f"Bitte bewilligen Sie mir den Mehrbedarf ab dem {w.first_of(0)}.",
    )


def einmalige_leistung(w: Writing) -> Sheet:
    """First furnishing of a flat, baby equipment."""
    baby = w.rng.random() < 0.4
    if baby:
        subject = "Antrag auf Erstausstattung bei Geburt"
        items: tuple[str, ...] = ("Kinderwagen", "Kinderbett", "Wickelkommode", "Babykleidung")
        text = (
            "ich erwarte im nächsten Quartal ein Kind und beantrage dafür die Babyerstausstattung:"
        )
    else:
        subject = "Antrag auf Erstausstattung für die Wohnung"
        items = ("Bett mit Matratze", "Kühlschrank", "Herd", "Waschmaschine", "Tisch und 2 Stühle")
        text = (
            "nach meiner Trennung habe ich jetzt eine eigene Wohnung, aber keine Möbel. Ich "
            "beantrage die Erstausstattung nach § 24 Abs. 3 SGB II für folgende Sachen:"
        )
    return w.private(subject, text, bullets(*items), "Das Geld dafür habe ich nicht.")


def darlehen(w: Writing) -> Sheet:
    """Asks for a loan."""
    thing = w.pick("die Waschmaschine", "der Kühlschrank", "die Brille", "der Herd")
    return w.private(
        w.pick("Antrag auf ein Darlehen", "Bitte um ein Darlehen nach § 24 Abs. 1 SGB II"),
        f"bei mir ist {thing} kaputt gegangen und eine Reparatur lohnt sich nicht mehr. Aus dem "
        "Regelbedarf kann ich das nicht bezahlen, Ersparnisse habe ich keine.",
        f"Ich beantrage daher ein Darlehen in Höhe von {euro(w.amount(120, 600))}. Mit der "
        "Rückzahlung in kleinen Beträgen bin ich einverstanden.",
    )


def bildung_teilhabe(w: Writing) -> Sheet:
    """School trip, lunch, club or tutoring for a child."""
    school = w.pick("Grundschule am Siel", "Gemeinschaftsschule Okenbüll", "Kita Wattwürmer")
    return w.private(
        w.pick("Antrag auf Leistungen für Bildung und Teilhabe", "Bildung und Teilhabe"),
        w.pick(
            f"die Klasse meines Kindes an der {school} fährt vom {w.on(40)} bis {w.on(44)} auf "
            f"Klassenfahrt. Die Kosten betragen {euro(w.amount(140, 420))}. Ich beantrage die "
            "Übernahme aus dem Bildungspaket.",
            f"mein Kind isst in der {school} zu Mittag. Ich beantrage die Übernahme der Kosten für "
            f"das gemeinschaftliche Mittagessen ab {w.month(1)}.",
            "mein Kind braucht in Mathematik Nachhilfe, sonst ist die Versetzung gefährdet. Ich "
            "beantrage Lernförderung. Die Bestätigung der Lehrerin liegt bei.",
            "mein Kind ist jetzt im Sportverein TSV Deichkante. Ich beantrage den monatlichen "
            "Betrag für Vereinsbeiträge (soziale und kulturelle Teilhabe).",
        ),
        f"Es geht um {w.name}" + (f", geb. {w.birth_date}." if w.birth_date else "."),
    )


def umzug(w: Writing) -> Sheet:
    """Asks for consent to a new flat."""
    return w.private(
        w.pick("Antrag auf Zusicherung zum Umzug", "Neue Wohnung – bitte um Zusicherung"),
        "ich habe eine neue Wohnung gefunden und bitte vor Unterschrift des Mietvertrags um die "
        "Zusicherung nach § 22 Abs. 4 SGB II.",
        lines(
            f"Größe: {w.rng.randint(38, 92)} m²",
            f"Kaltmiete: {euro(w.amount(310, 720))}",
            f"Nebenkosten: {euro(w.amount(70, 160))}",
            f"Heizkosten: {euro(w.amount(60, 150))}",
        ),
        w.pick(
            "Auch beantrage ich die Umzugskosten und die Mietkaution als Darlehen.",
            "Der Vermieter hält die Wohnung nur bis Ende nächster Woche für mich frei.",
        ),
    )


def mittellos(w: Writing) -> Sheet:
    """No money for food."""
    return w.private(
        w.pick(
            "Mittellos – bitte um Vorschuss", "EILT! Ich habe kein Geld mehr", "Mittellosigkeit"
        ),
        w.pick(
            "ich bin völlig mittellos. Mein Konto ist leer und ich habe nichts mehr zu essen im "
            "Haus. Ich beantrage sofort einen Vorschuss.",
            "das Geld für diesen Monat ist nicht auf meinem Konto. Ich kann keine Lebensmittel "
            "mehr kaufen und bitte dringend um eine Barauszahlung oder einen "
            "Lebensmittelgutschein.",
        ),
        "Bitte melden Sie sich heute noch bei mir.",
    )


def bankverbindung(w: Writing) -> Sheet:
    """A new account."""
    return w.private(
        w.pick("Neue Bankverbindung", "Änderung meiner Kontoverbindung"),
        f"ich habe die Bank gewechselt. Bitte überweisen Sie die Leistungen ab {w.month(1)} auf "
        "mein neues Konto:",
        lines(
            f"Kontoinhaber: {w.name}",
            f"IBAN: {places.iban(w.rng)}",
            w.pick("Geestbank eG", "Deichsparkasse Friesenkoog", "Nordlicht Direktbank"),
        ),
        "Das alte Konto wird zum Monatsende aufgelöst.",
    )


def ortsabwesenheit(w: Writing) -> Sheet:
    """Asks for leave."""
    return w.private(
        w.pick("Antrag auf Ortsabwesenheit", "Urlaub / Ortsabwesenheit"),
        f"ich möchte vom {w.on(20)} bis zum {w.on(20 + w.rng.randint(6, 20))} zu meiner Familie "
        "fahren und bitte um Zustimmung zur Ortsabwesenheit.",
        w.pick(
            "In dieser Zeit habe ich keine Termine. Nach meiner Rückkehr melde ich mich bei Ihnen.",
            "Ich bin über mein Handy erreichbar.",
        ),
    )


def meldetermin(w: Writing) -> Sheet:
    """Cancels or explains a missed appointment."""
    return w.private(
        w.pick("Mein Termin bei Ihnen", "Einladung – Absage des Termins", "Termin versäumt"),
        w.pick(
            f"Sie haben mich für den {w.some_day(2, 9)} um {w.rng.randint(8, 11)}:30 Uhr "
            "eingeladen. Den Meldetermin kann ich leider nicht wahrnehmen, weil mein Kind "
            "an diesem Tag operiert wird. Bitte geben Sie mir einen neuen Termin.",
            f"den Termin am {w.some_day(-6, -1)} habe ich versäumt. Der Bus ist ausgefallen und "
            "ich habe bei Ihnen niemanden erreicht. Ich bitte das zu entschuldigen und um einen "
            "neuen Termin.",
        ),
    )


def bewerbung(w: Writing) -> Sheet:
    """Proof of job applications as a table."""
    jobs = ("Verkäufer/in", "Lagerhelfer/in", "Küchenhilfe", "Reinigungskraft", "Produktionshelfer")
    firms = (
        "Krämer am Siel",
        "Nordlogistik",
        "Hotel Kiek ut",
        "Putzblank GmbH",
        "Fischfeinkost Ax",
    )
    answers = ("Absage", "noch keine Antwort", "Vorstellungsgespräch", "Absage")
    rows = [
        (w.some_day(-40, -2), w.rng.choice(firms), w.rng.choice(jobs), w.rng.choice(answers))
        for _ in range(w.rng.randint(5, 9))
    ]
    return w.private(
        f"Nachweis meiner Eigenbemühungen für {w.month(-1)}",
        "anbei die Liste meiner Bewerbungen aus dem letzten Monat:",
        table(("Datum", "Firma", "Stelle", "Ergebnis"), rows, widths=(2, 4, 4, 4)),
        "Die Absagen habe ich in Kopie beigelegt.",
    )


def rueckruf(w: Writing) -> Sheet:
    """A letter that says nothing clear: for the desk."""
    return w.private(
        w.pick("Frage", "Bitte um Rückruf", "Mein Anliegen"),
        w.pick(
            "ich habe schon dreimal angerufen und keiner geht ran. Bitte rufen Sie mich zurück.",
            "könnten Sie mir bitte sagen, wer jetzt für mich zuständig ist? Bisher war es Frau "
            "Meinert, die ist aber wohl nicht mehr da.",
        ),
        "Danke.",
    )


def beschwerde(w: Writing) -> Sheet:
    """A complaint about the service."""
    return w.private(
        w.pick("Beschwerde", "Dienstaufsichtsbeschwerde"),
        w.pick(
            f"hiermit beschwere ich mich über Ihre Mitarbeiterin. Am {w.some_day(-9, -2)} wurde "
            "ich "
            "am Empfang vor allen Leuten angeschrien. So möchte ich nicht behandelt werden.",
            "ich beschwere mich über die Bearbeitung in Ihrem Haus. Seit acht Wochen bekomme ich "
            "auf keine Frage eine Antwort, am Telefon werde ich aus der Leitung geworfen.",
        ),
        "Ich erwarte eine Stellungnahme der Leitung.",
    )


def auskunft_dsgvo(w: Writing) -> Sheet:
    """A data-protection request."""
    return w.private(
        w.pick("Auskunft nach Art. 15 DSGVO", "Antrag auf Auskunft über meine Daten"),
        "ich bitte um Auskunft nach Art. 15 DSGVO, welche personenbezogenen Daten Sie über mich "
        "gespeichert haben, woher sie stammen und an wen sie weitergegeben wurden.",
        "Bitte senden Sie mir eine Kopie der Daten innerhalb eines Monats.",
    )


def ratenzahlung(w: Writing) -> Sheet:
    """Asks to pay back in instalments."""
    total = w.amount(180, 2400)
    return w.private(
        w.pick("Ratenzahlung", "Bitte um Ratenzahlung / Stundung", "Antrag auf Stundung"),
        f"ich soll {euro(total)} an das Jobcenter zurückzahlen. In einer Summe kann ich das nicht.",
        w.pick(
            f"Ich biete Ihnen eine Ratenzahlung von monatlich {euro(w.rng.choice((10, 20, 30)))} "
            f"ab dem {w.first_of(1)} an.",
            f"Ich bitte um Stundung der Forderung bis zum {w.first_of(6)}, danach kann ich Raten "
            "zahlen.",
        ),
    )


def hinweis_dritter(w: Writing) -> Sheet:
    """A tip from somebody who does not sign."""
    text = w.pick(
        f"{w.titled} bekommt Geld vom Amt und arbeitet jeden Tag schwarz auf dem Bau. Alle im Dorf "
        "wissen das. Prüfen Sie das mal.",
        f"ich will nicht genannt werden. {w.titled} lebt schon lange mit dem Freund zusammen, "
        "das Auto steht jede Nacht da. Von wegen alleinerziehend.",
    )
    where = f"Es geht um {w.mention()}." if w.birth_date or w.street else ""
    return Sheet(
        layout="private",
        sender=("",),
        recipient=("An das Jobcenter",),
        subject=("Hinweis auf Sozialbetrug",),
        blocks=(p(text), *((p(where),) if where else ()), p("Ein ehrlicher Steuerzahler")),
    )


KINDS = (
    Kind(schlagwort="veraenderung", function="leistung", write=veraenderung),
    Kind(schlagwort="mitwirkung", function="leistung", write=mitwirkung),
    Kind(schlagwort="mehrbedarf", function="leistung", write=mehrbedarf),
    Kind(schlagwort="einmalige_leistung", function="leistung", write=einmalige_leistung),
    Kind(schlagwort="darlehen", function="leistung", write=darlehen),
    Kind(schlagwort="bildung_teilhabe", function="but", write=bildung_teilhabe, whom="child"),
    Kind(schlagwort="umzug", function="leistung", write=umzug),
    Kind(schlagwort="mittellos", function="leistung", write=mittellos),
    Kind(schlagwort="bankverbindung", function="leistung", write=bankverbindung),
    Kind(
        schlagwort="ortsabwesenheit",
        function="vermittlung",
        copies=("leistung",),
        write=ortsabwesenheit,
        whom="adult",
    ),
    Kind(schlagwort="meldetermin", function="vermittlung", write=meldetermin, whom="adult"),
    Kind(schlagwort="bewerbung", function="vermittlung", write=bewerbung, whom="adult"),
    Kind(schlagwort="sonstiges", function="leistung", write=rueckruf),
    Kind(schlagwort="beschwerde", function="leitung", write=beschwerde),
    Kind(schlagwort="auskunft_dsgvo", function="datenschutz", write=auskunft_dsgvo),
    Kind(schlagwort="ratenzahlung", function="forderung", write=ratenzahlung),
    Kind(schlagwort="hinweis_dritter", function="leitung", write=hinweis_dritter, numberless=True),
)
