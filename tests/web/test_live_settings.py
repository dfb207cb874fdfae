"""The screen of the settings without JavaScript: what is sent, what comes back."""

from __future__ import annotations

import re
from datetime import date

from starlette.testclient import TestClient

from eakte.models import DailyFigure
from tests.web.conftest import Visit, form_token
from tests.web.stage import Stage

HERE = "/verwaltung/einstellungen"


def send(client: TestClient, key: str, version: int, ending: str = "", **form: str) -> str:
    """The message that the form of one setting leads to."""
    data = {"csrf": form_token(client), "version": str(version), **form}
    answer = client.post(f"{HERE}/{key}{ending}", data=data)
    if answer.status_code == 303:
        answer = client.get(answer.headers["location"])
    return " ".join(re.sub("<[^>]+>", " ", answer.text).split())


def test_a_value_is_changed_by_its_form_and_put_back(signed_in: Visit) -> None:
    admin, lead = signed_in("a.admin"), signed_in("t.lead")
    assert "3 bis 7 Tage" in lead.get("/leitung").text
    said = send(admin, "statistics.old_days", 0, wert="14", grund="Dienstbesprechung")
    assert "Der Wert gilt ab sofort" in said
    assert "3 bis 14 Tage" in lead.get("/leitung").text
    page = admin.get(HERE).text
    assert "7 Tage → 14 Tage" in page
    assert "Anke Matthiesen" in page
    assert "Dienstbesprechung" in page
    said = send(admin, "statistics.old_days", 0, wert="21")
    assert "Anke Matthiesen hat „Ältere Post“ am" in said
    assert "auf 14 Tage gestellt" in said
    assert "Dieser Wert gilt schon" in send(admin, "statistics.old_days", 1, wert="14")
    assert "wieder der Wert der Datei" in send(admin, "statistics.old_days", 1, "/datei")
    assert "3 bis 7 Tage" in lead.get("/leitung").text


def test_the_span_of_the_figures_is_that_of_the_setting_unless_asked(signed_in: Visit) -> None:
    admin, lead = signed_in("a.admin"), signed_in("t.lead")
    current = re.compile(r'href="/leitung\?tage=(\d+)" aria-current="true"')
    assert current.findall(lead.get("/leitung").text) == ["28"]
    send(admin, "statistics.span_days", 0, wert="90")
    assert current.findall(lead.get("/leitung").text) == ["90"]
    assert current.findall(lead.get("/leitung?tage=7").text) == ["7"]


def test_a_refusal_says_what_may_be_put_in(signed_in: Visit) -> None:
    admin = signed_in("a.admin")
    said = send(admin, "quality.sample_percent", 0, wert="250")
    assert "Für „Stichprobe der Sichtprüfung“ geht „250“ nicht. 1 bis 100 % angeben." in said
    said = send(admin, "statistics.per_person", 0, wert="ja", entschieden="Personalrat")
    assert "wer es entschieden hat und warum" in said
    assert admin.get(f"{HERE}/data.audit_key_file").status_code == 404


def test_the_figures_name_who_decided_and_a_no_that_loses_some_is_asked_back(
    signed_in: Visit, stage: Stage
) -> None:
    admin, lead = signed_in("a.admin"), signed_in("t.lead")
    assert "Einzelne Personen werden nicht ausgewertet" in lead.get("/leitung").text
    form = {"wert": "ja", "grund": "DV 7/2026", "entschieden": "Hauptpersonalrat"}
    send(admin, "statistics.per_person", 0, **form)
    said = lead.get("/leitung").text
    assert re.search(r"Entschieden von: Hauptpersonalrat; eingetragen am \d\d\.\d\d\.\d{4}\.", said)
    key, tick = "statistics.per_person", 'name="endgueltig"'
    assert tick not in admin.get(f"{HERE}/{key}").text
    row = {"day": date(2026, 1, 5), "team_id": "leistung", "postbox": "m.petersen", "site_id": ""}
    counts = {"arrived": 1, "finished": 0, "machine": 1, "cleared": 0}
    with stage.product.database.write() as session:
        session.add(DailyFigure(**row, **counts))
    assert admin.get(f"{HERE}/{key}").text.count(tick) == 2
    assert "Das lässt sich nicht zurücknehmen. Das Häkchen setzen" in send(admin, key, 1, "/datei")
    assert "wieder der Wert der Datei" in send(admin, key, 1, "/datei", endgueltig="ja")
