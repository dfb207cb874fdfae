"""Services act for somebody: every public method takes the Reader first, or has a reason not to."""

from __future__ import annotations

import dataclasses
import inspect
import typing

from eakte.services import Services

REASONS = {
    "Accounts": "the door: there is no Reader before it; change_password takes one",
    "Checking": "the operator's check, as the system; no contents leave it",
    "Examples": "the worker keeps and clears them, the operator takes them out, as the system",
    "Tokens": "the door for programmes, opened and shut by the operator",
    "Rules.problems": "the operator's check, as Checking",
    "Postboxes.schlagwort_choices": "the catalogue is no secret",
}


def test_every_method_takes_the_reader_first_or_has_a_reason():
    kinds = typing.get_type_hints(Services)
    without = set()
    for field in dataclasses.fields(Services):
        service = kinds[field.name]
        for name, method in vars(service).items():
            if name.startswith("_") or not inspect.isfunction(method):
                continue
            parameters = list(inspect.signature(method).parameters)
            if parameters[1:2] != ["reader"]:
                without.add(f"{service.__name__}.{name}")
    excused = {name for name in without if name in REASONS or name.split(".")[0] in REASONS}
    assert without - excused == set()
    assert {one for one in REASONS if any(name.startswith(one) for name in without)} == set(REASONS)
