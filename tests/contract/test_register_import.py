"""The register is taken whole or not at all, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from eakte.bootstrap import Product
from eakte.domain.rights import system_reader
from eakte.errors import RegisterError
from eakte.models import CaseFile, PersonRow
from eakte.services.register_file import parse_register
from tests.small_authority import MUELLER, small_register

OPERATOR = system_reader("operator")


def test_the_same_register_twice_changes_nothing(product: Product):
    product.services.register.run(OPERATOR, parse_register(small_register()))
    with product.database.read() as session:
        assert session.scalar(select(func.count()).select_from(CaseFile)) == 5
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 6


def test_an_unknown_login_refuses_the_whole_file(product: Product):
    register = small_register()
    register["case_files"][0]["street"] = "Anders 1"
    register["case_files"][4]["responsible"] = {"leistung": "n.iemand"}
    with pytest.raises(RegisterError, match=r"unbekannten Login „n.iemand“"):
        product.services.register.run(OPERATOR, parse_register(register))
    with product.database.read() as session:
        street = session.scalar(select(CaseFile.street).where(CaseFile.aktenzeichen == MUELLER))
    assert street == "Süderstraße 12"
