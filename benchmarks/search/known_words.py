"""Write ``eakte/language/words/known.txt`` anew, from the sample letters and the Schlagworte.

    python benchmarks/search/known_words.py

To be run when the sample letters have grown much.  Left out is what is made of known parts, and
what is somebody's name.  Raise ``ANALYSIS_VERSION`` with it.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from itertools import chain
from pathlib import Path

from eakte.demo.names import ORIGINS
from eakte.language.compounds import is_made_of_parts
from eakte.language.stems import term_of

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "eakte" / "language" / "words" / "known.txt"
_SLOT = re.compile(r"\{[^}]*\}|\S*[@_]\S*|www\S*")
_HEAD = re.compile(r"^===.*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_NAMED = re.compile(r"\b(?:Frau|frau|Herrn?|herrn?|Familie|Dr\.|Kanzlei|Versandhaus) ([^\W\d_]+)")
_NO_NAME = 20
"""Words that stand behind „Frau“ and are more frequent are none ("Frau und Herr")."""
_LONGEST = 24
HEADER = """\
# Terms of words that letters of this field use and that are not made of parts (parts.txt): written
# by benchmarks/search/known_words.py, not by hand.
"""


def main() -> None:
    """From the command line."""
    found: Counter[str] = Counter()
    small: set[str] = set()
    called: set[str] = set()
    names = {
        term_of(name)
        for one in ORIGINS
        for name in (*one.women, *one.men, *one.girls, *one.boys, *chain(*one.surnames))
    }
    files = [*(ROOT / "config" / "musterbriefe").glob("*.txt")]
    files += (ROOT / "config" / "schlagworte").glob("*.toml")
    for path in files:
        text = _HEAD.sub(" ", _SLOT.sub(" ", path.read_text(encoding="utf-8")))
        called |= set(map(term_of, _NAMED.findall(text)))
        for word in _WORD.findall(text):
            if len(word) <= _LONGEST and not is_made_of_parts(word):
                found[term_of(word)] += 1
                if word[0].islower():
                    small.add(term_of(word))
    kept = sorted(
        term
        for term, count in found.items()
        if (term not in called or count > _NO_NAME)
        and (term in small or (count > 1 and term not in names))
    )
    TARGET.write_text(HEADER + textwrap.fill(" ".join(kept), 100) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
