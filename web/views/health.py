"""Whether the server is ready, for supervisors and load balancers."""

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

router = APIRouter()


@router.get("/healthz")
def health(request: Request) -> PlainTextResponse:
    """200 ``ok`` once a query went through; the services' error (503) otherwise."""
    request.app.state.services.accounts.has_any()
    return PlainTextResponse("ok")
