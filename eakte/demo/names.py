"""Names of invented people, as mixed as in any district.

A household takes its names from one or two origins.  Surnames that differ by gender or that have
been written in more than one way are listed as such, because that is what the match must survive.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """First names and surnames that go together.

    ``surnames`` holds (male form, female form) pairs.
    """

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    girls: tuple[str, ...]
    boys: tuple[str, ...]
    surnames: tuple[tuple[str, str], ...]


def _words(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _same(names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in _words(names))


NORTHERN = Origin(
    weight=52,
    women=_words(
        "Maike Heike Silke Antje Birte Wiebke Frauke Elke Sabine Petra Kerstin Nicole Stefanie "
        "Anja Tanja Melanie Jessica Jennifer Sandra Ute Gudrun Anneliese Ingeborg Hannelore "
        "Katharina Julia Ann-Kathrin Anna-Lena Käthe Jördis Telse"
    ),
    men=_words(
        "Jörg Hauke Sönke Björn Thies Uwe Jürgen Günter Horst Klaus Hans-Peter Karl-Heinz "
        "Michael Thomas Andreas Stefan Sven Torsten Marco Dennis Patrick Kevin Jan Malte Ole "
        "Hinnerk Detlef Rüdiger Volker Heiko Jens-Uwe"
    ),
    girls=_words("Leonie Mia Emma Lina Finja Jette Merle Celina Chantal Lea-Sophie Zoë"),
    boys=_words("Finn Lasse Leon Jannik Justin Noah Jonas Bennet Mika Tjark Max"),
    surnames=(
        *_same(
            "Müller Petersen Hansen Jensen Carstensen Lorenzen Clausen Thomsen Christiansen Nissen "
            "Feddersen Momsen Paulsen Ketelsen Ohlsen Behrens Hinrichs Harms Janßen Meyer Meier "
            "Schmidt Schmitt Schulz Schröder Krüger Köster Lüders Möller Böhm Großmann Weiß Voß "
            "Groß Jäger Rübsamen Süßmilch Brüggemann Tönnies Kröger Wulff Wolff Fröhlich Lange "
            "Kruse Richter Neumann Hoffmann Wagner Bäcker Becker Dührsen Reimers Sievers Vöge"
        ),
        ("von der Heide", "von der Heide"),
        ("de Vries", "de Vries"),
        ("zur Mühlen", "zur Mühlen"),
    ),
)
TURKISH = Origin(
    weight=9,
    women=("Ayşe", "Fatma", "Emine", "Gülşen", "Hatice", "Şükran", "Elif", "Zeynep"),
    men=("Mehmet", "Mustafa", "Ahmet", "İbrahim", "Hüseyin", "Çağlar", "Emre", "Yusuf"),
    girls=("Defne", "Ela", "Nisa", "Aylin"),
    boys=("Eymen", "Kerem", "Deniz", "Arda"),
    surnames=_same("Yılmaz Çelik Şahin Öztürk Kılıç Aydın Doğan Güneş Koç Arslan Işık"),
)
POLISH = Origin(
    weight=8,
    women=("Agnieszka", "Katarzyna", "Małgorzata", "Joanna", "Beata", "Danuta"),
    men=("Łukasz", "Piotr", "Krzysztof", "Tomasz", "Grzegorz", "Sławomir"),
    girls=("Zuzanna", "Maja", "Oliwia"),
    boys=("Kacper", "Filip", "Jakub"),
    surnames=(
        ("Kowalski", "Kowalska"),
        ("Wiśniewski", "Wiśniewska"),
        ("Lewandowski", "Lewandowska"),
        ("Dąbrowski", "Dąbrowska"),
        ("Wójcik", "Wójcik"),
        ("Nowak", "Nowak"),
        ("Łukaszewicz", "Łukaszewicz"),
    ),
)
ARABIC = Origin(
    weight=14,
    women=("Fatima", "Amina", "Rania", "Nour", "Hanan", "Samira", "Khadija", "Rima"),
    men=("Mohammad", "Ahmad", "Khaled", "Omar", "Abdul Rahman", "Yousef", "Mahmoud", "Hassan"),
    girls=("Layla", "Maryam", "Sara", "Jana"),
    boys=("Adam", "Ali", "Karim", "Rayan"),
    surnames=(
        ("Al-Hussein", "Al-Hussein"),
        ("Al Khatib", "Al Khatib"),
        ("Haddad", "Haddad"),
        ("El-Masri", "El-Masri"),
        ("Abdullah", "Abdullah"),
        ("Khalil", "Khalil"),
        ("Darwisch", "Darwisch"),
        ("Ibrahim", "Ibrahim"),
        ("Suleiman", "Suleiman"),
    ),
)
UKRAINIAN = Origin(
    weight=12,
    women=("Oksana", "Nataliia", "Iryna", "Olena", "Svitlana", "Yuliia", "Halyna"),
    men=("Oleksandr", "Serhii", "Volodymyr", "Andrii", "Mykola", "Yurii"),
    girls=("Sofiia", "Anastasiia", "Polina"),
    boys=("Danylo", "Maksym", "Artem"),
    surnames=(
        ("Kovalenko", "Kovalenko"),
        ("Shevchenko", "Shevchenko"),
        ("Tkachuk", "Tkachuk"),
        ("Bondarenko", "Bondarenko"),
        ("Zelinskyi", "Zelinska"),
        ("Kravets", "Kravets"),
        ("Hryhorenko", "Hryhorenko"),
    ),
)
OTHERS = Origin(
    weight=5,
    women=("Thi Hoa", "Blessing", "Mariana", "Zahra", "Elena"),
    men=("Van Minh", "Emmanuel", "Ionuț", "Farhad", "Dragan"),
    girls=("Mai", "Grace", "Ioana", "Parisa"),
    boys=("Duc", "Joshua", "Andrei", "Amir"),
    surnames=_same("Nguyễn Okafor Popescu Ahmadi Jovanović Đorđević Tesfay Müller-Santos"),
)
ORIGINS = (NORTHERN, TURKISH, POLISH, ARABIC, UKRAINIAN, OTHERS)

EARLIER_SPELLINGS = {
    "Kovalenko": "Kowalenko",
    "Shevchenko": "Schewtschenko",
    "Tkachuk": "Tkatschuk",
    "Hryhorenko": "Grigorenko",
    "Zelinskyi": "Selinskyj",
    "Al-Hussein": "Alhussein",
    "Darwisch": "Darwish",
    "El-Masri": "Al Masri",
}
"""How an earlier passport or another office wrote the name; the register keeps it as former."""

_PLAIN = str.maketrans("şŞıİğĞçÇłŁśąęóćđĐțễë", "sSiIgGcClLsaeocdDtee") | {
    ord(letter): plain
    for letter, plain in {
        "ä": "ae",
        "ö": "oe",
        "ü": "ue",
        "Ä": "Ae",
        "Ö": "Oe",
        "Ü": "Ue",
        "ß": "ss",
    }.items()
}


def plain(name: str) -> str:
    """``name`` as a keyboard or a machine without these letters writes it (Mueller, Yilmaz)."""
    return name.translate(_PLAIN)


def pick_origin(rng: Random) -> Origin:
    """One origin by weight."""
    return rng.choices(ORIGINS, weights=[origin.weight for origin in ORIGINS])[0]


def is_womans(first_name: str) -> bool:
    """Whether the register's ``first_name`` is one of the women's or girls' names above."""
    return any(first_name in (*origin.women, *origin.girls) for origin in ORIGINS)
