"""``eakte token``: what the operator sees of a programme's key, and what stays behind."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from eakte.bootstrap import Product
from eakte.errors import NotPermitted
from eakte.models import ApiToken, AuditRow
from tests.cli.conftest import Eakte


def trail(product: Product) -> list[tuple[str, str, dict[str, object]]]:
    """Who did what with tokens, in order."""
    with product.database.read() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.subject_type == "token").order_by(AuditRow.seq)
        )
        return [(row.actor, row.action, row.details) for row in rows]


def test_a_key_is_printed_once_alone_and_works(eakte: Eakte, product: Product):
    made = eakte("token", "create", "fachverfahren", "--as", "m.petersen")
    secret = made.out.removesuffix("\n")
    assert made.code == 0
    assert secret.startswith("eakte_")
    assert len(secret.split()) == 1
    assert secret not in made.err
    assert "nur jetzt gezeigt" in made.err
    holder = product.services.tokens.holder(secret)
    assert holder is not None
    assert (holder.name, holder.reader.login) == ("fachverfahren", "m.petersen")
    assert secret not in eakte("token", "list").out + eakte("token", "list", "--json").out
    assert trail(product) == [("system:operator", "token.create", {"acts_as": "m.petersen"})]


def test_the_list_tells_of_every_key_with_its_use_and_end(eakte: Eakte, product: Product):
    assert (eakte("token", "list").out, eakte("token", "list", "--json").out) == (
        "Noch gibt es keinen Zugangsschlüssel.\n",
        "",
    )
    secret = eakte("token", "create", "b", "--as", "m.petersen").out.strip()
    eakte("token", "create", "a", "--as", "j.hansen")
    product.services.tokens.holder(secret)
    eakte("token", "revoke", "a")
    first, second = eakte("token", "list").out.splitlines()
    assert first.startswith("a: handelt als j.hansen, widerrufen am ")
    assert second.startswith("b: handelt als m.petersen, zuletzt benutzt am ")
    one, other = eakte("token", "list", "--json").objects
    assert (one["name"], one["acts_as"], one["used"]) == ("a", "j.hansen", None)
    assert (one["revoked"] is None, other["revoked"]) == (False, None)
    assert other["used"] is not None
    assert {*one} == {"name", "acts_as", "scopes", "created", "used", "revoked"}


def test_a_revoked_key_ends_at_once_and_once_more_is_no_error(eakte: Eakte, product: Product):
    secret = eakte("token", "create", "portal", "--as", "m.petersen").out.strip()
    said = "Der Zugangsschlüssel „portal“ ist widerrufen.\n"
    assert eakte("token", "revoke", "portal").out == said
    assert product.services.tokens.holder(secret) is None
    assert eakte("token", "revoke", "portal").out == said
    assert [action for _, action, _ in trail(product)] == [
        "token.create",
        "token.revoke",
        "token.refused",
    ]


def test_a_name_that_is_none_is_refused(eakte: Eakte, product: Product):
    answer = eakte("token", "create", "Fach verfahren", "--as", "m.petersen")
    answer.assert_refused("„Fach verfahren“ taugt nicht", "Kleinbuchstaben")
    for name in ("", "ä", "x" * 51, "-x", "a/b", "fach\n"):
        with pytest.raises(NotPermitted, match="taugt nicht"):
            product.services.tokens.create(name, "m.petersen")
    assert tokens(product) == []


def test_a_taken_name_an_unknown_login_and_an_unknown_key_are_named(eakte: Eakte, product: Product):
    eakte("token", "create", "portal", "--as", "m.petersen")
    eakte("token", "revoke", "portal")
    again = eakte("token", "create", "portal", "--as", "m.petersen")
    again.assert_refused("„portal“ gibt es schon", "auch widerrufene")
    eakte("token", "create", "neu", "--as", "n.iemand").assert_refused("n.iemand")
    eakte("token", "revoke", "fremd").assert_refused("„fremd“", "eakte token list")
    assert tokens(product) == ["portal"]
    assert eakte("token", "create", "neu").code == 2


def tokens(product: Product) -> list[str]:
    with product.database.read() as session:
        return list(session.scalars(select(ApiToken.name)))
