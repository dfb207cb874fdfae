"""``/api/v1``: notices of the Fachverfahren and online applications, as a programme sends them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from eakte.bootstrap import Product
from eakte.bootstrap.intake import intake_tools
from eakte.intake.pick_up import PickUp
from eakte.intake.pipeline import process_source
from eakte.models import ApiToken, AuditRow, PostboxEntry, Source
from tests.letters import letter, objection
from tests.plain_intake import PlainSteps, PoolInThisProcess
from tests.small_authority import MUELLER, OTHER_SITE, PROTECTED
from web.app import create_app
from web.limits import FORM_BYTES, Limits, RateLimit

NOTICE = letter("Bewilligungsbescheid", "Ihnen werden Leistungen bewilligt.")
URL = "/api/v1/documents"


@pytest.fixture
def secret(product: Product) -> str:
    return product.services.tokens.create("fachverfahren", "m.petersen")


@pytest.fixture
def programme(product: Product, secret: str) -> Iterator[TestClient]:
    """A programme that shows its token; it sends neither cookie nor origin."""
    with TestClient(create_app(product.services)) as client:
        client.headers["Authorization"] = f"Bearer {secret}"
        yield client


def send(client: TestClient, key: str = "1", content: bytes = NOTICE, **facts: Any) -> Any:
    return client.post(
        URL,
        headers={"Idempotency-Key": key},
        files={"file": ("bescheid.pdf", content, "application/pdf")},
        data={"facts": json.dumps(facts)},
    )


def process(product: Product) -> None:
    steps = PlainSteps(intake_tools(product, PoolInThisProcess()))
    PickUp(product.database, lambda source_id: process_source(steps, source_id)).look()


def count(product: Product, model: type) -> int:
    with product.database.read() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    return said


def test_a_notice_is_taken_filed_and_told_of(product: Product, programme: TestClient):
    answer = send(programme, aktenzeichen="12345/0001234", schlagwort="bewilligung")
    assert answer.status_code == 201, answer.text
    said = answer.json()
    assert said["sha256"] == hashlib.sha256(NOTICE).hexdigest()
    assert answer.headers["location"] == said["url"] == f"{URL}/{said['id']}"
    assert programme.get(said["url"]).json()["state"] == "waiting"
    process(product)
    state = programme.get(said["url"]).json()
    assert (state["state"], state["reason"]) == ("filed", None)
    (document,) = state["documents"]
    assert document | {"id": ""} == {
        "id": "",
        "state": "filed",
        "schlagwort": "bewilligung",
        "aktenzeichen": MUELLER,
    }
    assert count(product, PostboxEntry) == 0
    reader = product.services.accounts.reader("m.petersen")
    view = product.services.documents.open(reader, document["id"])
    assert (view.filed_by, view.state) == ("token:fachverfahren", "filed")


def test_the_trail_names_the_token_that_sent_it(product: Product, programme: TestClient):
    source_id = send(programme, aktenzeichen=MUELLER, schlagwort="bewilligung").json()["id"]
    with product.database.read() as session:
        details = session.scalars(
            select(AuditRow.details).where(
                AuditRow.subject_id == source_id, AuditRow.action == "source.receive"
            )
        ).one()
    assert details["sent_by"] == "token:fachverfahren"


def test_the_same_key_answers_the_same_and_takes_nothing_twice(
    product: Product, programme: TestClient
):
    facts = {"aktenzeichen": MUELLER, "schlagwort": "bewilligung"}
    first = send(programme, "17", **facts)
    process(product)
    again = send(programme, "17", **facts)
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert count(product, Source) == 1


def test_the_same_key_on_another_day_answers_the_day_of_the_first(
    product: Product, programme: TestClient, monkeypatch: pytest.MonkeyPatch
):
    first = send(programme, "18").json()
    clock, today = type(product.database.clock), product.database.clock.today()
    monkeypatch.setattr(clock, "today", lambda _clock: today + timedelta(days=1))
    assert send(programme, "18").json() == first


@pytest.mark.parametrize(
    ("content", "facts"),
    [
        (objection(MUELLER, "anders"), {"aktenzeichen": MUELLER, "schlagwort": "bewilligung"}),
        (NOTICE, {"aktenzeichen": OTHER_SITE, "schlagwort": "bewilligung"}),
        (NOTICE, {"aktenzeichen": MUELLER, "schlagwort": "ablehnung"}),
    ],
    ids=["other bytes", "other file", "other schlagwort"],
)
def test_a_key_that_stands_for_something_else_is_a_conflict(
    product: Product, programme: TestClient, content: bytes, facts: dict[str, str]
):
    send(programme, "17", aktenzeichen=MUELLER, schlagwort="bewilligung")
    said = problem(send(programme, "17", content, **facts), 409)
    assert said["code"] == "conflict"
    assert count(product, Source) == 1


def test_two_tokens_may_use_the_same_key(product: Product, programme: TestClient):
    first = send(programme, "17", aktenzeichen=MUELLER, schlagwort="bewilligung").json()
    other = product.services.tokens.create("drucker", "m.petersen")
    programme.headers["Authorization"] = f"Bearer {other}"
    assert send(programme, "17").json()["id"] != first["id"]


@pytest.mark.parametrize(
    ("facts", "named"),
    [
        ({"aktenzeichen": "99999//9999999", "schlagwort": "bewilligung"}, "99999//9999999"),
        ({"aktenzeichen": MUELLER, "schlagwort": "gibtesnicht"}, "gibtesnicht"),
        ({"received": "2199-01-01"}, "01.01.2199"),
        ({"aktenzeichen": MUELLER, "schlagwort": "beschwerde"}, "Beschwerde"),
        ({"akte": MUELLER}, "akte"),
        ({"received": "gestern"}, "received"),
        ({"applicant": {"first_name": "Mina"}}, "applicant.last_name"),
    ],
)
def test_facts_that_name_nothing_are_refused_by_name_and_nothing_is_kept(
    product: Product, programme: TestClient, facts: dict[str, Any], named: str
):
    before = len(list(product.store.hashes()))
    said = problem(send(programme, **facts), 422)
    assert named in said["detail"]
    assert count(product, Source) == 0
    assert len(list(product.store.hashes())) == before


def test_facts_that_are_no_json_are_refused(programme: TestClient):
    answer = programme.post(
        URL,
        headers={"Idempotency-Key": "1"},
        files={"file": ("a.pdf", NOTICE)},
        data={"facts": "{"},
    )
    assert "facts" in problem(answer, 422)["detail"]


@pytest.mark.parametrize(
    "facts",
    [
        "[" * 19_000,
        "9" * 5_000,
        '{"aktenzeichen": "a\\u0000b"}',
        '{"aktenzeichen": "\\ud800"}',
        '{"reference": "\\ud800"}',
    ],
    ids=["deep", "huge number", "nul", "half a sign", "half a sign kept"],
)
def test_facts_that_no_parser_likes_are_refused_as_well(programme: TestClient, facts: str):
    answer = programme.post(
        URL,
        headers={"Idempotency-Key": "1"},
        files={"file": ("a.pdf", NOTICE)},
        data={"facts": facts},
    )
    problem(answer, 422)


def test_an_archive_tells_of_each_of_its_files(product: Product, programme: TestClient):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("bescheid.pdf", NOTICE)
        archive.writestr("leer.pdf", b"")
    facts = {"aktenzeichen": MUELLER, "schlagwort": "bewilligung"}
    url = send(programme, content=packed.getvalue(), **facts).json()["url"]
    assert programme.get(url).json()["state"] == "waiting"
    process(product)
    said = programme.get(url).json()
    assert said["state"] == "unfolded"
    (document,) = said["documents"]
    assert document["state"] == "filed"
    by_name = {one["name"].rpartition("/")[2]: one for one in said["members"]}
    assert by_name["bescheid.pdf"]["documents"] == [document]
    assert by_name["leer.pdf"]["state"] == "quarantined"
    assert by_name["leer.pdf"]["reason"]


def test_without_a_key_or_a_file_the_field_is_named(programme: TestClient):
    without_key = programme.post(URL, files={"file": ("a.pdf", NOTICE)})
    assert "idempotency-key" in problem(without_key, 422)["detail"].lower()
    without_file = programme.post(URL, headers={"Idempotency-Key": "1"})
    assert "file" in problem(without_file, 422)["detail"]


def test_an_empty_file_is_refused(product: Product, programme: TestClient):
    assert "leer" in problem(send(programme, content=b""), 422)["detail"]
    assert count(product, Source) == 0


def test_with_one_fact_alone_it_goes_where_the_rule_says(product: Product, programme: TestClient):
    url = send(programme, content=objection(MUELLER, "eins"), schlagwort="mietvertrag").json()[
        "url"
    ]
    process(product)
    (document,) = programme.get(url).json()["documents"]
    assert (document["state"], document["schlagwort"]) == ("delivered", "mietvertrag")


def test_delivery_can_be_asked_for_although_both_are_given(product: Product, programme: TestClient):
    url = send(programme, aktenzeichen=MUELLER, schlagwort="datenabgleich", deliver=True).json()[
        "url"
    ]
    process(product)
    assert programme.get(url).json()["state"] == "delivered"


def test_a_protected_file_gets_its_notices_too_but_the_token_reads_nothing_of_it(
    product: Product, programme: TestClient
):
    token = product.services.tokens.create("anderes", "k.thomsen")
    programme.headers["Authorization"] = f"Bearer {token}"
    url = send(programme, aktenzeichen=PROTECTED, schlagwort="bewilligung").json()["url"]
    process(product)
    (document,) = programme.get(url).json()["documents"]
    assert (document["state"], document["schlagwort"], document["aktenzeichen"]) == (
        "filed",
        None,
        None,
    )


def test_an_online_application_claims_and_is_checked(product: Product, programme: TestClient):
    form = letter("Weiterbewilligungsantrag")
    applicant = {"first_name": "Fatma", "last_name": "Yıldız", "birth_date": "1990-01-15"}
    facts = {"schlagwort": "weiterbewilligung", "applicant": applicant}
    right = send(programme, "1", form, aktenzeichen=OTHER_SITE, **facts).json()["url"]
    wrong = send(programme, "2", form, aktenzeichen=MUELLER, **facts).json()["url"]
    process(product)
    assert programme.get(right).json()["state"] == "delivered"
    assert programme.get(wrong).json()["state"] == "clearing"
    with product.database.read() as session:
        forms = set(session.scalars(select(Source.form)))
    assert forms == {"online"}


@pytest.mark.parametrize("shown", ["", "Bearer ", "Bearer eakte_falsch", "Basic eakte"])
def test_without_a_valid_token_nothing_is_taken(
    product: Product, programme: TestClient, shown: str
):
    programme.headers["Authorization"] = shown
    said = problem(send(programme), 401)
    assert said["code"] == "unauthorized"
    assert count(product, Source) == 0


def test_a_revoked_token_ends_at_once_and_the_attempt_is_in_the_trail(
    product: Product, programme: TestClient
):
    assert send(programme).status_code == 201
    product.services.tokens.revoke("fachverfahren")
    problem(send(programme, "2"), 401)
    with product.database.read() as session:
        token = session.scalars(select(ApiToken)).one()
        actions = session.scalars(
            select(AuditRow.action).where(AuditRow.subject_id == token.id).order_by(AuditRow.seq)
        ).all()
    assert actions == ["token.create", "token.revoke", "token.refused"]


def test_nobody_learns_of_what_another_token_sent(product: Product, programme: TestClient):
    url = send(programme).json()["url"]
    other = product.services.tokens.create("anderes", "m.petersen")
    programme.headers["Authorization"] = f"Bearer {other}"
    strange = problem(programme.get(url), 404)
    unknown = problem(programme.get(f"{URL}/019a0000-0000-7000-8000-000000000000"), 404)
    assert strange == unknown


def test_a_session_of_the_browser_counts_for_nothing_here(product: Product, programme: TestClient):
    product.services.accounts.set_password("m.petersen", "ein-langes-kennwort")
    token = product.services.accounts.sign_in("m.petersen", "ein-langes-kennwort")
    del programme.headers["Authorization"]
    programme.cookies.set("eakte", token)
    problem(send(programme), 401)


def test_too_large_a_document_is_refused_before_it_is_kept(product: Product, secret: str):
    app = create_app(product.services, limits=Limits(api_megabytes=1))
    with TestClient(app, headers={"Authorization": f"Bearer {secret}"}) as client:
        problem(send(client, content=b"x" * (FORM_BYTES + 1_000_001)), 413)

        def unannounced() -> Iterator[bytes]:
            for _ in range(6):
                yield b"x" * 1_000_000

        answer = client.post(
            URL,
            content=unannounced(),
            headers={"Idempotency-Key": "1", "Content-Type": "multipart/form-data; boundary=x"},
        )
        assert answer.status_code in {413, 422}
    assert count(product, Source) == 0


def test_the_hasty_are_told_when_to_come_back(product: Product, secret: str):
    app = create_app(product.services, limits=Limits(per_minute=2))
    with TestClient(app, headers={"Authorization": f"Bearer {secret}"}) as client:
        assert [send(client, str(n)).status_code for n in range(2)] == [201, 201]
        answer = send(client, "3")
        assert problem(answer, 429)["code"] == "too_many_requests"
        assert 1 <= int(answer.headers["retry-after"]) <= 31


def test_the_rate_recovers_with_time():
    now = 100.0
    rate = RateLimit(60, clock=lambda: now)
    assert sum(rate.wait_seconds("a") == 0 for _ in range(100)) == 60
    assert rate.wait_seconds("b") == 0
    now += 2
    assert [rate.wait_seconds("a") for _ in range(2)] == [0, 0]
    assert rate.wait_seconds("a") == 1


def test_the_description_tells_of_every_operation_with_its_errors(programme: TestClient):
    said = programme.get("/api/v1/openapi.json").json()
    assert set(said["paths"]) == {URL, URL + "/{document_id}", "/api/v1/open"}
    create = said["paths"][URL]["post"]
    assert {"401", "409", "413", "422", "429"} <= set(create["responses"])
    assert create["security"] == [{"token": []}]
    assert [one["name"] for one in create["parameters"]] == ["idempotency-key"]
    references = set(_references(said))
    assert references <= {f"#/components/schemas/{name}" for name in said["components"]["schemas"]}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inside in value.items():
            if name == "$ref":
                yield inside
            else:
                yield from _references(inside)
    elif isinstance(value, list):
        for inside in value:
            yield from _references(inside)
