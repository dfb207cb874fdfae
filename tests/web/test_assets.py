"""Files of the screens: compressed where that helps, and fonts for every letter of a name."""

from __future__ import annotations

import gzip
import posixpath
import re
from functools import cache

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import Visit
from web import assets
from web.assets import Assets, takes_gzip


@cache
def served() -> Assets:
    return assets.collect()


@pytest.fixture
def kern() -> str:
    """The address of the largest stylesheet."""
    return served().url("kern/kern.min.css")


@pytest.fixture
def plain() -> bytes:
    """What stands in it."""
    return served().files["kern/kern.min.css"].read_bytes()


def raw(client: TestClient, url: str, **headers: str) -> tuple[bytes, dict[str, str]]:
    """The answer as it goes over the wire."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream("GET", url, headers=named) as answer:
        return b"".join(answer.iter_raw()), dict(answer.headers)


def test_a_stylesheet_travels_compressed_to_a_browser_that_takes_it(
    visitor: TestClient, kern: str, plain: bytes
) -> None:
    body, headers = raw(visitor, kern, accept_encoding="gzip, deflate, br, zstd")
    assert headers["content-encoding"] == "gzip"
    assert headers["content-length"] == str(len(body))
    assert headers["vary"] == "Accept-Encoding"
    assert "immutable" in headers["cache-control"]
    assert headers["content-type"] == "text/css; charset=utf-8"
    assert gzip.decompress(body) == plain
    assert len(body) < len(plain) / 8
    assert raw(visitor, kern, accept_encoding="gzip")[0] == body


@pytest.mark.parametrize("taken", ["identity", "", "gzip;q=0", "br"])
def test_whoever_does_not_take_gzip_gets_the_plain_file(
    visitor: TestClient, taken: str, kern: str, plain: bytes
) -> None:
    body, headers = raw(visitor, kern, accept_encoding=taken)
    assert "content-encoding" not in headers
    assert headers["vary"] == "Accept-Encoding"
    assert body == plain


def test_a_part_of_a_file_is_a_part_of_the_plain_file(
    visitor: TestClient, kern: str, plain: bytes
) -> None:
    body, headers = raw(visitor, kern, accept_encoding="gzip", range="bytes=100-199")
    assert "content-encoding" not in headers
    assert headers["content-range"] == f"bytes 100-199/{len(plain)}"
    assert body == plain[100:200]


@pytest.mark.parametrize("taken", ["gzip", "identity"])
@pytest.mark.parametrize("name", ["kern/kern.min.css", assets.JOINED])
def test_the_head_alone_is_that_of_the_whole_answer(
    visitor: TestClient, taken: str, name: str
) -> None:
    url = served().url(name)
    head = visitor.head(url, headers={"Accept-Encoding": taken})
    _, whole = raw(visitor, url, accept_encoding=taken)
    assert head.content == b""
    assert dict(head.headers) == whole


def test_fonts_are_sent_as_they_are(visitor: TestClient) -> None:
    url = served().url("css/files/fira-sans-latin-400-normal.woff2")
    _, headers = raw(visitor, url, accept_encoding="gzip")
    assert "content-encoding" not in headers
    assert "vary" not in headers


def test_every_stylesheet_reaches_the_browser(visitor: TestClient) -> None:
    own = {path.stem for path in (assets.OWN / "css").iterdir()}
    assert own <= set(assets.SHEETS)
    sent = visitor.get(served().url(assets.JOINED)).content
    for sheet in assets.SHEETS:
        assert served().files[f"css/{sheet}.css"].read_bytes() in sent, sheet


def test_pages_with_forms_are_never_compressed(signed_in: Visit) -> None:
    client = signed_in("m.petersen")
    for path in ("/kennwort", "/postkorb/m.petersen", "/gibt-es-nicht"):
        _, headers = raw(client, path, accept_encoding="gzip")
        assert "content-encoding" not in headers, path


@pytest.mark.parametrize(
    ("header", "taken"),
    [
        ("gzip", True),
        ("GZip ; q=0.5, identity", True),
        ("*", True),
        ("br, *;q=0.1", True),
        ("*, gzip;q=0", False),
        ("gzip;q=0.000", False),
        ("gzip;q=viel", False),
        ("gzipped", False),
    ],
)
def test_the_weights_of_a_browser_are_heeded(header: str, taken: bool) -> None:
    assert takes_gzip(header) is taken


def faces() -> list[tuple[str, str, range]]:
    """Every declared cut: weight and style, the file it names, and one of its ranges."""
    found = []
    sheet = served().made[assets.JOINED].decode()
    for face in re.findall(r"@font-face \{(.*?)\}", sheet, re.DOTALL):
        weight = re.search(r"font-weight: (\d+)", face)
        file = re.search(r"url\(\"?([^)\"]+\.woff2)", face)
        assert weight
        assert file
        cut = weight[1] + ("-italic" if "font-style: italic" in face else "")
        name = posixpath.normpath(posixpath.join("css", file[1]))
        for first, last in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", face):
            found.append((cut, name, range(int(first, 16), int(last or first, 16) + 1)))
    return found


def test_every_font_that_a_stylesheet_names_is_served() -> None:
    assert {file for _, file, _ in faces()} == {
        name for name in served().files if name.endswith(".woff2")
    }


@pytest.mark.parametrize("cut", ["400", "400-italic", "600"])
def test_names_from_everywhere_have_their_letters(cut: str) -> None:
    names = "Müller-Lüdenscheidt Łukaszewicz Śliwińska Doğan Işık Ţăran Ștefan Đorđević Nguyễn"
    names += "Шевченко Їжак Παπαδόπουλος § 44 „–“ … € ↑ ↓"
    ranges = [letters for face, _, letters in faces() if face == cut]
    assert not [one for one in names if not any(ord(one) in letters for letters in ranges)]


def test_a_german_page_needs_one_small_file_a_weight() -> None:
    german = "Für Straße, Größe, ÄÖÜ: „Widerspruch“ – 12,50 € … § 44 SGB X ↑ ↓"
    for cut in ("400", "600"):
        needed = {
            file
            for face, file, letters in faces()
            if face == cut and any(ord(one) in letters for one in german)
        }
        assert needed == {f"css/files/fira-sans-latin-{cut}-normal.woff2"}
        (file,) = needed
        assert (assets.NODE_MODULES / assets.THIRD_PARTY[file]).stat().st_size < 30_000
