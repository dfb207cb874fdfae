"""Which characters a request may hold: no address and no field holds the character 0.

PostgreSQL cannot keep it in a text; what came through on SQLite would be an error of the server
there.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from eakte.errors import Unusable
from web.limits import API
from web.security import SAFE_METHODS

ZERO = "\x00"


async def refuse_zeros(request: Request) -> None:
    """Refuse the character 0 in the address, the query and the fields of a form.

    What programmes send is checked field by field (``views/api.py``).
    """
    if ZERO in request.scope["path"]:
        raise HTTPException(404)
    if any(ZERO in text for pair in request.query_params.multi_items() for text in pair):
        raise HTTPException(422)
    if request.method in SAFE_METHODS or request.url.path.startswith(API):
        return
    for _, value in (await request.form()).multi_items():
        if isinstance(value, str) and ZERO in value:
            raise Unusable(
                "Eine Angabe enthält ein Zeichen, das sich nicht speichern lässt.",
                remedy="Die Angabe eintippen statt einfügen.",
            )
