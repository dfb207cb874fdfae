"""Doctors, health insurers and hospitals."""

from __future__ import annotations

from eakte.demo.sheet import Sheet, checks, fields, h, p, sign, small
from eakte.demo.writing import Kind, Writing

_PRACTICES = (
    ("Praxis Dr. med. Henning Sommerfeld", "Facharzt für Allgemeinmedizin"),
    ("Gemeinschaftspraxis am Hafen", "Dres. Nydahl und Peters · Innere Medizin"),
    ("Orthopädie Geestmark", "Dr. med. Almut Rieken"),
)
_INSURERS = (
    ("Friesenkasse", "Die Krankenkasse von hier"),
    ("BKK Deich und Watt", "Körperschaft des öffentlichen Rechts"),
)


def krankschreibung(w: Writing) -> Sheet:
    """A sick note on the small form, A5."""
    first = w.rng.random() < 0.6
    return Sheet(
        layout="form",
        width=148,
        height=210,
        head="Arbeitsunfähigkeitsbescheinigung",
        claim=w.pick("Friesenkasse", "BKK Deich und Watt"),
        return_line="Ausfertigung für den Versicherten\nzur Vorlage beim Jobcenter",
        blocks=(
            fields(
                (3, 2),
                ("Name, Vorname des Versicherten", f"{w.surname}, {w.first_name}"),
                ("geb. am", w.birth_date),
                ("Anschrift", w.street),
                ("", w.place),
                ("Versicherten-Nr.", w.serial("X#########")),
                ("Status", "1000000"),
                typed=True,
            ),
            checks(
                "",
                ("Erstbescheinigung", first),
                ("Folgebescheinigung", not first),
            ),
            fields(
                (1, 1),
                ("arbeitsunfähig seit", w.on(-2)),
                ("voraussichtlich arbeitsunfähig bis einschließlich", w.some_day(4, 20)),
                ("festgestellt am", w.on(0)),
                ("Betriebsstätten-Nr.", w.serial("#########")),
                typed=True,
            ),
            *((p(f"BG-Nummer: {w.number}"),) if w.number else ()),
            *((p(f"Kundennummer: {w.customer_number}"),) if w.customer_number else ()),
            sign(w.rng, "Unterschrift des Arztes"),
            small("Diese Bescheinigung ersetzt keine Mitteilung an den Arbeitgeber.", size=6.5),
        ),
    )


def attest(w: Writing) -> Sheet:
    """A doctor's certificate."""
    return w.printed(
        w.business(*_PRACTICES),
        ("Ärztliches Attest", w.mention()),
        p("Zur Vorlage beim Jobcenter."),
        p(
            f"{w.by_gender('Die oben genannte Patientin', 'Der oben genannte Patient')} befindet "
            "sich in meiner regelmäßigen Behandlung. Aus ärztlicher Sicht ist "
            + w.pick(
                "schweres Heben über 10 kg auf Dauer zu vermeiden. Leichte Tätigkeiten im Wechsel "
                "von Sitzen und Gehen sind bis zu sechs Stunden täglich möglich.",
                "die Teilnahme an Terminen bis auf Weiteres nur in Begleitung zumutbar.",
                "eine stationäre Rehabilitation dringend angezeigt. Nachtarbeit ist nicht möglich.",
            )
        ),
        p(
            "Dieses Attest wird auf Wunsch "
            f"{w.by_gender('der Patientin', 'des Patienten')} ausgestellt."
        ),
        sign(w.rng, w.stranger(), "Ärztin / Arzt"),
        bank=False,
    )


def krankenversicherung(w: Writing) -> Sheet:
    """An insurer certifies membership or its end."""
    return w.printed(
        w.business(*_INSURERS),
        (
            w.pick(
                "Mitgliedsbescheinigung", "Ende Ihrer Mitgliedschaft in der Krankenversicherung"
            ),
            w.mention(),
        ),
        p("Sehr geehrte Damen und Herren,"),
        p(
            w.pick(
                f"{w.titled} ist seit dem {w.first_of(-8)} Mitglied unserer Krankenkasse und dort "
                "kranken- und pflegeversichert.",
                f"die Familienversicherung von {w.titled_object} in unserer Krankenkasse endet zum "
                f"{w.first_of(1)}. Bitte melden Sie die Mitgliedschaft neu an.",
            )
        ),
        p("Mit freundlichen Grüßen"),
        p("Ihre Krankenkasse – Versicherungsservice"),
        info=(("Versichertennr.", w.serial("K#########")),),
    )


def schwangerschaft(w: Writing) -> Sheet:
    """A doctor confirms the expected date of birth."""
    return w.printed(
        w.business(("Frauenarztpraxis Dr. Ilse Tönsing", "Frauenheilkunde und Geburtshilfe")),
        ("Bescheinigung über eine Schwangerschaft",),
        h("Bescheinigung über den mutmaßlichen Tag der Entbindung", size=11),
        p(f"Bei {w.mention()} besteht eine Schwangerschaft."),
        p(
            f"Voraussichtlicher Entbindungstermin: {w.some_day(60, 180)}. Die 13. "
            f"Schwangerschaftswoche begann am {w.some_day(-60, -10)}."
        ),
        sign(w.rng, "Dr. med. Ilse Tönsing"),
        bank=False,
    )


def krankenhaus(w: Writing) -> Sheet:
    """A hospital certifies a long stay."""
    return w.printed(
        w.business(("Klinik am Außendeich", "Fachklinik für Psychiatrie und Suchtmedizin")),
        ("Bescheinigung über stationären Aufenthalt", w.mention()),
        p(
            f"{w.titled} befindet sich seit dem {w.some_day(-30, -3)} in stationärer Behandlung in "
            f"unserem Haus. Die Dauer des stationären Aufenthalts beträgt voraussichtlich "
            f"{w.rng.randint(5, 26)} Wochen."
        ),
        p("Sozialdienst der Klinik"),
        sign(w.rng, w.stranger()),
        bank=False,
    )


KINDS = (
    Kind(
        schlagwort="arbeitsunfaehigkeit",
        function="vermittlung",
        write=krankschreibung,
        whom="adult",
    ),
    Kind(schlagwort="attest", function="vermittlung", write=attest, whom="adult"),
    Kind(schlagwort="krankenversicherung", function="leistung", write=krankenversicherung),
    Kind(
        schlagwort="schwangerschaft",
        function="leistung",
        copies=("vermittlung",),
        write=schwangerschaft,
        whom="woman",
    ),
    Kind(
        schlagwort="haft_stationaer",
        function="leistung",
        copies=("vermittlung",),
        write=krankenhaus,
    ),
)
