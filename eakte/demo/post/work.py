"""Employers, training providers, banks and schools."""

from __future__ import annotations

from eakte.demo import places
from eakte.demo.sheet import Sheet, fields, h, p, pairs, sign, small, space, table
from eakte.demo.writing import Kind, Writing, euro

_FIRMS = (
    ("Nordlogistik Friesenkoog GmbH", "Lager · Transport · Versand"),
    ("Hotel Kiek ut", "Familie Brodersen"),
    ("Fischfeinkost Ax KG", "seit 1908"),
    ("Pflegedienst Sonnendeich", "ambulant und persönlich"),
    ("Putzblank Gebäudedienste GmbH", ""),
)
_SCHOOLS = (
    ("Gemeinschaftsschule Okenbüll", "mit Oberstufe"),
    ("Berufsbildungszentrum Marschenhude", "Anstalt öffentlichen Rechts"),
)


def arbeitsvertrag(w: Writing) -> Sheet:
    """A contract of employment, two or three pages."""
    firm = w.business(*_FIRMS)
    wage = w.amount(13.9, 18.5)
    home = f"\n{w.street}, {w.place}" if w.street else ""
    return Sheet(
        layout="bare",
        running=f"Arbeitsvertrag {w.name}",
        page_number=True,
        blocks=(
            h("Arbeitsvertrag", size=16, centre=True),
            p("zwischen", centre=True),
            p(f"{firm.name}, {firm.street}, {firm.postcode} {firm.city}", centre=True),
            p("– nachfolgend Arbeitgeber –", centre=True),
            p("und", centre=True),
            p(w.titled + (f", geb. {w.birth_date}" if w.birth_date else "") + home, centre=True),
            p("– nachfolgend Arbeitnehmer/in –", centre=True),
            *((p(f"(Jobcenter, BG-Nr. {w.number})", centre=True),) if w.number else ()),
            *(
                (p(f"(Kundennummer {w.customer_number})", centre=True),)
                if w.customer_number
                else ()
            ),
            h("§ 1 Beginn des Arbeitsverhältnisses", size=10.5),
            p(f"Das Arbeitsverhältnis beginnt am {w.first_of(1)}. Die Probezeit beträgt 6 Monate."),
            h("§ 2 Tätigkeit", size=10.5),
            p(
                "Eingestellt wird als "
                f"{w.pick('Lagerhelfer/in', 'Küchenhilfe', 'Reinigungskraft')}."
                " Der Arbeitgeber kann eine andere zumutbare Tätigkeit zuweisen."
            ),
            h("§ 3 Arbeitszeit", size=10.5),
            p(
                f"Die regelmäßige Arbeitszeit beträgt {w.pick(15, 20, 25, 30, 38)} Stunden die "
                "Woche."
            ),
            h("§ 4 Vergütung", size=10.5),
            p(f"Der Stundenlohn beträgt {euro(wage)} brutto, zahlbar zum 10. des Folgemonats."),
            h("§ 5 Urlaub", size=10.5),
            p("Der Urlaub beträgt 26 Arbeitstage im Kalenderjahr."),
            h("§ 6 Kündigung", size=10.5),
            p(
                "Das Arbeitsverhältnis kann von beiden Seiten gekündigt werden. Die Kündigung "
                "bedarf "
                "der Schriftform (§ 623 BGB). Nach Zugang einer Kündigung kann der Arbeitgeber "
                "unter Fortzahlung der Vergütung von der Arbeit freistellen."
            ),
            p("In der Probezeit gilt eine Frist von zwei Wochen, danach die gesetzliche Frist."),
            h("§ 7 Arbeitsverhinderung", size=10.5),
            p(
                "Jede Arbeitsverhinderung ist unverzüglich anzuzeigen. Bei Erkrankung ist "
                "spätestens "
                "am vierten Kalendertag die Arbeitsunfähigkeit ärztlich feststellen zu lassen."
            ),
            h("§ 8 Verschwiegenheit", size=10.5),
            p("Über betriebliche Angelegenheiten ist auch nach dem Ausscheiden zu schweigen."),
            h("§ 9 Verfallfristen", size=10.5),
            p(
                "Ansprüche aus dem Arbeitsverhältnis verfallen, wenn sie nicht innerhalb von drei "
                "Monaten nach Fälligkeit in Textform geltend gemacht werden. Das gilt nicht für "
                "den "
                "gesetzlichen Mindestlohn."
            ),
            h("§ 10 Schlussbestimmungen", size=10.5),
            p("Nebenabreden bestehen nicht. Änderungen bedürfen der Textform."),
            space(4),
            sign(w.rng, firm.name, place=f"{firm.city}, {w.on(-2)}"),
            sign(w.rng, w.name),
        ),
    )


def kuendigung(w: Writing) -> Sheet:
    """An employer gives notice."""
    firm = w.business(*_FIRMS)
    return w.printed(
        firm,
        ("Kündigung Ihres Arbeitsverhältnisses",),
        p(f"Sehr geehrte{w.by_gender(' Frau', 'r Herr')} {w.surname},"),
        p(
            f"hiermit kündigen wir das mit Ihnen bestehende Arbeitsverhältnis "
            f"{w.pick('fristgerecht', 'innerhalb der Probezeit')} zum {w.on(20)}, hilfsweise zum "
            "nächstmöglichen Termin."
        ),
        p(
            "Wir weisen Sie darauf hin, dass Sie sich unverzüglich bei der Agentur für Arbeit "
            "arbeitsuchend melden müssen (§ 38 SGB III). Ihr Zeugnis senden wir Ihnen zu."
        ),
        p("Mit freundlichen Grüßen"),
        sign(w.rng, w.stranger(), "Personalabteilung"),
        small(f"Betrifft: {w.mention()}. In Kopie an das Jobcenter."),
        info=(("Personalnummer", w.serial("####")),),
    )


def lohnabrechnung(w: Writing) -> Sheet:
    """A pay slip full of numbers."""
    firm = w.business(*_FIRMS)
    gross = w.amount(320, 1680)
    health, care, pension = gross * 0.0835, gross * 0.0235, gross * 0.093
    net = gross - health - care - pension
    return Sheet(
        layout="form",
        head="Abrechnung der Brutto/Netto-Bezüge",
        claim=f"{firm.name} · {firm.street} · {firm.postcode} {firm.city}",
        return_line=f"für {w.month(-1)}",
        blocks=(
            fields(
                (3, 2, 2, 2),
                ("Arbeitnehmer/in", w.name),
                ("Geburtsdatum", w.birth_date),
                ("Personal-Nr.", w.serial("0####")),
                ("Steuerklasse", w.pick("1", "2", "5")),
                ("Anschrift", w.street),
                ("", w.place),
                ("Eintritt", w.first_of(-w.rng.randint(2, 30))),
                ("SV-Schlüssel", "1111"),
                typed=True,
            ),
            *((p(f"Ihr Zeichen: {w.number}"),) if w.number else ()),
            *((p(f"Kundennummer Jobcenter: {w.customer_number}"),) if w.customer_number else ()),
            h(f"Lohnabrechnung {w.month(-1)}", size=10.5),
            table(
                ("Lohnart", "Bezeichnung", "Menge", "Faktor", "Betrag"),
                (
                    ("1000", "Stundenlohn", "", "", euro(gross * 0.93)),
                    ("1200", "Zuschläge", "", "", euro(gross * 0.07)),
                    ("", "Gesamtbrutto", "", "", euro(gross)),
                ),
                widths=(1.5, 4, 2, 2, 3),
                align="llrrr",
            ),
            table(
                ("Abzüge", "Brutto", "AN-Anteil"),
                (
                    ("Lohnsteuer", euro(gross), euro(0)),
                    ("Krankenversicherung", euro(gross), euro(health)),
                    ("Pflegeversicherung", euro(gross), euro(care)),
                    ("Rentenversicherung", euro(gross), euro(pension)),
                ),
                widths=(4, 2, 2),
                align="lrr",
            ),
            pairs(("Nettoverdienst", euro(net)), ("Auszahlungsbetrag", euro(net)), bold=True),
            small(f"Überweisung auf IBAN {places.iban(w.rng)} zum {w.on(-3)}"),
        ),
    )


def kontoauszug(w: Writing) -> Sheet:
    """A bank statement over one or two pages."""
    balance = w.amount(-80, 620)
    start = balance
    payees = (
        ("LASTSCHRIFT Krämer am Siel", -78, -9),
        ("DAUERAUFTRAG Miete", -620, -390),
        ("LASTSCHRIFT Küstenenergie Abschlag", -96, -45),
        ("KARTENZAHLUNG Drogerie Anker", -34, -4),
        ("GUTSCHRIFT Landkreis Friesenkoog Leistungen", 410, 980),
        ("LASTSCHRIFT Mobilfunk", -25, -8),
        ("GELDAUTOMAT Okenbüll", -150, -20),
        ("GUTSCHRIFT Familienkasse Kindergeld", 259, 259),
    )
    rows = []
    for offset in sorted(w.rng.choices(range(-32, -2), k=w.rng.randint(14, 75))):
        text, low, high = w.rng.choice(payees)
        value = w.amount(low, high)
        balance += value
        rows.append((w.on(offset), w.on(offset), text, euro(value)))
    return Sheet(
        layout="form",
        head="Kontoauszug",
        claim=w.pick("Deichsparkasse Friesenkoog", "Geestbank eG", "Nordlicht Direktbank"),
        return_line=f"Auszug {w.rng.randint(1, 12)}/{w.day.year}\nBlatt 1",
        running=f"Kontoauszug {w.name}",
        page_number=True,
        blocks=(
            pairs(
                ("Kontoinhaber", w.name),
                *((("Anschrift", f"{w.street}, {w.place}"),) if w.street else ()),
                *((("Geburtsdatum", w.birth_date),) if w.birth_date else ()),
                ("IBAN", places.iban(w.rng)),
                *w.references(label="BG-Nummer"),
            ),
            p(f"Alter Kontostand vom {w.on(-33)}: {euro(start)}", bold=True),
            table(
                ("Buchung", "Wertstellung", "Verwendungszweck", "Betrag"),
                rows,
                widths=(2.2, 2.2, 6, 2.5),
                align="lllr",
                ruled=False,
            ),
            p(f"Neuer Kontostand vom {w.on(-2)}: {euro(balance)}", bold=True),
            small("Bitte prüfen Sie die Buchungen. Einwendungen innerhalb von sechs Wochen."),
        ),
    )


def schulbescheinigung(w: Writing) -> Sheet:
    """A school certificate."""
    return w.printed(
        w.business(*_SCHOOLS),
        ("Schulbescheinigung",),
        p(w.mention(), bold=True),
        p(
            f"besucht im Schuljahr {w.day.year}/{w.day.year + 1} unsere Schule in der Klasse "
            f"{w.rng.randint(1, 12)}{w.pick('a', 'b', 'c')}. Die Schulzeit endet voraussichtlich "
            "am "
            f"31.07.{w.day.year + w.rng.randint(1, 5)}."
        ),
        p("Diese Bescheinigung wird zur Vorlage beim Jobcenter ausgestellt."),
        sign(w.rng, "Sekretariat"),
        bank=False,
    )


def massnahme(w: Writing) -> Sheet:
    """A training provider reports attendance."""
    days = [
        (w.on(-offset), w.pick("anwesend", "anwesend", "anwesend", "krank", "unentschuldigt"))
        for offset in range(12, 2, -1)
    ]
    return w.printed(
        w.business(("Bildungswerk Leuchtfeuer gGmbH", "Qualifizieren. Begleiten. Ankommen.")),
        ("Teilnehmerbericht Maßnahme „Neustart Beruf“", w.mention()),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"{w.titled} nimmt seit dem {w.on(-30)} an unserer Maßnahme nach § 45 SGB III teil. "
            "Die "
            "Anwesenheit in den letzten Tagen:"
        ),
        table(("Tag", "Anwesenheit"), days, widths=(1, 2)),
        p(w.pick("Die Mitarbeit ist gut.", "Wir bitten um ein Gespräch zu dritt.")),
        p("Mit freundlichen Grüßen"),
        sign(w.rng, w.stranger(), "Maßnahmeleitung"),
    )


def foerderantrag(w: Writing) -> Sheet:
    """Asks for the driving licence to be paid."""
    return w.private(
        w.pick("Antrag auf Förderung aus dem Vermittlungsbudget", "Förderung Führerschein"),
        w.pick(
            "ich kann bei einem Pflegedienst anfangen, brauche dafür aber den Führerschein "
            "Klasse B. "
            f"Die Fahrschule kostet {euro(w.amount(2600, 3900))}. Ich beantrage die Übernahme aus "
            "dem Vermittlungsbudget (§ 44 SGB III).",
            f"am {w.some_day(5, 15)} habe ich ein Vorstellungsgespräch in Hamburg. Ich beantrage "
            "die Fahrkosten aus dem Vermittlungsbudget.",
        ),
        "Bitte geben Sie mir vor dem Termin Bescheid.",
    )


KINDS = (
    Kind(
        schlagwort="arbeitsaufnahme",
        function="vermittlung",
        copies=("leistung",),
        write=arbeitsvertrag,
        whom="adult",
    ),
    Kind(
        schlagwort="kuendigung_arbeit",
        function="vermittlung",
        copies=("leistung",),
        write=kuendigung,
        whom="adult",
    ),
    Kind(schlagwort="lohnabrechnung", function="leistung", write=lohnabrechnung, whom="adult"),
    Kind(schlagwort="kontoauszug", function="leistung", write=kontoauszug),
    Kind(
        schlagwort="schulbescheinigung",
        function="leistung",
        copies=("vermittlung",),
        write=schulbescheinigung,
        whom="child",
    ),
    Kind(schlagwort="massnahme", function="vermittlung", write=massnahme, whom="adult"),
    Kind(schlagwort="foerderantrag", function="vermittlung", write=foerderantrag, whom="adult"),
)
