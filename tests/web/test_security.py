"""Headers on every answer, forged requests, files, and the look of errors."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from eakte import errors
from eakte.errors import ServiceMissing
from tests.web.conftest import Visit, form_token
from tests.web.stage import PASSWORD, Stage
from web import assets
from web.app import create_app
from web.errors import page_for
from web.security import FROM_ELSEWHERE, SAFE_METHODS
from web.views import ROUTERS

WITH_A_TOKEN = "/api/"
UNSAFE = sorted(
    route.path
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute)
    and not route.methods <= SAFE_METHODS
    and not route.path.startswith(WITH_A_TOKEN)
    and route.path != FROM_ELSEWHERE
)
"""Forms of a signed-in browser.

Programmes send a token of their own and no cookie counts there; the Fachverfahren's call comes from
elsewhere by its nature and only leads on: see the test of its own.
"""


@pytest.mark.parametrize(
    "path", ["/anmelden", "/healthz", "/gibt-es-nicht", "/static/x/css/base.css", "/kennwort"]
)
def test_every_answer_carries_the_security_headers(visitor: TestClient, path: str) -> None:
    headers = visitor.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "camera=()" in headers["permissions-policy"]


def test_pages_are_never_kept_by_the_browser(signed_in: Visit) -> None:
    assert signed_in("m.petersen").get("/kennwort").headers["cache-control"] == "no-store"


def test_there_are_forms_to_protect() -> None:
    assert len(UNSAFE) >= 8


@pytest.mark.parametrize("path", UNSAFE)
def test_a_form_from_another_site_is_refused(signed_in: Visit, path: str) -> None:
    client = signed_in("m.petersen")
    concrete = re.sub(r"\{[^}]+\}", "x", path)
    data = {"csrf": form_token(client)}
    for forged in (
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"},
    ):
        assert client.post(concrete, data=data, headers=forged).status_code == 403


@pytest.mark.parametrize("path", [path for path in UNSAFE if path != "/anmelden"])
def test_a_form_without_the_token_of_the_session_is_refused(signed_in: Visit, path: str) -> None:
    client, other = signed_in("m.petersen"), signed_in("j.hansen")
    concrete = re.sub(r"\{[^}]+\}", "x", path)
    for token in ("", "falsch", form_token(other)):
        answer = client.post(concrete, data={"csrf": token})
        assert answer.status_code == 403
        assert "gehört nicht zu dieser Anmeldung" in answer.text


def test_the_interface_of_programmes_takes_no_browsers_session(signed_in: Visit) -> None:
    client = signed_in("m.petersen")
    answer = client.post("/api/v1/documents", data={"csrf": form_token(client)})
    assert answer.status_code == 401


def test_a_proxy_may_publish_the_server_under_another_origin(stage: Stage) -> None:
    app = create_app(stage.services, allowed_origins=["https://akte.kreis.example"])
    data = {"login": "m.petersen", "kennwort": PASSWORD}
    with TestClient(app, follow_redirects=False) as client:
        allowed = {"Origin": "https://akte.kreis.example"}
        assert client.post("/anmelden", data=data, headers=allowed).status_code == 303
        other = {"Origin": "https://andere.kreis.example"}
        assert client.post("/anmelden", data=data, headers=other).status_code == 403


def test_no_template_holds_inline_code_or_style() -> None:
    for template in (Path(assets.__file__).parent / "templates").glob("*.html"):
        text = template.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son[a-z]+=|javascript:|hx-on|js:", text), template.name
        assert not re.search(r"<script(?![^>]*\ssrc=)", text), template.name


def test_a_page_loads_nothing_from_elsewhere(signed_in: Visit) -> None:
    page = signed_in("m.petersen").get("/kennwort").text
    assert re.findall(r'(?:src|href)="(https?:)?//', page) == []


def test_files_of_the_page_are_cached_for_ever_and_exist(visitor: TestClient) -> None:
    page = visitor.get("/anmelden").text
    found = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(found) > 8
    for url in found:
        answer = visitor.get(url)
        assert answer.status_code == 200, url
        assert "immutable" in answer.headers["cache-control"]


def test_fonts_and_imported_scripts_lie_where_their_files_look_for_them(
    visitor: TestClient,
) -> None:
    page = visitor.get("/anmelden").text
    for url in re.findall(r'(?:src|href)="(/static/[^"]+\.(?:css|js))"', page):
        if "htmx" in url or "kern.min" in url:
            continue
        text = visitor.get(url).text
        folder = url.rsplit("/", 1)[0]
        for relative in re.findall(r'(?:url\("|from ")(\.[^"]+)"', text):
            assert visitor.get(f"{folder}/{relative}").status_code == 200, relative


def test_only_listed_files_are_served(visitor: TestClient) -> None:
    for name in ("../app.py", "..%2Fapp.py", "htmx.org/package.json", "css/", ""):
        assert visitor.get(f"/static/abc/{name}").status_code == 404, name


def test_a_missing_front_end_package_is_named_with_its_remedy(empty_modules: Path) -> None:
    with pytest.raises(ServiceMissing, match=r"kern\.min\.css.*npm ci"):
        assets.collect(empty_modules)


def test_unknown_addresses_and_unknown_documents_look_the_same(signed_in: Visit) -> None:
    client = signed_in("m.petersen")
    nowhere = client.get("/gibt/es/nicht")
    assert nowhere.status_code == 404
    assert "für Sie nicht freigegeben" in nowhere.text
    for path in ("/dokumente/unbekannt", "/akten/99999~~0000000", "/postkorb/s.scan"):
        answer = client.get(path)
        assert answer.status_code == 404
        main = re.compile(r"<main.*</main>", re.DOTALL)
        assert main.findall(answer.text) == main.findall(nowhere.text)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.NotFound("x"), 404),
        (errors.NotPermitted("x"), 403),
        (errors.Conflict("x"), 409),
        (errors.Unavailable("x"), 503),
        (errors.Damaged("x"), 500),
        (errors.RegisterError("x"), 400),
        (ValueError("x"), 500),
    ],
)
def test_every_family_of_errors_has_its_page(error: Exception, status: int) -> None:
    assert page_for(error).status == status


def broken(app: FastAPI, error: Exception) -> None:
    def fail() -> None:
        raise error

    app.add_api_route("/kaputt", fail)


def test_a_bug_shows_a_page_without_its_innards(stage: Stage) -> None:
    app = create_app(stage.services)
    broken(app, RuntimeError("Geheimes aus dem Innern"))
    with TestClient(app, raise_server_exceptions=False) as client:
        answer = client.get("/kaputt")
    assert answer.status_code == 500
    assert "Fehler im Programm" in answer.text
    assert "Geheimes" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_the_log_names_the_route_and_not_the_number_of_a_file(stage: Stage) -> None:
    app = create_app(stage.services)

    @app.get("/kaputt/{segment}")
    def fail(segment: str) -> None:
        raise RuntimeError(len(segment))

    client = TestClient(app, raise_server_exceptions=False)
    with capture_logs() as logs, client:
        client.get("/kaputt/12345--0001234")
    (line,) = [one for one in logs if one["event"] == "unexpected error"]
    assert line["route"] == "/kaputt/{segment}"
    assert not any("0001234" in str(value) for name, value in line.items() if name != "exc_info")


def test_a_part_that_is_down_says_so_with_its_remedy(stage: Stage) -> None:
    app = create_app(stage.services)
    broken(app, errors.Unavailable("Die Datenbank antwortet nicht.", remedy="Später versuchen."))
    with TestClient(app) as client:
        answer = client.get("/kaputt")
    assert answer.status_code == 503
    assert "Die Datenbank antwortet nicht." in answer.text
    assert "Später versuchen." in answer.text


def test_htmx_gets_an_error_as_a_message_beside_what_one_does(stage: Stage) -> None:
    app = create_app(stage.services)
    broken(app, errors.Conflict("Karen Thomsen war schneller."))
    with TestClient(app) as client:
        answer = client.get("/kaputt", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer.headers["hx-retarget"] == "#meldungen"
    assert "<html" not in answer.text
    assert "Karen Thomsen war schneller." in answer.text
