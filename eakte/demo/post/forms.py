"""Forms of the authority, filled in by hand: boxes, fields, tables, several pages."""

from __future__ import annotations

from eakte.demo import places
from eakte.demo.sheet import (
    Block,
    Sheet,
    box,
    checks,
    fields,
    h,
    p,
    page_break,
    rule,
    sign,
    small,
    table,
    write,
)
from eakte.demo.writing import Fact, Kind, Writing, euro

_HINT = "Eingangsstempel (nicht ausfüllen)"
_LAW = (
    "Die Angaben werden aufgrund der §§ 60 bis 65 SGB I und der §§ 67a ff. SGB X erhoben. Bitte "
    "beachten Sie die Hinweise zum Datenschutz auf dem beiliegenden Merkblatt."
)


def _person_fields(w: Writing) -> Block:
    return fields(
        (3, 3, 2),
        ("Familienname", w.surname),
        ("Vorname", w.first_name),
        ("Geburtsdatum", w.birth_date),
        ("Straße, Hausnummer", w.street),
        ("Postleitzahl, Wohnort", w.place),
        ("Telefon (freiwillig)", places.phone(w.rng) if w.rng.random() < 0.5 else ""),
    )


def _numbers(w: Writing) -> Block:
    return fields(
        (1, 1, 1),
        ("Nummer der Bedarfsgemeinschaft", w.number or ""),
        ("Kundennummer", w.customer_number),
        ("Dienststelle", places.OFFICE),
    )


def _yes_no(w: Writing, question: str, *, yes: float = 0.2) -> Block:
    answer = w.rng.random() < yes
    return checks(question, ("ja", answer), ("nein", not answer))


def _declaration(w: Writing) -> tuple[Block, ...]:
    return (
        p(
            "Ich bestätige, dass die Angaben richtig sind. Änderungen werde ich unaufgefordert "
            "melden."
        ),
        sign(w.rng, "Unterschrift", place=f"{w.site.seat[1]}, {w.on(0)}"),
    )


def weiterbewilligung(w: Writing) -> Sheet:
    """The application to go on, with income and housing costs, three pages."""
    rent, extra, heat = w.amount(310, 690), w.amount(60, 150), w.amount(55, 140)
    return Sheet(
        layout="form",
        head="Weiterbewilligungsantrag",
        claim="Antrag auf Weiterbewilligung der Leistungen nach dem SGB II",
        return_line=_HINT,
        running=f"Weiterbewilligungsantrag (WBA) {w.number or ''}".strip(),
        blocks=(
            small(_LAW),
            _numbers(w),
            h("1. Persönliche Daten der Antragstellerin / des Antragstellers", size=10.5),
            _person_fields(w),
            p(f"Mein derzeitiger Bewilligungszeitraum endet am {w.on(25)}."),
            h("2. Änderungen in den persönlichen Verhältnissen", size=10.5),
            _yes_no(w, "Haben sich Änderungen bei den Personen im Haushalt ergeben?"),
            _yes_no(w, "Ist eine Person der Bedarfsgemeinschaft schwanger?", yes=0.05),
            _yes_no(w, "Hat sich der Aufenthaltsstatus einer Person geändert?", yes=0.05),
            _yes_no(w, "Besteht ein Mehrbedarf, der noch nicht berücksichtigt ist?"),
            _yes_no(w, "Hat sich die Krankenversicherung geändert?", yes=0.1),
            page_break(),
            h("3. Einkommen", size=10.5),
            p("Bitte geben Sie alle Einnahmen an, auch einmalige."),
            table(
                ("Art des Einkommens", "Person", "Betrag im Monat"),
                (
                    ("Erwerbseinkommen (brutto)", "", w.pick("", "450,00", "556,00", "")),
                    ("Kindergeld", "", w.pick("", "259,00", "518,00")),
                    ("Unterhalt / Unterhaltsvorschuss", "", w.pick("", "301,00", "")),
                    ("Rente", "", ""),
                    ("Sonstiges", "", ""),
                ),
                widths=(5, 4, 3),
                hand=True,
            ),
            h("4. Vermögen", size=10.5),
            _yes_no(w, "Hat sich das Vermögen seit dem letzten Antrag geändert?", yes=0.1),
            _yes_no(w, "Besitzt eine Person ein Kraftfahrzeug?", yes=0.4),
            h("5. Kosten der Unterkunft und Heizung", size=10.5),
            table(
                ("Grundmiete", "Nebenkosten", "Heizkosten", "Summe"),
                (tuple(euro(v) for v in (rent, extra, heat, rent + extra + heat)),),
                hand=True,
            ),
            _yes_no(w, "Haben sich die Kosten der Unterkunft geändert?"),
            box(p("Raum für weitere Angaben:"), write(w.pick("keine", "siehe Anlage", "-"))),
            *_declaration(w),
        ),
    )


def erstantrag(w: Writing) -> Sheet:
    """The main application of somebody who has no case file yet."""
    return Sheet(
        layout="form",
        head="Hauptantrag",
        claim="Antrag auf Leistungen zur Sicherung des Lebensunterhalts nach dem SGB II",
        return_line=_HINT,
        running="Hauptantrag auf Leistungen nach dem SGB II",
        blocks=(
            small(_LAW),
            p("Ich stelle erstmals einen Antrag auf Leistungen nach dem SGB II."),
            h("A. Antragstellerin / Antragsteller", size=10.5),
            _person_fields(w),
            fields(
                (2, 2, 3),
                ("Geburtsname (soweit abweichend)", ""),
                ("Staatsangehörigkeit", w.pick("deutsch", "deutsch", "ukrainisch", "syrisch")),
                ("Geldinstitut, IBAN", places.iban(w.rng)),
            ),
            checks(
                "Familienstand",
                ("ledig", True),
                ("verheiratet", False),
                ("dauernd getrennt lebend", False),
                ("geschieden", False),
                columns=4,
            ),
            h("B. Weitere Personen im Haushalt", size=10.5),
            table(
                ("Name, Vorname", "Geburtsdatum", "Verwandtschaft"),
                (("", "", ""), ("", "", "")),
                hand=True,
            ),
            h("C. Einkommen und Vermögen", size=10.5),
            _yes_no(w, "Haben Sie zurzeit Einkommen?"),
            _yes_no(w, "Haben Sie Vermögen (Konten, Versicherungen, Kraftfahrzeug)?"),
            page_break(),
            h("D. Grund der Antragstellung", size=10.5),
            write(
                w.pick(
                    "Mein Arbeitslosengeld ist ausgelaufen.",
                    "Trennung, ich habe kein eigenes Einkommen.",
                    "Mein Betrieb musste schließen.",
                )
            ),
            h("E. Kosten der Unterkunft", size=10.5),
            table(
                ("Grundmiete", "Nebenkosten", "Heizkosten"),
                ((euro(w.amount(320, 560)), euro(w.amount(60, 130)), euro(w.amount(50, 120))),),
                hand=True,
            ),
            page_break(),
            h("Anlage VM: Vermögen", size=12),
            table(
                ("Art", "Bank, Versicherung", "Wert heute"),
                (
                    ("Girokonto", w.pick("Deichsparkasse", "Geestbank"), euro(w.amount(5, 900))),
                    ("Bargeld", "", euro(w.amount(0, 90))),
                    ("Sparbuch, Tagesgeld", "", w.pick("", "120,00 €")),
                    ("Lebensversicherung", "", ""),
                    ("Kraftfahrzeug", "", w.pick("", "ca. 1.500 €")),
                ),
                widths=(3, 4, 2),
                hand=True,
            ),
            _yes_no(w, "Haben Sie in den letzten zehn Jahren Vermögen verschenkt?", yes=0.05),
            page_break(),
            h("Anlage SV: Sozialversicherung", size=12),
            checks(
                "Krankenversicherung",
                ("gesetzlich pflichtversichert", True),
                ("freiwillig versichert", False),
                ("privat versichert", False),
                ("familienversichert", False),
            ),
            fields((2, 1), ("Krankenkasse", "Friesenkasse"), ("seit", w.first_of(-30))),
            *_declaration(w),
        ),
    )


def eks(w: Writing) -> Sheet:
    """Income of the self-employed (EKS)."""
    months = [w.month(i).split(" ", 1)[0][:3] for i in range(-6, 0)]

    def row(label: str, low: float, high: float) -> tuple[str, ...]:
        return (label, *(f"{w.amount(low, high):.2f}".replace(".", ",") for _ in months))

    return Sheet(
        layout="form",
        head="Anlage EKS",
        claim="Erklärung zum Einkommen aus selbständiger Tätigkeit, Gewerbebetrieb",
        return_line=_HINT,
        running="Anlage EKS",
        width=297,
        height=210,
        blocks=(
            _numbers(w),
            _person_fields(w),
            checks("", ("vorläufige Angaben", False), ("abschließende Angaben", True)),
            p(f"Art der Tätigkeit: {w.pick('Hausmeisterservice', 'Kosmetik', 'Kurierfahrten')}"),
            table(
                ("Betriebseinnahmen / -ausgaben", *months),
                (
                    row("Betriebseinnahmen", 300, 1400),
                    row("vereinnahmte Umsatzsteuer", 0, 90),
                    row("Wareneinkauf", 20, 180),
                    row("Kosten für Fahrzeug", 30, 160),
                    row("Telefon, Büro", 10, 50),
                    row("Gewinn", 120, 800),
                ),
                widths=(4, *([2] * len(months))),
                align="l" + "r" * len(months),
                hand=True,
            ),
            *_declaration(w),
        ),
    )


def mietbescheinigung(w: Writing) -> Sheet:
    """The landlord's certificate, a form filled in by the landlord."""
    return Sheet(
        layout="form",
        head="Mietbescheinigung",
        claim="Vom Vermieter auszufüllen – zur Vorlage beim Jobcenter Friesenkoog",
        return_line=_HINT,
        running="Mietbescheinigung",
        blocks=(
            _numbers(w),
            h("Mieterin / Mieter", size=10.5),
            _person_fields(w),
            h("Angaben zur Wohnung", size=10.5),
            fields(
                (1, 1, 1, 1),
                ("Wohnfläche in m²", str(w.rng.randint(36, 98))),
                ("Anzahl der Zimmer", str(w.rng.randint(1, 4))),
                ("Baujahr", str(w.rng.randint(1898, 2012))),
                ("Mietbeginn", w.first_of(-w.rng.randint(1, 60))),
            ),
            table(
                ("Grundmiete", "Betriebskosten", "Heizkosten", "Gesamtmiete"),
                (tuple(euro(w.amount(80, 640)) for _ in range(4)),),
                hand=True,
            ),
            checks(
                "Art der Heizung",
                ("Gas", True),
                ("Öl", False),
                ("Fernwärme", False),
                ("Strom", False),
                columns=4,
            ),
            checks("Warmwasser", ("zentral", True), ("dezentral", False)),
            rule(),
            p("Vermieter: Wohnungsverein Deichgraf eG, Speicherweg 8, 43761 Marschenhude"),
            sign(w.rng, "Unterschrift des Vermieters", place=f"Marschenhude, {w.on(0)}"),
        ),
    )


KINDS = (
    Kind(schlagwort="weiterbewilligung", function="leistung", write=weiterbewilligung),
    Kind(
        schlagwort="erstantrag",
        function="leistung",
        copies=("vermittlung",),
        write=erstantrag,
        whom="stranger",
        always=frozenset({Fact.NAME, Fact.BIRTH_DATE, Fact.ADDRESS}),
    ),
    Kind(schlagwort="selbstaendigkeit", function="leistung", write=eks),
    Kind(schlagwort="mietvertrag", function="leistung", write=mietbescheinigung),
)
