"""The files a browser loads: our own and, by name, those of the front-end packages.

Only what stands in the lists here is served.  Every file lies below one digest of all contents, so
that it may be cached for ever and relative links between files keep working.  Our stylesheets are
one answer, in the order of ``SHEETS``.  Text travels compressed, from bytes that were compressed
once; answers with forms never do (``docs/adr/0153-what-a-first-visit-loads.md``).
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response

from eakte.errors import ServiceMissing

OWN = Path(__file__).parent / "static"
NODE_MODULES = Path(__file__).parent.parent / "node_modules"

SCRIPTS = (
    "latin",
    "latin-ext",
    "cyrillic",
    "cyrillic-ext",
    "greek",
    "greek-ext",
    "vietnamese",
)
"""The parts Fira Sans comes in; a browser loads those whose letters stand on the page."""

THIRD_PARTY = {
    "kern/kern.min.css": "@kern-ux/native/dist/kern.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    **{
        f"kern/fonts/fira-sans/FiraSans-{weight}.woff2": (
            f"@kern-ux/native/dist/fonts/fira-sans/FiraSans-{weight}.woff2"
        )
        for weight in ("Regular", "SemiBold")
    },
    **{
        f"css/{cut}.css": f"@fontsource/fira-sans/{cut}.css" for cut in ("400", "400-italic", "600")
    },
    **{
        f"css/files/{name}": f"@fontsource/fira-sans/files/{name}"
        for script in SCRIPTS
        for cut in ("400-normal", "400-italic", "600-normal")
        for name in (f"fira-sans-{script}-{cut}.woff2",)
    },
}
JOINED = "css/all.css"
SHEETS = (
    *("400", "400-italic", "600", "fonts"),
    *("base", "screens", "viewer", "forms", "page-desk", "quality", "staff", "rules"),
    *("clearing", "desk", "leading", "windows", "file", "search"),
)
"""What ``JOINED`` is made of, in this order: all stylesheets beside KERN's.

They lie in one folder, where their links to fonts hold for all of them.
"""

TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".woff2": "font/woff2",
    ".svg": "image/svg+xml",
}
COMPRESSED = frozenset({".js", ".css", ".svg"})
"""Fonts and pictures are compressed as they are."""


def takes_gzip(accept_encoding: str) -> bool:
    """Whether whoever sends this header takes gzip (RFC 9110, 12.5.3); a weight of 0 refuses."""
    weights: dict[str, float] = {}
    for part in accept_encoding.lower().split(","):
        coding, _, weight = (piece.strip() for piece in part.partition(";"))
        try:
            weights[coding] = float(weight.removeprefix("q=")) if weight else 1.0
        except ValueError:
            weights[coding] = 0.0
    return weights.get("gzip", weights.get("*", 0.0)) > 0


@dataclass(frozen=True, slots=True)
class Assets:
    """Names that may be asked for, the files behind them, and the digest over all of them.

    ``made``: contents of files that stand nowhere on the disk.
    """

    files: Mapping[str, Path]
    digest: str
    made: Mapping[str, bytes]
    _packed: dict[str, bytes] = field(default_factory=dict, init=False, repr=False, compare=False)

    def url(self, name: str) -> str:
        """The address of ``name``; an unknown name is a programming error (``KeyError``)."""
        if name not in self.files and name not in self.made:
            raise KeyError(name)
        return f"/static/{self.digest}/{name}"

    async def serve(self, request: Request) -> Response:
        """The file, or 404; pages that still carry an old digest get the present content.

        Who asks for a part of a file gets it from the plain bytes, or the whole of what is made.
        """
        name = request.path_params["name"]
        path, made = self.files.get(name), self.made.get(name)
        if path is None and made is None:
            raise HTTPException(404)
        fresh = request.path_params["digest"] == self.digest
        headers = {"Cache-Control": "public, max-age=31536000, immutable" if fresh else "no-cache"}
        suffix = PurePosixPath(name).suffix
        media_type = TYPES.get(suffix) or mimetypes.guess_type(name)[0]
        if suffix in COMPRESSED:
            headers["Vary"] = "Accept-Encoding"
            taken = ",".join(request.headers.getlist("accept-encoding"))
            if "range" not in request.headers and takes_gzip(taken):
                made = self.packed(name)
                headers["Content-Encoding"] = "gzip"
        if made is None:
            return FileResponse(self.files[name], media_type=media_type, headers=headers)
        headers["Content-Length"] = str(len(made))
        body = b"" if request.method == "HEAD" else made
        return Response(body, media_type=media_type, headers=headers)

    def packed(self, name: str) -> bytes:
        """The file compressed with gzip; done at the first call and kept (all: 100 KB)."""
        if name not in self._packed:
            plain = self.made[name] if name in self.made else self.files[name].read_bytes()
            self._packed[name] = gzip.compress(plain, mtime=0)
        return self._packed[name]


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
    joined = b"\n".join(files[f"css/{sheet}.css"].read_bytes() for sheet in SHEETS)
    return Assets(files=files, digest=digest.hexdigest()[:16], made={JOINED: joined})
