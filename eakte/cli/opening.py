"""Opening the product for one call of a command."""

from __future__ import annotations

from pathlib import Path

from eakte.bootstrap import Product, open_product
from eakte.cli.logs import set_up_logging
from eakte.cli.options import settings_of


def product_of(config: Path | None) -> Product:
    """The product of this call."""
    set_up_logging()
    return open_product(settings_of(config))
