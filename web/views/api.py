"""``/api/v1``: documents from programmes, by bearer token.  Described in ``docs/api.md``.

No cookie counts here, so that no page can make a browser send anything; errors are
``application/problem+json`` (RFC 9457).
"""

from __future__ import annotations

import json
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Header, Path, Request, UploadFile
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import JSONResponse, Response

from eakte.errors import Unusable
from eakte.services.handing_in import Facts, HandedIn, Progress
from eakte.services.tokens import TokenHolder
from web.problems import Problem, media_type

router = APIRouter(prefix="/api/v1")

_NO_NUL = r"^[^\x00]*$"
"""PostgreSQL keeps no text with it."""

Text = Annotated[str, Field(max_length=200, pattern=_NO_NUL)]


class Applicant(BaseModel):
    """Who sent an online application; every value is a claim that is checked."""

    model_config = ConfigDict(extra="forbid")

    first_name: Text
    last_name: Text
    birth_date: date | None = None
    street: Text = ""
    postcode: Annotated[str, Field(max_length=10, pattern=_NO_NUL)] = ""
    city: Text = ""


class DocumentFacts(BaseModel):
    """What is known of the document; every field may be left out.

    With ``aktenzeichen`` and ``schlagwort`` the document is filed at once, to no postbox, unless
    ``deliver`` is true.  With ``applicant`` it is an online application.
    """

    model_config = ConfigDict(extra="forbid")

    aktenzeichen: Annotated[str, Field(max_length=64, pattern=_NO_NUL)] = ""
    schlagwort: Annotated[str, Field(max_length=60, pattern=_NO_NUL)] = ""
    received: date | None = None
    reference: Text = ""
    deliver: bool = False
    applicant: Applicant | None = None


class Taken(BaseModel):
    """A document that was taken: the same for the same Idempotency-Key."""

    id: str
    url: str
    sha256: str
    received: date


class MadeDocument(BaseModel):
    """A document made of what was sent.

    ``state``: waiting, delivered, clearing, filed.  ``schlagwort`` and ``aktenzeichen`` are null
    where the token's login may not open it.
    """

    id: str
    state: str
    schlagwort: str | None
    aktenzeichen: str | None


class MemberState(BaseModel):
    """How far a file of an archive is; ``name`` begins with the archive's."""

    id: str
    name: str
    state: str
    reason: str | None
    documents: list[MadeDocument]
    members: list[MemberState]


class State(BaseModel):
    """How far it is.

    ``state``: waiting, quarantined (with the reason), delivered, clearing, filed, unopened;
    unfolded for an archive: then ``members`` tell of each file in it, ``documents`` are theirs.
    """

    id: str
    state: str
    received: date
    reason: str | None
    documents: list[MadeDocument]
    members: list[MemberState]


class ProblemDetails(BaseModel):
    """An error (RFC 9457): ``detail`` names the field and what is wrong with it."""

    type: str
    title: str
    status: int
    detail: str
    code: str


def token_holder(
    request: Request, authorization: Annotated[str | None, Header(include_in_schema=False)] = None
) -> TokenHolder:
    """Whoever shows a valid bearer token; 401 for everybody else, 429 for the hasty."""
    kind, _, secret = (authorization or "").partition(" ")
    holder: TokenHolder | None = None
    if kind.lower() == "bearer" and secret.strip():
        holder = request.app.state.services.tokens.holder(secret.strip())
    if holder is None:
        raise Problem(
            401,
            "Der Zugangsschlüssel fehlt oder gilt nicht.",
            code="unauthorized",
            headers={"WWW-Authenticate": 'Bearer realm="E-Akte"'},
        )
    wait: int = request.app.state.rate.wait_seconds(holder.id)
    if wait:
        raise Problem(
            429,
            f"Zu viele Anfragen; in {wait} Sekunden geht es weiter.",
            code="too_many_requests",
            headers={"Retry-After": str(wait)},
        )
    return holder


Holder = Annotated[TokenHolder, Depends(token_holder)]


def read_facts(text: str) -> Facts:
    """The form field ``facts`` as values; raises ``Unusable`` naming the field."""
    try:
        said = DocumentFacts.model_validate(json.loads(text or "{}"))
    except json.JSONDecodeError as error:
        raise Unusable("„facts“ ist kein JSON.", remedy=f"Zeichen {error.pos}.") from error
    except ValidationError as error:  # before ValueError, which it is as well
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "facts"
        raise Unusable(f"Die Angabe „{where}“ ist falsch: {first['msg']}.") from error
    except (RecursionError, ValueError) as error:
        raise Unusable("„facts“ ist zu tief verschachtelt oder nennt zu große Zahlen.") from error
    applicant: dict[str, str] = {}
    if said.applicant is not None:
        dumped = said.applicant.model_dump(mode="json", exclude_none=True)
        applicant = {name: value for name, value in dumped.items() if value}
    return Facts(
        aktenzeichen=said.aktenzeichen,
        schlagwort=said.schlagwort,
        received=said.received,
        reference=said.reference,
        deliver=said.deliver,
        applicant=applicant,
    )


def taken(handed: HandedIn) -> Taken:
    """The answer to a document that was taken."""
    return Taken(
        id=handed.id,
        url=f"{router.prefix}/documents/{handed.id}",
        sha256=handed.sha256,
        received=handed.received,
    )


@router.post("/documents", status_code=201, response_model=Taken)
def create(
    request: Request,
    holder: Holder,
    *,
    file: Annotated[UploadFile, File(description="The document, at most api.max_megabytes.")],
    facts: Annotated[str, Form(max_length=20_000, description="DocumentFacts as JSON.")] = "{}",
    idempotency_key: Annotated[
        str, Header(min_length=1, max_length=200, description="One for every document.")
    ],
) -> Response:
    """Hand in one document.

    The same Idempotency-Key with the same file and facts answers the same and takes nothing twice;
    with others it is a conflict (409).  An unknown file number or Schlagwort is refused (422) and
    nothing is kept.
    """
    handed = request.app.state.services.handing_in.notice(
        holder.reader,
        holder,
        idempotency_key,
        file.file,
        name=file.filename or "",
        facts=read_facts(facts),
    )
    answer = taken(handed)
    return JSONResponse(
        answer.model_dump(mode="json"), status_code=201, headers={"Location": answer.url}
    )


@router.get("/documents/{document_id}", response_model=State)
def read_state(
    request: Request, holder: Holder, document_id: Annotated[str, Path(max_length=64)]
) -> State:
    """How far a document is that this token handed in; 404 for all others."""
    found: Progress = request.app.state.services.handing_in.notice_progress(
        holder.reader, holder, document_id
    )
    return State(
        id=found.id,
        state=found.state,
        received=found.received,
        reason=found.reason,
        documents=_documents(found),
        members=_members(found),
    )


CallText = Annotated[str, Form(min_length=1, max_length=64, pattern=_NO_NUL)]


@router.post("/open", status_code=202)
def open_file(
    request: Request, holder: Holder, login: CallText, aktenzeichen: CallText
) -> Response:
    """Call a case file up on the second monitor of a login.

    Always 202: the answer tells neither whether the number is known nor whether that login may open
    the file.  Needs a token made with ``--may windows`` (403 otherwise).
    """
    request.app.state.services.windows.call_by_programme(holder.reader, holder, login, aktenzeichen)
    return Response(status_code=202)


def _documents(found: Progress) -> list[MadeDocument]:
    return [
        MadeDocument(
            id=one.id, state=one.state, schlagwort=one.schlagwort, aktenzeichen=one.aktenzeichen
        )
        for one in found.documents
    ]


def _members(found: Progress) -> list[MemberState]:
    return [
        MemberState(
            id=one.id,
            name=one.name,
            state=one.state,
            reason=one.reason,
            documents=_documents(one),
            members=_members(one),
        )
        for one in found.members
    ]


@router.get("/openapi.json", include_in_schema=False)
def description() -> JSONResponse:
    """This interface as OpenAPI 3.1; open to everybody, it tells of nobody."""
    return JSONResponse(openapi())


def openapi() -> dict[str, Any]:
    """The description with the bearer token and the errors that every operation may answer."""
    made = get_openapi(
        title="E-Akte",
        version="1",
        description="Documents from programmes: notices of the Fachverfahren, online applications.",
        routes=router.routes,
    )
    parts = made["components"]
    parts["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    parts["schemas"]["Problem"] = ProblemDetails.model_json_schema()
    parts["schemas"]["DocumentFacts"] = DocumentFacts.model_json_schema(
        ref_template="#/components/schemas/{model}"
    )
    parts["schemas"] |= parts["schemas"]["DocumentFacts"].pop("$defs", {})
    problem = {media_type: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    texts = {
        "401": "no valid token",
        "403": "a token made for another purpose",
        "404": "unknown, or handed in by somebody else",
        "409": "the Idempotency-Key stands for another document",
        "413": "too large",
        "422": "a fact names nothing, or the request is incomplete; nothing was kept",
        "429": "too many requests; see Retry-After",
    }
    for path in made["paths"].values():
        for operation in path.values():
            operation["security"] = [{"token": []}]
            for status, text in texts.items():
                operation["responses"][status] = {"description": text, "content": problem}
    for name in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(name, None)
    return made
