"""The files a browser loads: our own and, by name, those of the front-end packages.

Only what stands in the lists here is served.  Every file lies below one digest of all contents, so
that it may be cached for ever and relative links between files keep working.
"""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from eakte.errors import ServiceMissing

OWN = Path(__file__).parent / "static"
NODE_MODULES = Path(__file__).parent.parent / "node_modules"

THIRD_PARTY = {
    "kern/kern.min.css": "@kern-ux/native/dist/kern.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    **{
        f"kern/fonts/fira-sans/FiraSans-{weight}.woff2": (
            f"@kern-ux/native/dist/fonts/fira-sans/FiraSans-{weight}.woff2"
        )
        for weight in ("Regular", "Italic", "Medium", "SemiBold", "Bold")
    },
}
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True)
class Assets:
    """Names that may be asked for, the files behind them, and the digest over all of them."""

    files: Mapping[str, Path]
    digest: str

    def url(self, name: str) -> str:
        """The address of ``name``; an unknown name is a programming error (``KeyError``)."""
        if name not in self.files:
            raise KeyError(name)
        return f"/static/{self.digest}/{name}"

    async def serve(self, request: Request) -> Response:
        """The file, or 404; pages that still carry an old digest get the present content."""
        path = self.files.get(request.path_params["name"])
        if path is None:
            raise HTTPException(404)
        fresh = request.path_params["digest"] == self.digest
        return FileResponse(
            path,
            media_type=TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0],
            headers={
                "Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache"
            },
        )


def collect(node_modules: Path = NODE_MODULES) -> Assets:
    """All files that may be served.

    Raises ``ServiceMissing`` where a front-end package is not installed.
    """
    files = {path.relative_to(OWN).as_posix(): path for path in OWN.rglob("*") if path.is_file()}
    for name, inside in THIRD_PARTY.items():
        path = node_modules / inside
        if not path.is_file():
            raise ServiceMissing(
                f"Die Oberfläche ist unvollständig installiert: {inside} fehlt.",
                remedy="Bitte `npm ci` im Verzeichnis des Programms ausführen.",
            )
        files[name] = path
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(name.encode())
        digest.update(files[name].read_bytes())
    return Assets(files=files, digest=digest.hexdigest()[:16])
