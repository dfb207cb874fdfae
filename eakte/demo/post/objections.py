"""Objections, hearings, reviews and inspections: by the client or by a lawyer."""

from __future__ import annotations

from eakte.demo.sheet import Block, Sheet, p, page_break, sign, space
from eakte.demo.writing import Business, Kind, Writing, euro

_LAWYERS = (
    ("Kanzlei Quast & Osthoff", "Rechtsanwälte · Fachanwälte für Sozialrecht"),
    ("Rechtsanwältin Dr. Gerlind Osthoff", "Fachanwältin für Sozialrecht"),
    ("Rechtsanwälte Tamm Holländer", "Partnerschaft mbB"),
)


def _chambers(w: Writing) -> Business:
    return w.business(*_LAWYERS)


def _lawyers_letter(
    w: Writing, subject: tuple[str, ...], *blocks: Block, behind: tuple[Block, ...] = ()
) -> Sheet:
    sheet_blocks = (
        p("Sehr geehrte Damen und Herren,"),
        *blocks,
        p("Mit freundlichen kollegialen Grüßen" if w.rng.random() < 0.2 else "Hochachtungsvoll"),
        sign(w.rng, w.pick("Rechtsanwalt", "Rechtsanwältin")),
        *behind,
    )
    own = (("Unser Zeichen", w.serial("###/YY-OH")),)
    return w.printed(_chambers(w), subject, *sheet_blocks, info=own)


def widerspruch_privat(w: Writing) -> Sheet:
    """A client objects."""
    decided = w.some_day(-28, -8)
    return w.private(
        w.pick(
            f"Widerspruch gegen den Bescheid vom {decided}",
            f"Widerspruch! Ihr Bescheid vom {decided}",
        ),
        f"gegen Ihren Bescheid vom {decided} lege ich Widerspruch ein.",
        w.pick(
            "Die Kosten der Unterkunft sind falsch berechnet. Sie haben die neue Miete nicht "
            "berücksichtigt.",
            f"Das Einkommen, das Sie angerechnet haben, stimmt nicht. Ich habe nur "
            f"{euro(w.amount(200, 700))} verdient.",
            "Die Heizkosten werden nicht in voller Höhe anerkannt. Das ist nicht richtig.",
            "Eine Begründung reiche ich nach.",
        ),
        w.pick(
            "Bitte prüfen Sie den Bescheid und schicken Sie mir einen neuen.",
            "Ich bitte um eine schriftliche Bestätigung des Eingangs.",
        ),
    )


def widerspruch_anwalt(w: Writing) -> Sheet:
    """A lawyer objects and asks for the file."""
    decided = w.some_day(-30, -10)
    return _lawyers_letter(
        w,
        ("Widerspruch", w.mention()),
        p(
            f"hiermit zeigen wir an, dass wir {w.titled_object} anwaltlich vertreten. Eine auf uns "
            "lautende Vollmacht ist beigefügt."
        ),
        p(
            f"Namens und in Vollmacht {w.by_gender('unserer Mandantin', 'unseres Mandanten')} "
            f"legen wir gegen den Bescheid vom {decided}, zugegangen am {w.some_day(-8, -5)},"
        ),
        p("Widerspruch", bold=True, centre=True),
        p(
            "ein. Zur Begründung wird nach erfolgter Akteneinsicht weiter vorgetragen. Schon jetzt "
            "ist zu rügen, dass die tatsächlichen Aufwendungen für Unterkunft und Heizung nach "
            "§ 22 Abs. 1 Satz 1 SGB II ohne schlüssiges Konzept gekürzt worden sind."
        ),
        p("Wir bitten um Eingangsbestätigung und Überlassung der Verwaltungsakte."),
        behind=(page_break(), *_power_of_attorney(w)) if w.rng.random() < 0.6 else (),
    )


def akteneinsicht(w: Writing) -> Sheet:
    """A lawyer asks to inspect the file."""
    return _lawyers_letter(
        w,
        ("Akteneinsicht gemäß § 25 SGB X", w.mention()),
        p(
            f"in vorbezeichneter Angelegenheit haben wir die Vertretung "
            f"{w.by_gender('der Leistungsberechtigten', 'des Leistungsberechtigten')} übernommen. "
            "Wir beantragen"
        ),
        p("Akteneinsicht nach § 25 SGB X", bold=True, centre=True),
        p(
            "durch Übersendung der vollständigen Leistungsakte, gern in elektronischer Form. Der "
            f"Rücksendung bzw. Übersendung sehen wir bis zum {w.on(14)} entgegen."
        ),
    )


def vollmacht(w: Writing) -> Sheet:
    """A power of attorney, signed by the client."""
    return Sheet(layout="bare", blocks=_power_of_attorney(w))


def _power_of_attorney(w: Writing) -> tuple[Block, ...]:
    return (
        p("VOLLMACHT", bold=True, centre=True),
        space(6),
        p("Der Kanzlei Quast & Osthoff, Rechtsanwälte, wird hiermit in Sachen"),
        p(w.mention(), bold=True),
        p("gegen Jobcenter Friesenkoog"),
        *((p(f"dortiges Aktenzeichen: {w.number}"),) if w.number else ()),
        *((p(f"Kundennummer: {w.customer_number}"),) if w.customer_number else ()),
        p("wegen Leistungen nach dem SGB II"),
        p("Vollmacht erteilt. Die Vollmacht ermächtigt insbesondere"),
        p(
            "1. zur Vertretung im Verwaltungsverfahren einschließlich des "
            "Widerspruchsverfahrens"
            " (§ 13 SGB X), zur Einlegung und Rücknahme von Rechtsbehelfen;"
        ),
        p("2. zur Akteneinsicht und zur Entgegennahme von Zustellungen;"),
        p("3. zur Empfangnahme von Geld, auch der vom Gegner zu erstattenden Kosten;"),
        p("4. zur Prozessführung vor den Gerichten der Sozialgerichtsbarkeit."),
        space(4),
        sign(w.rng, w.name, place=f"Wittmoorsiel, {w.on(0)}"),
    )


def ueberpruefungsantrag(w: Writing) -> Sheet:
    """Asks to review a final decision."""
    return w.private(
        w.pick("Überprüfungsantrag nach § 44 SGB X", "Antrag auf Überprüfung, § 44 SGB X"),
        f"hiermit beantrage ich die Überprüfung Ihres Bescheides vom {w.some_day(-300, -90)} nach "
        "§ 44 SGB X.",
        w.pick(
            "Damals wurde die Nebenkostennachzahlung nicht übernommen, obwohl ich sie eingereicht "
            "hatte.",
            "Nach meiner Meinung wurde das Kindergeld doppelt angerechnet.",
        ),
    )


def anhoerung(w: Writing) -> Sheet:
    """Answers a hearing on reversal and repayment."""
    return w.private(
        f"Ihre Anhörung vom {w.some_day(-20, -8)}",
        "zu Ihrer Anhörung nach § 24 SGB X zur beabsichtigten Aufhebung und Erstattung möchte ich "
        "mich äußern.",
        w.pick(
            "Das Einkommen habe ich Ihnen sofort gemeldet, ich habe die Abrechnung persönlich am "
            "Empfang abgegeben. Mich trifft keine Schuld an der Überzahlung.",
            f"Die Nachzahlung von {euro(w.amount(150, 900))} habe ich schon ausgegeben. Ich wusste "
            "nicht, dass sie angerechnet wird.",
        ),
        "Bitte sehen Sie von einer Rückforderung ab.",
    )


def anhoerung_minderung(w: Writing) -> Sheet:
    """Answers a hearing on a reduction of benefits."""
    return w.private(
        w.pick("Anhörung zur Minderung", "Stellungnahme zur Leistungsminderung"),
        f"zu Ihrer Anhörung vom {w.some_day(-14, -6)} wegen einer möglichen Minderung meiner "
        "Leistungen (§ 31 SGB II) nehme ich wie folgt Stellung:",
        w.pick(
            "Ich habe die Maßnahme abgebrochen, weil ich krank war. Die Krankmeldung habe ich beim "
            "Träger abgegeben.",
            "Ich hatte einen wichtigen Grund: Die Kita hatte an diesem Tag geschlossen und ich "
            "hatte niemanden für mein Kind.",
        ),
    )


KINDS = (
    Kind(
        schlagwort="widerspruch", function="recht", copies=("leistung",), write=widerspruch_privat
    ),
    Kind(
        schlagwort="widerspruch", function="recht", copies=("leistung",), write=widerspruch_anwalt
    ),
    Kind(schlagwort="akteneinsicht", function="recht", write=akteneinsicht),
    Kind(
        schlagwort="vollmacht_betreuung",
        function="leistung",
        copies=("vermittlung",),
        write=vollmacht,
    ),
    Kind(
        schlagwort="ueberpruefungsantrag",
        function="leistung",
        copies=("recht",),
        write=ueberpruefungsantrag,
    ),
    Kind(schlagwort="anhoerung", function="leistung", write=anhoerung),
    Kind(
        schlagwort="anhoerung_minderung",
        function="vermittlung",
        copies=("leistung",),
        write=anhoerung_minderung,
        whom="adult",
    ),
)
