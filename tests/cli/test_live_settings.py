"""``eakte settings``: what the operator sees of what was changed on the screen."""

from __future__ import annotations

from eakte.bootstrap import Product
from eakte.domain.live_settings import LIVE_SETTINGS
from tests.cli.conftest import Eakte


def test_the_list_says_what_comes_from_the_file_and_what_from_the_screen(
    eakte: Eakte, product: Product
):
    admin = product.services.accounts.reader("x.admin")
    product.services.live_settings.change(admin, "counter.days", 0, "90", reason="Urlaubszeit")
    plain = eakte("settings", "list")
    assert (plain.code, plain.err) == (0, "")
    lines = plain.out.splitlines()
    assert "statistics.span_days: 4 Wochen (Datei)" in lines
    (changed,) = (one for one in lines if "Bildschirm" in one)
    assert changed.startswith("counter.days: 90 Tage (Bildschirm, x.admin am ")
    assert changed.endswith("; in der Datei 60 Tage)")
    found = {one["key"]: one for one in eakte("settings", "list", "--json").objects}
    assert list(found) == [one.key for one in LIVE_SETTINGS]
    told = found["counter.days"]
    assert (told["value"], told["file"], told["origin"]) == (90, 60, "screen")
    assert (told["changed_by"], told["reason"]) == ("x.admin", "Urlaubszeit")
    assert found["counter.receipt_days"]["origin"] == "file"


def test_the_help_says_that_a_changed_file_counts_after_a_restart(eakte: Eakte):
    told = " ".join(eakte("settings", "list", "--help").out.replace("│", " ").split())
    assert "gilt sie erst nach deren Neustart" in told
