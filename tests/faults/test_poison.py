"""One bad document costs one document; what others do to its process is not its fault."""

from __future__ import annotations

import io
import os
import signal
from contextlib import suppress
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw

from eakte.bootstrap import Product
from tests.faults.accounts import (
    all_through,
    assert_everything_is_there_once,
    assert_in_order,
    counts,
    sources,
)
from tests.faults.house import House, house, impatient_settings, wait_for
from tests.letters import letters

PATIENCE = 240

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def drawn_for_long(pdf: bytes, times: int) -> bytes:
    """The letter with ``times`` cubed lines on it: few bytes, much work."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        inner = b"q 1 0 0 1 0 0 cm 10 10 m 300 300 l S Q\n" * times
        form = None
        for content in (inner, b"/Inner Do\n" * times, b"/Inner Do\n" * times):
            made = document.make_stream(content)
            made.Type = pikepdf.Name.XObject
            made.Subtype = pikepdf.Name.Form
            made.BBox = [0, 0, 600, 800]
            made.Resources = pikepdf.Dictionary(
                XObject=pikepdf.Dictionary(Inner=form) if form else pikepdf.Dictionary()
            )
            form = made
        page.add_resource(form, pikepdf.Name.XObject, name=pikepdf.Name.Long)
        page.contents_add(b"q /Long Do Q")
        document.save(out)
    return out.getvalue()


def large_sheet() -> bytes:
    """A sheet just within the limits of the format, whose picture needs a lot of memory."""
    out = io.BytesIO()
    image = Image.new("RGB", (12_000, 12_000), "white")
    ImageDraw.Draw(image).rectangle((1000, 1000, 9000, 9000), outline="black", width=40)
    image.save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


@pytest.fixture
def strict(product: Product, tmp_path: Path):
    """A house whose pages may take ten seconds and little memory."""
    product.inbox.mkdir(exist_ok=True)
    config = impatient_settings(tmp_path / "strict", page_seconds="10", memory_mb="650")
    url = product.settings.database_url
    with house(product.settings.home, config, url, tmp_path / "log.txt") as made:
        yield made


def test_pages_that_hang_or_eat_memory_are_put_aside_and_the_others_pass(
    strict: House, product: Product
):
    good = letters(4)
    post = {
        "a-endlos.pdf": drawn_for_long(letters(5)["brief-004.pdf"], 120),
        "b-riesig.png": large_sheet(),
        **good,
    }
    for name, content in post.items():
        (strict.inbox / name).write_bytes(content)
    strict.start("worker", "--with-inbox")
    wait_for(lambda: all_through(product, len(post)), PATIENCE, lambda: told(strict, product))
    strict.end()
    bad = frozenset({"a-endlos.pdf", "b-riesig.png"})
    assert_everything_is_there_once(product, post, quarantined=bad)
    reasons = {one.name: one.reason_code for one in sources(product) if one.name in bad}
    assert reasons == {"a-endlos.pdf": "page_timeout", "b-riesig.png": "page_memory"}
    assert_in_order(product)


def test_a_page_that_brings_its_process_down_twice_is_put_aside(running: House, product: Product):
    (running.inbox / "absturz.pdf").write_bytes(drawn_for_long(letters(1)["brief-000.pdf"], 1000))
    running.start("worker", "--with-inbox")

    def crash() -> bool:
        signal_ocr(running, signal.SIGSEGV)
        return counts(product).get("quarantined", 0) == 1

    wait_for(crash, PATIENCE, lambda: told(running, product), every=0.3)
    assert [one.reason_code for one in sources(product)] == ["page_crashed"]
    post = letters(2)
    (running.inbox / "danach.pdf").write_bytes(post["brief-001.pdf"])
    wait_for(lambda: all_through(product, 2), PATIENCE, lambda: told(running, product))


def test_a_page_whose_process_is_killed_from_outside_is_read_all_the_same(
    running: House, product: Product
):
    content = drawn_for_long(letters(1)["brief-000.pdf"], 25)
    (running.inbox / "langsam.pdf").write_bytes(content)
    running.start("worker", "--with-inbox")
    killed: set[int] = set()

    def kill_again() -> bool:
        killed.update(signal_ocr(running, signal.SIGKILL))
        return len(killed) >= 8  # more often than a page may bring its own process down

    wait_for(kill_again, PATIENCE, lambda: told(running, product))
    wait_for(lambda: all_through(product, 1), PATIENCE, lambda: told(running, product))
    running.end()
    assert_everything_is_there_once(product, {"langsam.pdf": content})


def signal_ocr(house: House, number: signal.Signals) -> set[int]:
    """Signal every OCR process that has a source open, that is: in the middle of a page."""
    pids = {one.pid for one in house.living() if one.kind == "ocr" and is_reading(one.pid, house)}
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)
    return pids


def is_reading(pid: int, house: House) -> bool:
    """Whether the process has a file of the store open."""
    with suppress(OSError):
        for each in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                if each.readlink().is_relative_to(house.home / "store"):
                    return True
    return False


def told(house: House, product: Product) -> str:
    """What stands in database and log, for a test that fails."""
    return f"{counts(product)}\n{house.log.read_text()[-3000:]}"
