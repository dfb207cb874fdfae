"""The two ways to show a document, measured in Chromium on this machine.

Images: the product's own viewer (page images made ahead, word layer from JSON).  pdf.js: the viewer
components of ``pdfjs-dist`` on the archive PDF with range requests, nothing fetched ahead.

    python benchmarks/viewer/measure.py --pdfjs node_modules/pdfjs-dist [--runs 5]

``pdfjs-dist`` is no dependency of the product; unpack it with ``npm pack pdfjs-dist@6.5.438``.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import jinja2
import uvicorn
from make_document import DISTINCT, make
from playwright.sync_api import Browser, Page, sync_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from web.presenters.pages import ViewerPage  # noqa: E402

PORT = 8973
PDFJS_PAGE = """<!doctype html><html><head><meta charset="utf-8">
<link rel="stylesheet" href="/pdfjs/web/pdf_viewer.css">
<style>html,body{margin:0;height:100%%}#c{position:absolute;inset:0;overflow:auto}</style></head>
<body><div id="c"><div id="viewer" class="pdfViewer"></div></div><script type="module">
import * as pdfjs from "/pdfjs/build/pdf.min.mjs";
globalThis.pdfjsLib = pdfjs;
const v = await import("/pdfjs/web/pdf_viewer.mjs");
pdfjs.GlobalWorkerOptions.workerSrc = "/pdfjs/build/pdf.worker.min.mjs";
const eventBus = new v.EventBus();
const linkService = new v.PDFLinkService({eventBus});
const viewer = new v.PDFViewer({container: document.getElementById("c"), eventBus, linkService});
globalThis.rendered = {}; globalThis.worded = {};
eventBus.on("pagerendered", e => { rendered[e.pageNumber] = performance.now(); });
eventBus.on("textlayerrendered", e => { worded[e.pageNumber] = performance.now(); });
eventBus.on("pagesinit", () => { viewer.currentScaleValue = "page-width"; });
globalThis.viewer = viewer;
const pdf = await pdfjs.getDocument({url: "/data/%d.pdf", disableAutoFetch: true,
  disableStream: true, wasmUrl: "/pdfjs/wasm/"}).promise;
viewer.setDocument(pdf);
</script></body></html>"""


def images_page(request: Request) -> HTMLResponse:
    count = int(request.path_params["count"])
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "web" / "templates"), autoescape=True
    )
    pages = [
        ViewerPage(
            number=n,
            image_url=f"/page/{n}.webp",
            thumbnail_url=f"/page/{n}.thumb.webp",
            width_mm=210,
            height_mm=297,
        )
        for n in range(1, count + 1)
    ]
    macro: Any = environment.get_template("_viewer.html").module
    body = macro.viewer(pages, "/page/{page}.json")
    return HTMLResponse(
        '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="/web/css/viewer.css">'
        "<style>html,body{margin:0;height:100%}.kern-sr-only{display:none}</style>"
        f'{body}<script type="module" src="/web/js/viewer.js"></script>'
    )


def pdfjs_page(request: Request) -> HTMLResponse:
    return HTMLResponse(PDFJS_PAGE % int(request.path_params["count"]))


def serve(data: Path, pdfjs: Path) -> uvicorn.Server:
    def page_file(request: Request) -> FileResponse:
        number, kind = request.path_params["name"].split(".", 1)
        return FileResponse(data / f"{(int(number) - 1) % DISTINCT}.{kind}")

    app = Starlette(
        routes=[
            Route("/images/{count:int}", images_page),
            Route("/pdfjs-viewer/{count:int}", pdfjs_page),
            Route("/page/{name}", page_file),
            Mount("/data", StaticFiles(directory=data)),
            Mount("/web", StaticFiles(directory=ROOT / "web" / "static")),
            Mount("/pdfjs", StaticFiles(directory=pdfjs)),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(app, port=PORT, log_level="warning"))
    threading.Thread(target=server.run, daemon=True).start()
    while not server.started:
        time.sleep(0.02)
    return server


IMAGES_SHOWN = """async n => {
  const image = document.querySelector(`[data-page="${n}"] img`);
  await new Promise(done => {
    const look = () => image?.complete && image.naturalWidth ? done() : requestAnimationFrame(look);
    look(); });
  await image.decode();
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now(); }"""
IMAGES_WORDED = """n => document.querySelector(`[data-page="${n}"]`).dataset.words > 0"""
IMAGES_GO = """n => { const f = document.querySelector("[data-viewer-page]"); f.value = n;
  f.dispatchEvent(new Event("change")); return performance.now(); }"""
PDFJS_SHOWN = """async n => { await new Promise(done => {
    const look = () => globalThis.rendered?.[n] ? done() : requestAnimationFrame(look); look(); });
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now(); }"""
PDFJS_WORDED = """n => Boolean(globalThis.worded?.[n])"""
PDFJS_GO = "n => { const t = performance.now(); viewer.currentPageNumber = n; return t; }"
CANDIDATES = {
    "images": ("images", IMAGES_SHOWN, IMAGES_WORDED, IMAGES_GO),
    "pdf.js": ("pdfjs-viewer", PDFJS_SHOWN, PDFJS_WORDED, PDFJS_GO),
}


def renderer_megabytes(page: Page) -> float:
    """Proportional memory of all renderer processes of this browser, in MB."""
    session = page.context.browser.new_browser_cdp_session()  # type: ignore[union-attr]
    total = 0
    for process in session.send("SystemInfo.getProcessInfo")["processInfo"]:
        if process["type"] == "renderer":
            rollup = Path(f"/proc/{process['id']}/smaps_rollup").read_text(encoding="ascii")
            total += next(int(row.split()[1]) for row in rollup.splitlines() if "Pss:" in row)
    return total / 1024


def run_once(browser: Browser, name: str, count: int) -> dict[str, float]:
    path, shown, worded, go = CANDIDATES[name]
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{PORT}/{path}/{count}", wait_until="commit")
    page.wait_for_function("document.readyState !== 'loading'")
    figures = {"first page": page.evaluate(shown, 1)}
    page.wait_for_function(worded, arg=1)
    figures["first words"] = page.evaluate("performance.now()")
    page.wait_for_load_state("networkidle")
    started = page.evaluate(go, 2)
    figures["next page"] = page.evaluate(shown, 2) - started
    if count > 250:
        started = page.evaluate(go, 250)
        figures["jump to 250"] = page.evaluate(shown, 250) - started
        for number in range(251, 281):
            page.evaluate(go, number)
            page.evaluate(shown, number)
        figures["30 pages on"] = page.evaluate("performance.now()") - started
    page.wait_for_load_state("networkidle")
    figures["memory MB"] = renderer_megabytes(page)
    context.close()
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pdfjs", type=Path, required=True)
    parser.add_argument("--data", type=Path, default=Path(tempfile.gettempdir()) / "eakte-viewer")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    options = parser.parse_args()
    if not (options.data / "500.pdf").exists():
        make(options.data)
    server = serve(options.data, options.pdfjs)
    tried = [(name, count) for count in (2, 500) for name in CANDIDATES]
    runs: dict[tuple[str, int], list[dict[str, float]]] = {one: [] for one in tried}
    with sync_playwright() as playwright:
        for _ in range(options.runs):
            for name, count in tried:  # in turn, so that a busy machine is unfair to nobody
                browser = playwright.chromium.launch(
                    executable_path=options.chromium, args=["--no-sandbox"]
                )
                runs[name, count].append(run_once(browser, name, count))
                browser.close()
    for (name, count), found in runs.items():
        medians = {key: round(statistics.median(run[key] for run in found)) for key in found[0]}
        print(json.dumps({"viewer": name, "pages": count, **medians}), flush=True)
    server.should_exit = True


if __name__ == "__main__":
    main()
