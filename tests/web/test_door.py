"""Signing in and out, the cookie, and what a stranger gets to see."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from tests.web.conftest import ORIGIN, Visit, form_token
from tests.web.stage import PASSWORD, Stage
from web.app import create_app


def test_a_stranger_is_sent_to_the_sign_in_page_and_back_afterwards(visitor: TestClient) -> None:
    answer = visitor.get("/suche?q=Miete", headers={"Accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/anmelden?weiter=%2Fsuche%3Fq%3DMiete"

    answer = visitor.post(
        "/anmelden",
        data={"login": "m.petersen", "kennwort": PASSWORD, "weiter": "/suche?q=Miete"},
    )
    assert answer.headers["location"] == "/suche?q=Miete"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example", "/\\evil.example", "evil", "/a\nb"]
)
def test_signing_in_never_leads_to_another_site(visitor: TestClient, elsewhere: str) -> None:
    answer = visitor.post(
        "/anmelden", data={"login": "m.petersen", "kennwort": PASSWORD, "weiter": elsewhere}
    )
    assert answer.headers["location"] == "/"


def test_a_wrong_password_is_refused_without_telling_whether_the_login_exists(
    visitor: TestClient,
) -> None:
    known = visitor.post("/anmelden", data={"login": "k.thomsen", "kennwort": "Zaunkönig"})
    unknown = visitor.post("/anmelden", data={"login": "niemand", "kennwort": "Zaunkönig"})
    assert known.status_code == unknown.status_code == 401
    assert known.text.replace("k.thomsen", "") == unknown.text.replace("niemand", "")
    assert "Zaunkönig" not in known.text
    assert "set-cookie" not in known.headers


def test_the_session_cookie_is_out_of_reach_for_scripts_and_other_sites(
    visitor: TestClient,
) -> None:
    answer = visitor.post("/anmelden", data={"login": "m.petersen", "kennwort": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("eakte=")
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))


def test_over_https_the_cookie_is_bound_to_host_and_https(stage: Stage) -> None:
    app = create_app(stage.services, secure_cookies=True)
    headers = {"Origin": "https://akte.example"}
    with TestClient(app, base_url="https://akte.example", headers=headers) as client:
        answer = client.post(
            "/anmelden",
            data={"login": "m.petersen", "kennwort": PASSWORD},
            follow_redirects=False,
        )
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-eakte=")
        assert "Secure" in cookie.split("; ")
        assert "max-age" in answer.headers["strict-transport-security"]
        assert client.get("/postkorb").status_code == 200


def test_whose_product_it_is_stands_at_the_door_and_on_every_screen(stage: Stage) -> None:
    app = create_app(stage.services, authority="Jobcenter Kreis <Nordfriesland>")
    with TestClient(app, headers=ORIGIN) as client:
        said = "Jobcenter Kreis &lt;Nordfriesland&gt;"
        assert said in client.get("/anmelden").text
        client.post("/anmelden", data={"login": "m.petersen", "kennwort": PASSWORD})
        for address in ("/postkorb", "/suche", "/kennwort", "/gibt/es/nicht"):
            assert said in client.get(address).text


def test_signing_out_ends_the_session_on_the_server(signed_in: Visit) -> None:
    client = signed_in("m.petersen")
    token = client.cookies["eakte"]
    answer = client.post("/abmelden", data={"csrf": form_token(client)})
    assert answer.headers["location"].startswith("/anmelden")
    client.cookies.set("eakte", token)
    assert client.get("/kennwort", headers={"Accept": "text/html"}).status_code == 303


def test_a_lost_session_leaves_what_was_typed_and_says_what_to_do(visitor: TestClient) -> None:
    answer = visitor.post(
        "/postkorb/eintraege/1/weiterleiten",
        data={"ziel": "j.hansen", "vermerk": "lang überlegt", "version": "1"},
        headers={"HX-Request": "true"},
    )
    assert answer.status_code == 401
    assert "hx-redirect" not in answer.headers
    assert answer.headers["hx-retarget"] == "#meldungen"
    assert "Ihre Eingaben bleiben hier stehen" in answer.text
    assert '<a href="/anmelden" target="_blank"' in answer.text


def test_changing_the_password_keeps_this_browser_and_ends_the_others(signed_in: Visit) -> None:
    here, elsewhere = signed_in("n.jessen"), signed_in("n.jessen")
    new = "noch ein langer Satz"

    def change(old: str, wanted: str, again: str) -> int:
        data = {"csrf": form_token(here), "alt": old, "neu": wanted, "noch_einmal": again}
        return here.post("/kennwort", data=data).status_code

    assert change(PASSWORD, new, "anders geschrieben") == 400
    assert change("falsch", new, new) == 400
    assert change(PASSWORD, "kurz", "kurz") == 400
    assert change(PASSWORD, new, new) == 303
    assert here.get("/kennwort").status_code == 200
    assert elsewhere.get("/kennwort", headers={"Accept": "text/html"}).status_code == 303
    assert change(new, PASSWORD, PASSWORD) == 303


def test_who_is_signed_in_does_not_see_the_sign_in_page_again(signed_in: Visit) -> None:
    answer = signed_in("m.petersen").get("/anmelden?weiter=/kennwort")
    assert answer.headers["location"] == "/kennwort"


@pytest.mark.parametrize(
    ("login", "begins"),
    [
        ("m.petersen", "/postkorb"),
        ("t.lead", "/postkorb"),
        ("r.recht", "/postkorb"),
        ("s.scan", "/klaerung"),
    ],
)
def test_every_role_begins_where_its_work_is(signed_in: Visit, login: str, begins: str) -> None:
    assert signed_in(login).get("/").headers["location"] == begins


def test_an_administrator_gets_a_page_without_contents(signed_in: Visit) -> None:
    client = signed_in("a.admin")
    page = client.get(client.get("/").headers["location"])
    assert page.status_code == 200
    assert "/postkorb" not in page.text
    assert "/suche" not in page.text


def test_the_chosen_appearance_is_kept_in_the_browser(signed_in: Visit) -> None:
    client = signed_in("m.petersen")
    data = {"csrf": form_token(client), "thema": "dark"}
    answer = client.post("/darstellung", data=data, headers={"Referer": "http://x/suche?q=a"})
    assert answer.headers["location"] == "/suche?q=a"
    assert 'data-kern-theme="dark"' in client.get("/kennwort").text


def test_a_program_without_a_browser_is_refused(stage: Stage) -> None:
    with TestClient(create_app(stage.services)) as client:
        answer = client.post("/anmelden", data={"login": "m.petersen", "kennwort": PASSWORD})
    assert answer.status_code == 403


def test_the_server_says_that_it_is_ready(visitor: TestClient) -> None:
    answer = visitor.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")
    assert ORIGIN  # the probe needs none
    assert "set-cookie" not in answer.headers
