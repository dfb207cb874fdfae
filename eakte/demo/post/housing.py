"""Landlords and suppliers: rent, arrears, heating bills, threats to cut off, invoices."""

from __future__ import annotations

from eakte.demo.post.overleaf import flats_compared, terms
from eakte.demo.sheet import Sheet, h, p, page_break, pairs, sign, small, table
from eakte.demo.writing import Kind, Writing, euro

_LANDLORDS = (
    ("Wohnungsverein Deichgraf eG", "Wohnen am Wasser seit 1921"),
    ("Hausverwaltung Brinkmann", "Verwaltung von Miet- und Eigentumswohnungen"),
    ("Marsch & Geest Wohnbau GmbH", ""),
)
_SUPPLIERS = (
    ("Küstenenergie Friesenkoog GmbH", "Strom · Gas · Wärme"),
    ("Stadtwerke Okenbüll", "Ein Betrieb der Stadt Okenbüll"),
)


def mieterhoehung(w: Writing) -> Sheet:
    """The landlord raises the rent."""
    old = w.amount(320, 560)
    new = round(old * w.rng.uniform(1.04, 1.15), 2)
    return w.printed(
        w.business(*_LANDLORDS),
        ("Mieterhöhung", f"Mietverhältnis {w.mention(address=False)}, Wohnung {w.flat()}"),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"wir informieren Sie auf Wunsch {w.by_gender('unserer Mieterin', 'unseres Mieters')} "
            "über die Anpassung der Miete bis zur ortsüblichen Vergleichsmiete (§ 558 BGB)."
        ),
        table(
            ("", "bisher", f"ab {w.first_of(3)}"),
            (
                ("Grundmiete", euro(old), euro(new)),
                ("Betriebskosten", euro(96), euro(96)),
                ("Heizkosten", euro(84), euro(84)),
                ("Gesamtmiete", euro(old + 180), euro(new + 180)),
            ),
            widths=(4, 2, 2),
            align="lrr",
        ),
        p(
            f"Die Mieterhöhung beträgt {euro(new - old)} im Monat. Wir bitten, die neue Miete ab "
            f"dem {w.first_of(3)} zu überweisen."
        ),
        p("Mit freundlichen Grüßen"),
        sign(w.rng, w.stranger()),
        *(flats_compared(w) if w.rng.random() < 0.6 else ()),
    )


def mietschulden(w: Writing) -> Sheet:
    """Arrears and termination without notice."""
    monthly = w.amount(410, 720)
    months = (w.month(-2), w.month(-1), w.month(0))
    return w.printed(
        w.business(*_LANDLORDS),
        ("Fristlose Kündigung wegen Mietrückstand", w.mention(address=False)),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"das Mietverhältnis mit {w.titled_object} über die Wohnung {w.flat()} haben wir heute "
            "wegen Zahlungsverzugs fristlos gekündigt. Es bestehen folgende Mietschulden:"
        ),
        table(
            ("Monat", "Soll", "Gezahlt", "Rückstand"),
            [(month, euro(monthly), euro(0), euro(monthly)) for month in months]
            + [("Summe", euro(3 * monthly), euro(0), euro(3 * monthly))],
            align="lrrr",
        ),
        p(
            f"Sollte der Rückstand nicht bis zum {w.on(14)} ausgeglichen sein, werden wir "
            "Räumungsklage erheben. Eine Übernahme der Mietschulden durch Sie nach § 22 Abs. 8 "
            "SGB II würde die Kündigung unwirksam machen (§ 569 Abs. 3 Nr. 2 BGB)."
        ),
        p("Mit freundlichen Grüßen"),
        sign(w.rng, w.stranger()),
    )


def heizkosten(w: Writing) -> Sheet:
    """The yearly bill with tables, two pages."""
    kinds = ("Grundsteuer", "Wasser, Abwasser", "Müllabfuhr", "Gebäudeversicherung", "Hauswart")
    rows = []
    total = 0.0
    for kind in (*kinds, "Heizung", "Warmwasser"):
        share = w.amount(38, 420)
        total += share
        rows.append((kind, euro(share * 12.4), "Wohnfläche", "64,50", euro(share)))
    paid = round(total * w.rng.uniform(0.78, 1.05), 2)
    label = "Nachzahlung" if total > paid else "Guthaben"
    year = w.day.year - 1
    return w.printed(
        w.business(*_LANDLORDS),
        (f"Betriebs- und Heizkostenabrechnung {year}", w.mention(address=False)),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"anbei die Abrechnung der Neben- und Heizkosten für die Wohnung {w.flat()} für den "
            f"Zeitraum 01.01.{year} bis 31.12.{year}."
        ),
        pairs(
            ("Kosten Ihrer Wohnung", euro(total)),
            ("geleistete Vorauszahlungen", euro(paid)),
            (label, euro(abs(total - paid))),
            width=60,
            bold=True,
        ),
        p(f"Eine Nachzahlung ist fällig bis zum {w.on(30)}, ein Guthaben wird verrechnet."),
        page_break(),
        p(f"Einzelabrechnung {year}", bold=True),
        table(
            ("Kostenart", "Gesamtkosten", "Verteiler", "Anteil m²", "Ihr Anteil"),
            [*rows, ("Summe", "", "", "", euro(total))],
            widths=(4, 3, 3, 2, 3),
            align="lrlrr",
            size=8.5,
        ),
        small(
            "Die Heizkosten werden nach der Heizkostenverordnung zu 70 % nach Verbrauch und zu "
            "30 % nach Wohnfläche verteilt. Einwendungen sind innerhalb von zwölf Monaten möglich."
        ),
    )


def stromsperre(w: Writing) -> Sheet:
    """A supplier threatens to cut off."""
    debt = w.amount(160, 940)
    return w.printed(
        w.business(*_SUPPLIERS),
        ("Androhung der Sperre Ihrer Stromversorgung", w.mention(address=False)),
        p("Sehr geehrte Damen und Herren,"),
        p(
            f"{w.titled} hat uns gebeten, dieses Schreiben an Sie weiterzugeben. Für die "
            f"Verbrauchsstelle {w.flat()} besteht ein Zahlungsrückstand von {euro(debt)}."
        ),
        p(
            f"Wird der Betrag nicht bis zum {w.on(10)} gezahlt, unterbrechen wir die Versorgung "
            f"(Sperrung) ab dem {w.on(28)} nach § 19 StromGVV. Die Kosten der Unterbrechung "
            "betragen "
            f"{euro(58.4)}."
        ),
        pairs(
            ("Offene Rechnung", euro(debt * 0.8)),
            ("Abschlag", euro(debt * 0.18)),
            ("Mahnkosten", euro(debt * 0.02)),
        ),
        p("Eine Abwendungsvereinbarung mit Ratenzahlung ist möglich."),
        p("Mit freundlichen Grüßen"),
        p("Ihr Kundenservice"),
        *(terms(w) if w.rng.random() < 0.6 else ()),
        info=(("Vertragskonto", w.serial("4 ### ### ###")),),
    )


def mittagessen(w: Writing) -> Sheet:
    """An invoice of a school caterer, paid out of the education package."""
    meals = w.rng.randint(9, 21)
    price = 4.2
    return w.printed(
        w.business(("Mensa Möwenteller gGmbH", "Frisch gekocht für Schule und Kita")),
        (
            f"Rechnung {w.serial('2026-#####')}",
            "Gemeinschaftliches Mittagessen, Bildung und Teilhabe",
        ),
        p(f"Kind: {w.mention()}"),
        table(
            ("Leistung", "Anzahl", "Einzelpreis", "Betrag"),
            (
                (f"Mittagessen {w.month(-1)}", str(meals), euro(price), euro(meals * price)),
                ("Rechnungsbetrag", "", "", euro(meals * price)),
            ),
            widths=(5, 2, 3, 3),
            align="lrrr",
        ),
        p(
            "Bitte überweisen Sie den Betrag innerhalb von 14 Tagen. Umsatzsteuerfrei nach § 4 "
            "UStG."
        ),
    )


_CLAUSES = (
    (
        "Mieträume",
        (
            "Die Mieträume dürfen nur zu Wohnzwecken benutzt werden. Mitvermietet ist ein "
            "Kellerraum. "
            "Ausgehändigt werden zwei Haustür-, zwei Wohnungs- und ein Briefkastenschlüssel."
        ),
    ),
    (
        "Betriebskosten",
        (
            "Der Mieter trägt die Betriebskosten im Sinne der Betriebskostenverordnung. Auf sie "
            "werden "
            "monatliche Vorauszahlungen geleistet, über die jährlich abgerechnet wird."
        ),
    ),
    (
        "Zahlung der Miete",
        (
            "Die Miete ist monatlich im Voraus, spätestens am dritten Werktag, auf das Konto des "
            "Vermieters zu zahlen. Maßgebend ist der Eingang der Zahlung."
        ),
    ),
    (
        "Sicherheit",
        (
            "Der Mieter leistet eine Kaution in Höhe von drei Grundmieten. Er ist zu drei gleichen "
            "monatlichen Teilzahlungen berechtigt; die erste ist zu Beginn des Mietverhältnisses "
            "fällig."
        ),
    ),
    (
        "Schönheitsreparaturen",
        (
            "Der Mieter hat die während der Mietzeit anfallenden Schönheitsreparaturen nach Bedarf "
            "auszuführen. Die Wohnung wird renoviert übergeben."
        ),
    ),
    (
        "Tierhaltung",
        (
            "Kleintiere dürfen gehalten werden, soweit dadurch niemand belästigt wird. Andere "
            "Tiere "
            "bedürfen der Zustimmung, die nur aus wichtigem Grund versagt wird."
        ),
    ),
    (
        "Untervermietung",
        (
            "Die Überlassung an Dritte bedarf der Erlaubnis des Vermieters. § 553 BGB bleibt "
            "unberührt."
        ),
    ),
    (
        "Betreten der Mieträume",
        (
            "Der Vermieter darf die Räume nach Anmeldung betreten, um ihren Zustand festzustellen, "
            "Messgeräte abzulesen oder notwendige Arbeiten vorzubereiten."
        ),
    ),
    (
        "Kündigung",
        (
            "Das Mietverhältnis läuft auf unbestimmte Zeit. Die Kündigung muss schriftlich bis zum "
            "dritten Werktag eines Kalendermonats für den Ablauf des übernächsten Monats zugehen."
        ),
    ),
    (
        "Rückgabe",
        (
            "Bei Ende des Mietverhältnisses ist die Wohnung geräumt, sauber und mit allen "
            "Schlüsseln "
            "zurückzugeben. Über den Zustand wird ein Protokoll aufgenommen."
        ),
    ),
    (
        "Hausordnung",
        (
            "Die Hausordnung ist Bestandteil dieses Vertrages. Treppenhaus und Gehweg sind nach "
            "dem "
            "ausgehängten Plan zu reinigen; von 22 bis 6 Uhr ist Ruhe zu halten."
        ),
    ),
    (
        "Sonstiges",
        (
            "Sollte eine Bestimmung unwirksam sein, bleibt der Vertrag im Übrigen gültig. "
            "Mündliche "
            "Nebenabreden bestehen nicht."
        ),
    ),
)


def mietvertrag(w: Writing) -> Sheet:
    """A tenancy agreement of three or four pages."""
    firm = w.business(*_LANDLORDS)
    rent, extra, heat = w.amount(320, 640), w.amount(70, 140), w.amount(60, 130)
    clauses = _CLAUSES[: w.rng.randint(8, len(_CLAUSES))]
    return Sheet(
        layout="bare",
        running=f"Mietvertrag {w.name}",
        page_number=True,
        blocks=(
            h("Wohnungsmietvertrag", size=17, centre=True),
            p(f"Zwischen {firm.name}, {firm.street}, {firm.postcode} {firm.city} (Vermieter)"),
            p(f"und {w.mention(address=False)} (Mieter)"),
            *((p(f"BG-Nummer: {w.number}"),) if w.number else ()),
            *((p(f"Kundennummer: {w.customer_number}"),) if w.customer_number else ()),
            p("wird folgender Mietvertrag geschlossen:"),
            h("§ 1 Wohnung und Mietbeginn", size=11),
            p(
                f"Vermietet wird die Wohnung {w.flat()} mit {w.rng.randint(38, 94)} m² Wohnfläche. "
                f"Das Mietverhältnis beginnt am {w.first_of(1)}."
            ),
            h("§ 2 Miete", size=11),
            pairs(
                ("Grundmiete", euro(rent)),
                ("Vorauszahlung Betriebskosten", euro(extra)),
                ("Vorauszahlung Heizung", euro(heat)),
                ("Gesamtmiete", euro(rent + extra + heat)),
                width=70,
            ),
            *(
                block
                for number, (title, text) in enumerate(clauses, start=3)
                for block in (h(f"§ {number} {title}", size=11), p(text))
            ),
            sign(w.rng, firm.name, place=f"{firm.city}, {w.on(-1)}"),
            sign(w.rng, w.name),
            page_break(),
            h("Anlage: Übergabeprotokoll", size=13),
            table(
                ("Raum", "Zustand", "Bemerkung"),
                [
                    (room, w.pick("in Ordnung", "in Ordnung", "Mangel"), w.pick("", "Kratzer"))
                    for room in ("Flur", "Küche", "Bad", "Wohnzimmer", "Schlafzimmer", "Keller")
                ],
                hand=True,
            ),
            pairs(
                ("Zählerstand Strom", w.serial("######")),
                ("Zählerstand Wasser", w.serial("####")),
                ("Schlüssel", "5 Stück"),
            ),
            sign(w.rng, w.name),
        ),
    )


KINDS = (
    Kind(schlagwort="mietvertrag", function="leistung", write=mietvertrag),
    Kind(schlagwort="mieterhoehung", function="leistung", write=mieterhoehung),
    Kind(schlagwort="mietschulden", function="leistung", write=mietschulden),
    Kind(schlagwort="nebenkosten", function="leistung", write=heizkosten),
    Kind(schlagwort="energieschulden", function="leistung", write=stromsperre),
    Kind(schlagwort="bildung_teilhabe", function="but", write=mittagessen, whom="child"),
)
