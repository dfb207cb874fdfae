"""The rules on the command line: the folder is proposed, tried, put into force, taken back."""

from __future__ import annotations

import json
from pathlib import Path

from eakte.bootstrap import Product
from tests.cli.conftest import Eakte
from tests.letters import letter
from tests.plain_intake import take_in

OWN = """[schlagworte.hundesteuer]
title = "Hundesteuer"
function = "leistung"
subfile = "leistung"
[[schlagworte.hundesteuer.triggers]]
phrases = ["hundesteuer*"]
weight = 9
"""


def test_a_changed_folder_is_tried_counts_and_is_taken_back(
    eakte: Eakte, product: Product, config: Path, tmp_path: Path
):
    take_in(product, {"1.pdf": letter("Hundesteuerbescheid", "", "anbei die Hundesteuer")})
    assert eakte("check").code == 0
    (config / "schlagworte" / "eigene.toml").write_text(OWN, "utf-8")
    assert eakte("rules", "check").code == 0
    checked = eakte("check", "--json")
    assert checked.code == 1
    (problem,) = checked.objects
    assert problem["check"] == "rules"
    assert "eakte rules try" in problem["remedy"]

    eakte("rules", "activate", "--reason", "Hunde").assert_refused("noch nicht")
    *changes, whole = eakte("rules", "try", "--last", "5", "--json").objects
    assert (whole["state"], whole["documents"], whole["changed"]) == ("done", 1, 1)
    assert changes[0]["new"] == "hundesteuer"
    assert changes[1]["rules"] == ["eigene.hundesteuer.1"]
    assert "+phrases" in eakte("rules", "diff").out
    assert eakte("rules", "activate", "--reason", "Hunde").out == (
        "Die Fassung 2 der Regeln ist in Kraft.\n"
    )
    assert eakte("check").code == 0

    assert eakte("rules", "export", tmp_path / "heraus").code == 0
    assert (tmp_path / "heraus" / "eigene.toml").read_text("utf-8") == OWN
    eakte("rules", "export", tmp_path / "heraus").assert_refused("nicht leer")
    assert eakte("rules", "rollback", "1", "--reason", "doch nicht").code == 0
    first = json.loads(eakte("rules", "list", "--json").out.splitlines()[0])
    assert (first["version"], first["kind"], first["in_force"]) == (1, "rollback", True)
    eakte("rules", "try").assert_refused("kein Vorschlag")


def test_rules_that_this_release_cannot_read_are_put_right_without_a_start(
    eakte: Eakte, product: Product, config: Path
):
    broken = config / "schlagworte" / "eigene.toml"
    broken.write_text(OWN.replace("weight", "gewicht"), "utf-8")
    eakte("rules", "activate", "--reason", "x", "--untried").assert_refused("(Zeile 7)")
    shown = eakte("rules", "diff")
    assert shown.code == 1
    assert "(Zeile 7)" in shown.err
    assert eakte("rules", "dismiss").code == 0
    assert eakte("check").code == 0
