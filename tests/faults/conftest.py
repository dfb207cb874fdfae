"""The product of a test, as processes that may be killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from eakte.bootstrap import Product
from tests.faults.house import House, house, impatient_settings


@pytest.fixture
def running(product: Product, tmp_path: Path) -> Iterator[House]:
    """The product of this test; nothing is started yet."""
    product.inbox.mkdir(exist_ok=True)
    with house(
        product.settings.home,
        impatient_settings(tmp_path / "config"),
        product.settings.database_url,
        tmp_path / "log.txt",
    ) as made:
        yield made
