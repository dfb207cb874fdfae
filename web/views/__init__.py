"""One module a screen.  A view asks a service, hands a presenter's values to a template."""

from web.views import (
    api,
    arrivals,
    case_files,
    clearing,
    documents,
    emergency,
    events,
    health,
    page_desk,
    postboxes,
    proof,
    quality,
    search,
    sign_in,
    stack_desk,
    upload,
)

ROUTERS = (
    health.router,
    sign_in.router,
    postboxes.router,
    page_desk.router,
    documents.router,
    case_files.router,
    emergency.router,
    search.router,
    stack_desk.router,
    clearing.router,
    arrivals.router,
    proof.router,
    quality.router,
    events.router,
    api.router,
    upload.router,
)
