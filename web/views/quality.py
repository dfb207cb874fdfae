"""Sichtprüfung: batches counted, drawn pages looked at, paper released; and what is rescanned."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from starlette.responses import Response

from eakte.services.views import ImageView
from web.desk import AtDesk
from web.presenters import quality as presenter
from web.presenters.quality import HERE, batch_url, page_url
from web.views.postboxes import EntryVersion

router = APIRouter(prefix=HERE)
DONE = {
    "zaehlung": "Die Zählung ist bestätigt; die Seiten für die Prüfung sind gezogen.",
    "geprueft": "Die Seite ist geprüft.",
    "zurueckgewiesen": "Der Stapel ist zurückgewiesen und wird neu gescannt.",
    "nachgescannt": "Die Meldung ist erledigt.",
}
Text = Annotated[str, Form(max_length=2000)]
Done = Annotated[str, Query(max_length=20)]


@router.get("")
def batches(desk: AtDesk) -> Response:
    """The newest batches of paper, and how much waits to be scanned again."""
    rows = desk.services.quality.batches(desk.reader)
    waiting = desk.services.bad_scans.waiting(desk.reader)
    return desk.show("quality_batches.html", rows=presenter.batch_lines(rows), waiting=len(waiting))


@router.get("/nachscannen")
def bad_scans(desk: AtDesk, erledigt: Done = "") -> Response:
    """What readers reported as badly scanned."""
    found = desk.services.bad_scans.waiting(desk.reader)
    return desk.show(
        "quality_rescan.html",
        rows=presenter.bad_scan_lines(found),
        waiting=len(found),
        rescans=desk.services.bad_scans.rescans(desk.reader),
        notice=DONE.get(erledigt, ""),
    )


@router.get("/nachscannen/{report_id}/bild")
def bad_scan_image(desk: AtDesk, report_id: str) -> Response:
    """The reported page, while the report is open."""
    return _picture(desk.services.bad_scans.image(desk.reader, report_id))


@router.post("/nachscannen/{report_id}")
def close_bad_scan(
    desk: AtDesk,
    report_id: str,
    scan: Annotated[str, Form(max_length=64)] = "",
    ergebnis: Text = "",
) -> Response:
    """Scanned again as a file, or the reason why not."""
    desk.services.bad_scans.close(desk.reader, report_id, outcome=ergebnis, rescan_id=scan or None)
    return desk.go(f"{HERE}/nachscannen?erledigt=nachgescannt")


@router.get("/{batch_id}")
def batch(desk: AtDesk, batch_id: str, erledigt: Done = "") -> Response:
    """One batch."""
    view = desk.services.quality.batch(desk.reader, batch_id)
    return desk.show(
        "quality_batch.html",
        batch=presenter.batch_screen(view),
        notice=DONE.get(erledigt, ""),
    )


@router.post("/{batch_id}/zaehlung")
def count(
    desk: AtDesk,
    batch_id: str,
    *,
    version: EntryVersion,
    blatt: Annotated[str, Form(max_length=7, pattern=r"^\d*$")] = "",
    erklaerung: Text = "",
) -> Response:
    """The sheets are counted; the pages to check are drawn."""
    desk.services.quality.count(
        desk.reader,
        batch_id,
        version,
        sheets=int(blatt) if blatt else None,
        explanation=erklaerung,
    )
    return desk.go(f"{batch_url(batch_id)}?erledigt=zaehlung")


@router.post("/{batch_id}/zurueckweisen")
def reject(desk: AtDesk, batch_id: str, *, version: EntryVersion, grund: Text) -> Response:
    """The batch goes back to be scanned again."""
    desk.services.quality.reject(desk.reader, batch_id, version, grund)
    return desk.go(f"{batch_url(batch_id)}?erledigt=zurueckgewiesen")


@router.post("/{batch_id}/freigabe")
def release(desk: AtDesk, batch_id: str, *, version: EntryVersion) -> Response:
    """The list of paper to destroy is signed off."""
    decision = desk.services.quality.release(desk.reader, batch_id, version)
    return desk.go(f"{batch_url(batch_id)}/freigaben/{decision}")


@router.get("/{batch_id}/freigaben/{decision_id}")
def release_list(desk: AtDesk, batch_id: str, decision_id: str) -> Response:
    """A signed-off list, to print."""
    view = desk.services.quality.release_list(desk.reader, batch_id, decision_id)
    return desk.show(
        "quality_release.html",
        release=presenter.release_screen(view),
        back=batch_url(batch_id),
    )


@router.get("/{batch_id}/freigaben/{decision_id}/liste.csv")
def release_csv(desk: AtDesk, batch_id: str, decision_id: str) -> Response:
    """The list as the bytes that were signed."""
    view = desk.services.quality.release_list(desk.reader, batch_id, decision_id)
    name = presenter.release_screen(view).csv_name
    return Response(
        view.csv,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@router.get("/{batch_id}/seiten/{page_id}")
def page(desk: AtDesk, batch_id: str, page_id: str) -> Response:
    """One drawn page, large."""
    view = desk.services.quality.page(desk.reader, batch_id, page_id)
    return desk.show("quality_page.html", page=presenter.check_screen(view))


@router.get("/{batch_id}/bilder/{page_id}")
def page_image(desk: AtDesk, batch_id: str, page_id: str) -> Response:
    """The picture of a drawn page."""
    return _picture(desk.services.quality.image(desk.reader, batch_id, page_id))


@router.post("/{batch_id}/seiten/{page_id}")
def mark(
    desk: AtDesk,
    batch_id: str,
    page_id: str,
    *,
    urteil: Annotated[Literal["gut", "schlecht"], Form()],
    bemerkung: Text = "",
) -> Response:
    """Good or bad; the next page that waits follows at once."""
    following = desk.services.quality.mark(
        desk.reader, batch_id, page_id, good=urteil == "gut", remark=bemerkung
    )
    if following is None:
        return desk.go(f"{batch_url(batch_id)}?erledigt=geprueft")
    return desk.go(page_url(batch_id, following))


def _picture(image: ImageView) -> Response:
    """A page that may be seen for as long as its purpose lasts: no browser keeps it."""
    return Response(image.data, media_type=image.media_type, headers={"Cache-Control": "no-store"})
