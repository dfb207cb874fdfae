"""Write ``eakte/language/words/known.txt`` anew, from the sample letters and the Schlagworte.

    python benchmarks/search/known_words.py

To be run when the sample letters have grown much.  Left out is what is made of known parts, and
what stands only where letters name somebody.  Raise ``ANALYSIS_VERSION`` with it.
"""

from __future__ import annotations

import re
import textwrap
from collections import Counter
from pathlib import Path

from eakte.language.compounds import is_made_of_parts
from eakte.language.stems import term_of

ROOT = Path(__file__).parents[2]
TARGET = ROOT / "eakte" / "language" / "words" / "known.txt"
_SLOT = re.compile(r"\{[^}]*\}")
_HEAD = re.compile(r"^===.*$", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_LONGEST = 24
HEADER = """\
# Terms of words that letters of this field use and that are not made of parts (parts.txt): written
# by benchmarks/search/known_words.py, not by hand.
"""


def main() -> None:
    """From the command line."""
    found: Counter[str] = Counter()
    small: set[str] = set()
    files = [*(ROOT / "config" / "musterbriefe").glob("*.txt")]
    files += (ROOT / "config" / "schlagworte").glob("*.toml")
    for path in files:
        text = _HEAD.sub(" ", _SLOT.sub(" ", path.read_text(encoding="utf-8")))
        for word in _WORD.findall(text):
            if len(word) <= _LONGEST and not is_made_of_parts(word):
                found[term_of(word)] += 1
                if word[0].islower():
                    small.add(term_of(word))
    kept = sorted(term for term, count in found.items() if term in small or count > 1)
    TARGET.write_text(HEADER + textwrap.fill(" ".join(kept), 100) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
