"""Templates of notes from ``config/vorlagen/*.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from eakte.domain.notes import NoteField, NoteFieldKind, NoteTemplate
from eakte.errors import SettingsError


class _Field(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")
    titel: str = Field(min_length=1, max_length=60)
    art: NoteFieldKind
    pflicht: bool = False
    werte: tuple[str, ...] = ()


class _Template(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    titel: str = Field(min_length=1, max_length=60)
    schlagwort: str
    felder: tuple[_Field, ...] = Field(min_length=1)


def note_templates(folder: Path) -> tuple[NoteTemplate, ...]:
    """The templates, by file name; none where there is no folder.

    Whether their Schlagwort is in force is asked when a note is written: rules change meanwhile.

    Raises ``SettingsError`` naming the file and what is wrong in it.
    """
    return tuple(_read(path) for path in sorted(folder.glob("*.toml")))


def _read(path: Path) -> NoteTemplate:
    try:
        read = _Template.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as error:
        raise SettingsError(
            f"Die Vorlage {path.name} ist fehlerhaft: {error}",
            remedy="Die Datei nach dem Muster von vermerk.toml berichtigen.",
        ) from error
    names = [one.name for one in read.felder]
    if len(set(names)) < len(names):
        raise SettingsError(f"In der Vorlage {path.name} steht ein Feld zweimal.")
    return NoteTemplate(
        id=path.stem,
        title=read.titel,
        schlagwort=read.schlagwort,
        fields=tuple(
            NoteField(
                name=one.name,
                title=one.titel,
                kind=one.art,
                required=one.pflicht,
                values=one.werte,
            )
            for one in read.felder
        ),
    )
