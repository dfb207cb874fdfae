"""Names of a large fictional district: as often as in life, so that namesakes come by themselves.

Every list is ordered from common to rare; the draw follows Zipf and Mandelbrot, which gives a
register of 70,000 people some two dozen „Michael Müller“ and thousands of names borne once.
Nobody here is a real person: given name and surname are drawn apart.
"""

# ruff: noqa: E501  lists of names are read across

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TypeVar

Name = TypeVar("Name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Given names and surnames that go together; surnames as (male form, female form)."""

    weight: int
    women: tuple[str, ...]
    men: tuple[str, ...]
    surnames: tuple[tuple[str, str], ...]


def _words(names: str) -> tuple[str, ...]:
    return tuple(names.split())


def _same(names: str) -> tuple[tuple[str, str], ...]:
    return tuple((name, name) for name in _words(names))


def _pairs(names: str) -> tuple[tuple[str, str], ...]:
    """``Kowalski/a`` has a female form with that ending."""
    found = []
    for name in _words(names):
        man, _, ending = name.partition("/")
        woman = man[:-1] + ending if ending == "a" and man.endswith(("i", "y")) else man + ending
        found.append((man, woman if ending else man))
    return tuple(found)


_GERMAN_PARTS = [
    "Brügge",
    "Olden",
    "Wester",
    "Oster",
    "Nord",
    "Stein",
    "Rosen",
    "Linden",
    "Hagen",
    "Holt",
    "Kreuz",
    "Winter",
    "Sommer",
    "Habe",
    "Grün",
    "Lauter",
    "Eich",
    "Buch",
    "Erlen",
    "Birken",
    "Mühl",
    "Neu",
    "Alt",
    "Hof",
    "Sand",
    "Berg",
    "Wald",
    "Feld",
    "Moor",
    "Brunn",
    "Bach",
    "Lieben",
    "Rieden",
    "Schön",
    "Wies",
    "Greven",
    "Hohen",
    "Tiefen",
    "Wolfen",
    "Barken",
]
_GERMAN_ENDS = [
    "kamp",
    "mann",
    "meyer",
    "meier",
    "bauer",
    "müller",
    "dorf",
    "horst",
    "feld",
    "berg",
    "stein",
    "hoff",
    "hausen",
    "brink",
    "husen",
    "see",
    "busch",
    "schmidt",
    "thal",
    "loh",
    "holz",
    "wald",
    "kötter",
    "huber",
    "hagen",
    "land",
    "richs",
    "sen",
]
_TAIL = tuple((f"{part}{end}", f"{part}{end}") for part in _GERMAN_PARTS for end in _GERMAN_ENDS)

GERMAN = Origin(
    weight=58,
    women=_words(
        "Sabine Petra Andrea Nicole Stefanie Julia Katharina Anna Maria Claudia Susanne Monika "
        "Sandra Melanie Anja Christina Jessica Jennifer Tanja Martina Birgit Kerstin Silke Heike "
        "Sarah Laura Lisa Lena Hanna Johanna Marie Sophie Emma Mia Lea Leonie Luisa Lina Nele "
        "Ute Gabriele Renate Ursula Karin Helga Ingrid Elke Angelika Brigitte Doris Simone Yvonne "
        "Diana Katja Nadine Daniela Sonja Vanessa Michelle Chantal Jaqueline Mandy Cindy Ann-Kathrin "
        "Anna-Lena Lea-Sophie Marie-Luise Maike Wiebke Antje Frauke Birte Gesa Telse Merle Finja "
        "Jette Käthe Zoë Amelie Frieda Ida Greta Charlotte Paula Clara Pauline Josephine Theresa "
        "Franziska Magdalena Veronika Barbara Elisabeth Regina Cornelia Bettina Ines Kathrin"
    ),
    men=_words(
        "Michael Thomas Andreas Stefan Christian Peter Martin Markus Frank Daniel Jan Sebastian "
        "Alexander Tobias Matthias Jürgen Uwe Klaus Bernd Wolfgang Dirk Sven Jens Marcel Patrick "
        "Kevin Dennis Florian Felix Lukas Leon Jonas Finn Noah Ben Paul Elias Luca Maximilian Tim "
        "Tom Niklas Jannik Justin Marvin Pascal Dominik Fabian Philipp Simon David Julian Marco "
        "Mario Ralf Rainer Günter Horst Dieter Manfred Werner Heinz Karl Hans Hans-Peter "
        "Karl-Heinz Hans-Jürgen Jens-Uwe Jörg Björn Sönke Hauke Thies Malte Ole Hinnerk Detlef "
        "Rüdiger Volker Heiko Torsten Carsten Holger Olaf Gerd Helmut Friedrich Wilhelm Otto "
        "Emil Anton Oskar Theo Mats Lasse Bennet Mika Tjark Max Moritz Jakob Johannes Joshua"
    ),
    surnames=(
        *_same(
            "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch "
            "Bauer Richter Klein Wolf Schröder Neumann Schwarz Zimmermann Braun Krüger Hofmann "
            "Hartmann Lange Schmitt Werner Schmitz Krause Meier Lehmann Schmid Schulze Maier Köhler "
            "Herrmann König Walter Mayer Huber Kaiser Fuchs Peters Lang Scholz Möller Weiß Jung Hahn "
            "Schubert Vogel Friedrich Keller Günther Frank Berger Winkler Roth Beck Lorenz Baumann "
            "Franke Albrecht Schuster Simon Ludwig Böhm Winter Kraus Martin Schumacher Krämer Vogt "
            "Stein Jäger Otto Sommer Groß Seidel Heinrich Brandt Haas Schreiber Graf Schulte Dietrich "
            "Ziegler Kuhn Kühn Pohl Engel Horn Busch Bergmann Thomas Voigt Sauer Arnold Wolff Pfeiffer "
            "Petersen Hansen Jensen Jansen Janßen Carstensen Lorenzen Clausen Thomsen Christiansen "
            "Nissen Feddersen Momsen Paulsen Ketelsen Ohlsen Behrens Hinrichs Harms Voß Lüders Kröger "
            "Süßmilch Tönnies Reimers Sievers Dührsen Vöge Rübsamen Brüggemann Fröhlich Bäcker Lüdtke "
            "Großmann Kruse Köster Wulff Wulf Paul Ernst Stefan Jakob Karl Lukas Michel Herrman"
        ),
        ("von der Heide", "von der Heide"),
        ("de Vries", "de Vries"),
        ("zur Mühlen", "zur Mühlen"),
        ("von Bargen", "von Bargen"),
        *_TAIL,
    ),
)
TURKISH = Origin(
    weight=9,
    women=_words(
        "Fatma Ayşe Emine Hatice Zeynep Elif Meryem Şerife Sultan Hanife Gülşen Şükran Esra Büşra "
        "Kübra Merve Derya Özlem Songül Sevgi Aylin Defne Ela Nisa Ecrin Azra Melek Leyla"
    ),
    men=_words(
        "Mehmet Mustafa Ahmet Ali Hüseyin Hasan İbrahim Murat Yusuf Osman Ömer Emre Çağlar Kerem "
        "Deniz Arda Eymen Fatih Serkan Volkan Hakan Erkan Gökhan Uğur Tolga Cem Onur Halil"
    ),
    surnames=_same(
        "Yılmaz Kaya Demir Çelik Şahin Yıldız Yıldırım Öztürk Aydın Özdemir Arslan Doğan Kılıç Aslan "
        "Çetin Kara Koç Kurt Özkan Şimşek Polat Korkmaz Özcan Çakır Erdoğan Güneş Işık Tunç Aksoy "
        "Bulut Keskin Ünal Turan Gül Avcı Sarı Can Kaplan Acar Güler Yalçın Aktaş Karaca Uçar"
    ),
)
ARABIC = Origin(
    weight=14,
    women=_words(
        "Fatima Amina Mariam Maryam Zainab Aisha Khadija Rania Nour Hanan Samira Rima Huda Layla "
        "Leila Sara Jana Yasmin Iman Nadia Salma Rana Dima Reem Sanaa Hala Fatmeh Amal Ghada"
    ),
    men=_words(
        "Mohammad Ahmad Mohamed Mohammed Mahmoud Ali Hassan Hussein Khaled Omar Ibrahim Abdullah "
        "Yousef Mustafa Adam Karim Rayan Bilal Samir Tarek Ziad Anas Bashar Nabil Fadi Walid Ammar "
        "Abdul-Rahman Abdulrahman Majed Hamza Ismail Muhammad"
    ),
    surnames=(
        *_same(
            "Al-Hussein Hussein Al-Ahmad Ibrahim Hassan Al-Ali Mohammad Khalil Abdullah Haddad "
            "El-Masri Al-Masri Darwisch Darwish Suleiman Sulaiman Mahmoud Hamad Hamdan Khatib "
            "Al-Khatib Najjar Ismail Mustafa Ahmad Othman Saleh Issa Youssef Rahman Shami Al-Shami "
            "Kurdi Halabi Sabbagh Zein Barakat Nasser Jaber Taha Mansour Abbas"
        ),
        ("Al Khatib", "Al Khatib"),
        ("Abu Zaid", "Abu Zaid"),
    ),
)
UKRAINIAN = Origin(
    weight=8,
    women=_words(
        "Olena Tetiana Nataliia Iryna Oksana Svitlana Yuliia Halyna Liudmyla Anastasiia Kateryna "
        "Viktoriia Mariia Sofiia Polina Daryna Anna Olha Inna Larysa"
    ),
    men=_words(
        "Oleksandr Serhii Volodymyr Andrii Mykola Yurii Viktor Vasyl Ivan Dmytro Maksym Artem "
        "Danylo Oleh Ihor Bohdan Roman Petro Mykhailo Yevhen"
    ),
    surnames=_pairs(
        "Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Kovalchuk Melnyk Boiko Tkachuk Lysenko "
        "Savchenko Rudenko Petrenko Marchenko Moroz Hryhorenko Kravets Zelinskyi/a Kaminskyi/a "
        "Horbatenko Pavlenko Ponomarenko Shcherbak Zhuk Khomenko Yakovenko Vasylenko Panchenko"
    ),
)
RUSSIAN = Origin(
    weight=5,
    women=_words("Olga Elena Natalia Irina Svetlana Tatjana Ludmila Galina Julia Oxana Nina Vera Anna"),
    men=_words("Alexander Sergej Wladimir Viktor Andrej Dimitri Nikolai Jurij Igor Eugen Waldemar Artur"),
    surnames=_pairs(
        "Iwanow/a Petrow/a Smirnow/a Sokolow/a Popow/a Wolkow/a Kusnezow/a Lebedew/a Nowikow/a "
        "Schewtschenko Kowalenko Bondarenko Morosow/a Schmidt Müller Weber Becker Gerlitz Reimer "
        "Friesen Penner Wiebe Dück Klassen Enns"
    ),
)  # fmt: skip
POLISH = Origin(
    weight=4,
    women=_words("Anna Maria Katarzyna Małgorzata Agnieszka Barbara Ewa Joanna Beata Danuta Zuzanna Maja"),
    men=_words("Piotr Krzysztof Andrzej Tomasz Paweł Jan Marcin Łukasz Grzegorz Sławomir Kacper Jakub"),
    surnames=_pairs(
        "Nowak Kowalski/a Wiśniewski/a Wójcik Kowalczyk Kamiński/a Lewandowski/a Zieliński/a Szymański/a "
        "Woźniak Dąbrowski/a Kozłowski/a Jankowski/a Mazur Krawczyk Piotrowski/a Grabowski/a Łukaszewicz"
    ),
)  # fmt: skip
OTHERS = Origin(
    weight=6,
    women=_words("Blessing Mariana Zahra Elena Mercy Ioana Parisa Thu Linh Arta Mirjeta Senait Selam"),
    men=_words("Emmanuel Ionuț Farhad Dragan Joshua Andrei Amir Duc Minh Arben Besnik Yonas Dawit Samuel"),
    surnames=_same(
        "Nguyễn Nguyen Okafor Popescu Ahmadi Hosseini Jovanović Đorđević Tesfay Tekle Müller-Santos "
        "Krasniqi Berisha Gashi Hoxha Ionescu Dumitru Stan Tran Le Pham Mensah Owusu Haile Rahimi "
        "Karimi Rezai Mohammadi Petrović Nikolić Silva Santos"
    ),
)  # fmt: skip
ORIGINS = (GERMAN, TURKISH, ARABIC, UKRAINIAN, RUSSIAN, POLISH, OTHERS)

SPELLINGS = {
    "Shevchenko": "Schewtschenko",
    "Kovalenko": "Kowalenko",
    "Tkachenko": "Tkatschenko",
    "Tkachuk": "Tkatschuk",
    "Kravchenko": "Krawtschenko",
    "Kovalchuk": "Kowaltschuk",
    "Savchenko": "Sawtschenko",
    "Marchenko": "Martschenko",
    "Zelinskyi": "Selinskyj",
    "Zelinska": "Selinska",
    "Khomenko": "Chomenko",
    "Zhuk": "Schuk",
    "Darwisch": "Darwish",
    "Suleiman": "Sulaiman",
    "Al-Hussein": "Alhussein",
    "Al-Khatib": "Alkhatib",
    "Oleksandr": "Olexandr",
    "Nataliia": "Natalija",
    "Yuliia": "Julija",
    "Anastasiia": "Anastasija",
    "Serhii": "Serhij",
    "Andrii": "Andrij",
    "Yurii": "Jurij",
    "Mohammad": "Mohammed",
    "Mohamed": "Mohammad",
    "Yousef": "Youssef",
    "Khaled": "Chaled",
    "Maryam": "Mariam",
}
"""How an office or the bearer writes a name that has no one spelling in Latin letters."""

_SHIFT = 13

WOMEN = frozenset(name for origin in ORIGINS for name in origin.women)


def pick_origin(rng: Random) -> Origin:
    """One origin by weight."""
    return rng.choices(ORIGINS, weights=[origin.weight for origin in ORIGINS])[0]


def common_first(rng: Random, names: tuple[Name, ...]) -> Name:
    """One of ``names``, common ones first, as Zipf and Mandelbrot have it.

    Of a thousand surnames the first then comes in one of sixty cases, of a hundred given names in
    one of thirty.
    """
    # The inverse of the distribution, near enough: uniform in the logarithm of the shifted rank.
    low, high = _SHIFT, len(names) + _SHIFT
    rank = int(low * (high / low) ** rng.random() - low)
    return names[min(rank, len(names) - 1)]
