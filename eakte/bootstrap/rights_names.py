"""The names in ``rechte.toml`` held against the register."""

from __future__ import annotations

from eakte.bootstrap import Product
from eakte.domain.rights import CLEARING
from eakte.repositories.organisation import Organisation


def unknown_names(product: Product) -> list[tuple[str, str]]:
    """Key and name of every login and team in the file that the register doesn't know."""
    access = product.settings.access
    unknown: list[tuple[str, str]] = []
    with product.database.read() as session:
        register = Organisation(session)
        for kind, logins in access.named_logins.items():
            missing = sorted(one for one in logins if not register.knows_login(one))
            unknown += [(f"subfiles.{kind}.logins", one) for one in missing]
        for kind, teams in access.named_teams.items():
            missing = sorted(one for one in teams if not register.knows_team(one))
            unknown += [(f"subfiles.{kind}.teams", one) for one in missing]
        postbox = access.protected_postbox
        if not (
            postbox == CLEARING or register.knows_login(postbox) or register.knows_team(postbox)
        ):
            unknown.append(("protected.postbox", postbox))
    return unknown
