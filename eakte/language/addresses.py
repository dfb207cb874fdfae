"""Postal addresses in one spelling for exact look-ups: ``Süderstr. 12 a``, ``Süderstraße 12a``."""

from __future__ import annotations

import re

from eakte.language.folding import fold

_SHARP_S = re.compile(r"(?<=[a-zäöü])[BR](?=[a-zäöü])")
_SIGNS = re.compile(r"[\W_]+")
_STREET = re.compile(r"strasse|str(?=\d|$)")


def street_key(street: str) -> str:
    """A street with house number in one spelling: ``Süderstr. 12 a`` is ``suderstr12a``."""
    return _STREET.sub("str", _SIGNS.sub("", fold(_SHARP_S.sub("ß", street))))


def address_key(street: str, postcode: str) -> str:
    """The look-up key of an address, ``25813:suderstr12a``; empty where a part is missing."""
    key = street_key(street)
    return f"{postcode}:{key}"[:120] if key and postcode else ""
