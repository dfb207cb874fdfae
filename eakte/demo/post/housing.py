"""Landlords and suppliers: rent, arrears, heating bills, threats to cut off, invoices."""

from __future__ import annotations

from eakte.demo.post.lease import LANDLORDS, mietvertrag
from eakte.demo.post.overleaf import flats_compared, terms
from eakte.demo.sheet import Sheet, p, page_break, pairs, sign, small, table
from eakte.demo.writing import Kind, Writing, euro

_SUPPLIERS = (
    ("Küstenenergie Friesenkoog GmbH", "Strom · Gas · Wärme"),
    ("Stadtwerke Okenbüll", "Ein Betrieb der Stadt Okenbüll"),
)


def mieterhoehung(w: Writing) -> Sheet:
    """The landlord raises the rent."""
    old = w.amount(320, 560)
    new = round(old * w.rng.uniform(1.04, 1.15), 2)
    return w.printed(
        w.business(*LANDLORDS),
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
        w.business(*LANDLORDS),
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
        w.business(*LANDLORDS),
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


KINDS = (
    Kind(schlagwort="mietvertrag", function="leistung", write=mietvertrag),
    Kind(schlagwort="mieterhoehung", function="leistung", write=mieterhoehung),
    Kind(schlagwort="mietschulden", function="leistung", write=mietschulden),
    Kind(schlagwort="nebenkosten", function="leistung", write=heizkosten),
    Kind(schlagwort="energieschulden", function="leistung", write=stromsperre),
    Kind(schlagwort="bildung_teilhabe", function="but", write=mittagessen, whom="child"),
)
