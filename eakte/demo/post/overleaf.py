"""What is printed on the back and behind: notices, terms, enclosures.

Small print names objections, lawsuits and debts without being any of them, as it does in life.
"""

from __future__ import annotations

from eakte.demo.sheet import Block, h, numbered, p, page_break, small, table
from eakte.demo.writing import Writing, euro


def notices(w: Writing, *, chance: float = 0.5) -> tuple[Block, ...]:
    """The back of an office's letter: remedies, data protection, opening hours; or nothing."""
    if w.rng.random() > chance:
        return ()
    return (
        page_break(),
        h("Hinweise", size=11),
        p("Rechtsbehelfsbelehrung", bold=True),
        p(
            "Gegen einen Bescheid kann innerhalb eines Monats nach Bekanntgabe Widerspruch erhoben "
            "werden. Der Widerspruch ist schriftlich, in elektronischer Form oder zur "
            "Niederschrift "
            "bei der Stelle einzureichen, die den Bescheid erlassen hat. Wird über den Widerspruch "
            "ohne zureichenden Grund nicht entschieden, ist die Klage zum Sozialgericht zulässig."
        ),
        p("Datenschutz", bold=True),
        p(
            "Wir verarbeiten personenbezogene Daten zur Erfüllung unserer gesetzlichen Aufgaben. "
            "Informationen nach Art. 13 und 14 DSGVO finden Sie auf unserer Internetseite oder "
            "erhalten Sie auf Wunsch in Papierform."
        ),
        p("Mitwirkung", bold=True),
        p(
            "Änderungen in den Verhältnissen, die für die Leistung erheblich sind, teilen Sie "
            "bitte "
            "unverzüglich mit (§ 60 SGB I). Zu Unrecht gezahlte Beträge müssen erstattet werden."
        ),
        table(
            ("Sprechzeiten", "vormittags", "nachmittags"),
            (
                ("Montag, Dienstag", "08:00 – 12:00", "14:00 – 16:00"),
                ("Donnerstag", "08:00 – 12:00", "14:00 – 18:00"),
                ("Freitag", "08:00 – 12:00", "geschlossen"),
            ),
        ),
        small(
            "Bitte geben Sie bei jeder Antwort das oben genannte Zeichen an. Ohne diese Angabe "
            "kann "
            "sich die Bearbeitung verzögern."
        ),
    )


def terms(w: Writing) -> tuple[Block, ...]:
    """A supplier's terms and how the debt is made up."""
    rows = [
        (w.month(-i), euro(w.amount(48, 96)), euro(w.pick(0.0, 0.0, 48.0)), w.on(-30 * i))
        for i in range(w.rng.randint(5, 11), 0, -1)
    ]
    return (
        page_break(),
        h("Aufstellung der offenen Posten", size=11),
        table(("Monat", "Abschlag", "gezahlt", "fällig am"), rows, align="lrrl"),
        h("Auszug aus den Versorgungsbedingungen", size=11),
        numbered(
            "Rechnungen werden zu dem angegebenen Zeitpunkt fällig, frühestens zwei Wochen nach "
            "Zugang der Zahlungsaufforderung.",
            "Vor einer Unterbrechung der Versorgung werden die Kundinnen und Kunden vier Wochen "
            "vorher und nochmals acht Werktage vorher unterrichtet.",
            "Die Unterbrechung unterbleibt, wenn sie außer Verhältnis zur Schwere der "
            "Zuwiderhandlung steht oder hinreichende Aussicht auf Zahlung besteht.",
            "Die Kosten der Unterbrechung und Wiederherstellung werden pauschal berechnet.",
        ),
    )


def flats_compared(w: Writing) -> tuple[Block, ...]:
    """The landlord's reasons for a higher rent."""
    rows = [
        (
            w.pick("Wohnung A", "Wohnung B", "Wohnung C"),
            f"{w.rng.randint(48, 80)} m²",
            f"{euro(w.amount(7, 9.6))}/m²",
            w.pick("Zentralheizung, Balkon", "Etagenheizung", "saniert, Kellerraum"),
        )
        for _ in range(4)
    ]
    return (
        page_break(),
        h("Anlage: Vergleichswohnungen nach § 558a Abs. 2 Nr. 4 BGB", size=11),
        table(("Wohnung", "Größe", "Miete", "Ausstattung"), rows, widths=(2, 2, 2, 4)),
        p(
            "Nach § 558b BGB wird um Zustimmung bis zum Ablauf des zweiten Kalendermonats nach "
            "Zugang dieses Schreibens gebeten. Die Kappungsgrenze ist eingehalten."
        ),
        h("Zustimmungserklärung", size=11),
        p("Ich stimme der Anpassung der Miete zu."),
        p("Datum, Unterschrift: ______________________________"),
    )
