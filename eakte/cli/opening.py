"""Opening the product for one call of a command."""

from __future__ import annotations

import os
from pathlib import Path

import structlog

from eakte.bootstrap import Product, open_product
from eakte.bootstrap.rights_names import unknown_names
from eakte.bootstrap.rules import look_at_folder
from eakte.cli.ending import at_the_end
from eakte.cli.logs import set_up_logging
from eakte.cli.options import settings_of
from eakte.cli.processes import PARENT

log = structlog.get_logger(__name__)


def product_of(config: Path | None) -> Product:
    """The product of this call."""
    set_up_logging()
    product = open_product(settings_of(config))
    at_the_end(product.database.close)
    return product


def product_to_run(config: Path | None) -> Product:
    """The product of a process that stays: warns of rights for people and teams nobody knows.

    Only warns, because the register may come later; so it does of changed rules that wait for
    somebody to put them into force.  The children of a supervisor leave both to that.  What is open
    to whom may have changed in the settings: the index learns of it before anybody is answered.
    """
    product = product_of(config)
    product.indexer.take_up_settings()
    if PARENT not in os.environ:
        for key, name in unknown_names(product):
            log.warning(
                "rights.unknown_name",
                file=str(product.settings.config / "rechte.toml"),
                key=key,
                name=name,
                remedy="Im Register steht niemand so; bis dahin gilt der Eintrag nicht.",
            )
        look_at_folder(product.settings, product.services.rules)
    return product
