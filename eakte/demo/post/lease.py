"""The tenancy agreement: three or four pages of clauses and a record of the handing over."""

from __future__ import annotations

from eakte.demo.sheet import Sheet, h, p, page_break, pairs, sign, table
from eakte.demo.writing import Writing, euro

LANDLORDS = (
    ("Wohnungsverein Deichgraf eG", "Wohnen am Wasser seit 1921"),
    ("Hausverwaltung Brinkmann", "Verwaltung von Miet- und Eigentumswohnungen"),
    ("Marsch & Geest Wohnbau GmbH", ""),
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
    firm = w.business(*LANDLORDS)
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
