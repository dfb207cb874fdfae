"""The catalogue of Schlagworte and their rules, read from ``config/schlagworte/*.toml``.

One file a subject area; ``allgemein.toml`` holds what all areas share: the known functions and
SubFiles, and the cues that turn a phrase into a denial or a mere mention.  A rule's id is
``<file>.<schlagwort>.<n>``, with ``n`` counting the triggers of that Schlagwort from 1: new
triggers are appended, so that stored evidence keeps pointing at the rule it came from.

This module only reads and compiles; scoring is :mod:`classifiers.keywords`.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal, NoReturn, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifiers.layout import Zone
from classifiers.phrases import PhraseBook, PhraseError
from classifiers.rule_patterns import PatternError, compiled
from classifiers.rule_text import line_of
from eakte.domain.schlagworte import Schlagwort
from eakte.errors import RuleError

COMMON = "allgemein.toml"
FALLBACK = "sonstiges"

_UMLAUT = re.compile(r"[äöüÄÖÜ]")
_ID = re.compile(r"[a-z][a-z0-9_]{0,59}")
_Text = Annotated[str, Field(min_length=1, max_length=300)]
_Name = Annotated[str, Field(min_length=1, max_length=40)]
_REMEDIES = {
    "extra_forbidden": "Diesen Schlüssel gibt es nicht; Schreibweise prüfen oder entfernen.",
    "missing": "Diese Angabe ist Pflicht; ergänzen.",
    "string_type": "Hier gehört ein Text in Anführungszeichen hin.",
    "list_type": "Hier gehört eine Liste in eckigen Klammern hin.",
    "float_type": "Hier gehört eine Zahl hin.",
    "float_parsing": "Hier gehört eine Zahl hin.",
    "bool_type": "Hier gehört true oder false hin.",
    "bool_parsing": "Hier gehört true oder false hin.",
    "too_short": "Mindestens einen Eintrag angeben oder den Schlüssel weglassen.",
    "string_too_short": "Ein leerer Text ist hier nicht erlaubt.",
    "string_too_long": "Der Text ist zu lang; höchstens {max_length} Zeichen.",
    "greater_than_equal": "Die Zahl ist zu klein; mindestens {ge:g}.",
    "greater_than": "Die Zahl ist zu klein; sie muss über {gt:g} liegen.",
    "less_than_equal": "Die Zahl ist zu groß; höchstens {le:g}.",
    "dict_type": "Hier gehört eine Tabelle hin.",
    "model_type": "Hier gehört eine Tabelle hin.",
    "literal_error": "Einen der erlaubten Werte verwenden.",
}


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


_Model = TypeVar("_Model", bound=_Strict)


class _TriggerFile(_Strict):
    phrases: Annotated[list[_Text], Field(min_length=1)] | None = None
    patterns: Annotated[list[_Text], Field(min_length=1)] | None = None
    weight: Annotated[float, Field(ge=-10, le=10)]
    zones: Annotated[list[Zone], Field(min_length=1)] | None = None
    always: bool = False
    each: bool = False


class _SchlagwortFile(_Strict):
    title: _Text
    function: _Text
    copies: list[_Text] = []
    subfile: _Text | None = None
    urgent: bool = False
    incoming: bool = True
    description: str = ""
    general: bool = False
    triggers: Annotated[list[_TriggerFile], Field(min_length=1)] | None = None


class _AreaFile(_Strict):
    schlagworte: Annotated[dict[str, _SchlagwortFile], Field(min_length=1)]


class _CueFile(_Strict):
    kind: Literal["negation", "mention", "aside", "request"]
    scope: Literal["clause", "sentence"]
    phrases: Annotated[list[_Text], Field(min_length=1)]
    unless: list[_Text] = []


class _CalibrationFile(_Strict):
    slope: Annotated[float, Field(gt=0, le=5)]
    offset: Annotated[float, Field(ge=-5, le=5)]


class _CommonFile(_Strict):
    functions: Annotated[list[_Name], Field(min_length=1)]
    subfiles: Annotated[list[_Name], Field(min_length=1)]
    cues: list[_CueFile] = []
    against_outgoing: list[_TriggerFile] = []
    calibration: _CalibrationFile = _CalibrationFile(slope=1, offset=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """Words or patterns that suggest a Schlagwort; a negative weight speaks against it.

    ``zones`` limits where it counts (empty: everywhere but footer and remedies); ``always`` holds
    even where the sentence denies or only mentions.  With ``each`` it is a field of words: every
    different phrase seen counts, not only one.  ``written`` is what stands in the rule file: its
    phrases, then its patterns.
    """

    id: str
    schlagwort: str
    weight: float
    phrases: tuple[int, ...]
    patterns: tuple[re.Pattern[str], ...]
    zones: frozenset[Zone]
    always: bool
    each: bool
    written: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """Phrases that change what stands in the same clause or sentence.

    ``negation`` and ``mention`` cancel it, ``aside`` lets it weigh less (what is only told in
    passing), ``request`` more (what the letter asks for or encloses).  Those of ``with_umlaut`` are
    single words that mean something else without it: ``würde`` is not ``wurde``.
    """

    kind: Literal["negation", "mention", "aside", "request"]
    scope: Literal["clause", "sentence"]
    phrases: frozenset[int]
    unless: frozenset[int]
    with_umlaut: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Which share of documents is right at a score: the score's log odds, stretched and moved.

    Fitted by ``benchmarks/reading/calibrate.py``; without figures a score stays as it is.
    """

    slope: float = 1.0
    offset: float = 0.0

    def __call__(self, score: float) -> float:
        """The share that is right at ``score``, both between 0 and 1."""
        inside = min(max(score, 1e-6), 1 - 1e-6)
        odds = math.log(inside / (1 - inside))
        return 1 / (1 + math.exp(-(self.offset + self.slope * odds)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Every Schlagwort with its compiled rules.

    ``by_phrase`` leads from a phrase's number in ``book`` to the triggers that contain it;
    ``general`` are Schlagworte that give way to any that says more.  ``files`` names the file that
    each Schlagwort stands in; ``functions`` and ``subfiles`` are those that a rule may name.
    """

    schlagworte: Mapping[str, Schlagwort]
    triggers: tuple[Trigger, ...]
    book: PhraseBook
    by_phrase: Mapping[int, tuple[Trigger, ...]]
    cues: tuple[Cue, ...]
    general: frozenset[str]
    calibration: Calibration = Calibration()
    files: Mapping[str, str] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    subfiles: tuple[str, ...] = ()

    def check_known(self, names: Iterable[str], where: Path) -> None:
        """Whether all ``names`` are Schlagworte; ``where`` is the file or folder that uses them.

        Raises ``RuleError`` that names the first that is none.
        """
        for name in sorted(names):
            if name not in self.schlagworte:
                raise RuleError(
                    f"In {where} ist {name} kein bekanntes Schlagwort.",
                    remedy="Datei, Ordner und ist=… nach der Kennung eines Schlagworts benennen.",
                )


def load_catalogue(folder: Path) -> Catalogue:
    """Read and compile every rule file in ``folder``; the same files are compiled once a process.

    Raises ``RuleError`` that names file, key and remedy where one of them is wrong.
    """
    return _compiled(folder, tuple(_files_in(folder)))


def read_rules(folder: Path) -> dict[str, str]:
    """The rule files in ``folder`` as they are, by name, with plain line ends; none is compiled.

    Raises ``RuleError`` where the folder or a file can't be read, or is no UTF-8.
    """
    contents = {}
    for path, content in _files_in(folder):
        try:
            contents[path.name] = content.decode("utf-8").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            raise RuleError(
                f"Die Regeldatei {path} ist kein UTF-8: {error.reason}.",
                remedy="Die Datei als UTF-8 speichern.",
                file=path.name,
            ) from error
    return contents


def compile_rules(files: Mapping[str, str]) -> Catalogue:
    """The catalogue of rule files that are at hand as text, by name.

    The same texts are compiled once a process.  Raises ``RuleError`` as :func:`load_catalogue`.
    """
    if COMMON not in files:
        raise _without_common(Path(COMMON))
    return _compiled(
        Path(), tuple((Path(name), files[name].encode("utf-8")) for name in sorted(files))
    )


def _files_in(folder: Path) -> list[tuple[Path, bytes]]:
    if not folder.is_dir():
        raise RuleError(
            f"Der Regelordner {folder} fehlt.",
            remedy="Den Ordner config/schlagworte aus der Auslieferung wiederherstellen.",
        )
    if not (folder / COMMON).is_file():
        raise _without_common(folder / COMMON)
    return [(path, _read(path)) for path in sorted(folder.glob("*.toml"))]


def _without_common(path: Path) -> RuleError:
    return RuleError(
        f"Die Regeldatei {path} fehlt.",
        remedy="Sie nennt Funktionen und Teilakten; aus der Auslieferung wiederherstellen.",
        file=path.name,
    )


@lru_cache(maxsize=8)
def _compiled(folder: Path, files: tuple[tuple[Path, bytes], ...]) -> Catalogue:
    """The catalogue of ``files`` (path and content), which stays valid as long as they stay."""
    common_path = folder / COMMON
    contents = dict(files)
    try:
        builder = _Builder(_parse(common_path, contents[common_path], _CommonFile), common_path)
        for path, content in files:
            if path != common_path:
                builder.add(path, _parse(path, content, _AreaFile))
        return builder.finish(folder)
    except RuleError as error:
        text = {path.name: content for path, content in files}.get(error.file, b"")
        line = error.line or line_of(text.decode("utf-8", "replace"), error.key)
        if line is None or error.line is not None:
            raise
        raise RuleError(
            f"{error.message.removesuffix('.')} (Zeile {line}).",
            remedy=error.remedy,
            file=error.file,
            key=error.key,
            line=line,
        ) from error


class _Builder:
    """Collects rule files into one catalogue."""

    def __init__(self, common: _CommonFile, path: Path) -> None:
        self._common = common
        self._common_path = path
        self._book = PhraseBook()
        self._schlagworte: dict[str, Schlagwort] = {}
        self._files: dict[str, Path] = {}
        self._triggers: list[Trigger] = []
        self._general: set[str] = set()
        self._cues = tuple(
            self._cue(path, f"cues.{n}", cue) for n, cue in enumerate(common.cues, start=1)
        )

    def _cue(self, path: Path, key: str, cue: _CueFile) -> Cue:
        phrases = self._phrases(path, f"{key}.phrases", cue.phrases)
        return Cue(
            kind=cue.kind,
            scope=cue.scope,
            phrases=frozenset(phrases),
            unless=frozenset(self._phrases(path, f"{key}.unless", cue.unless)),
            with_umlaut=frozenset(
                phrase
                for phrase, written in zip(phrases, cue.phrases, strict=True)
                if _UMLAUT.search(written) and " " not in written
            ),
        )

    def add(self, path: Path, area: _AreaFile) -> None:
        """Take in one area's Schlagworte."""
        for name, entry in area.schlagworte.items():
            key = f"schlagworte.{name}"
            if not _ID.fullmatch(name):
                _refuse(path, key, "Kennungen bestehen aus a-z, 0-9 und _, höchstens 60 Zeichen.")
            if name in self._schlagworte:
                _refuse(path, key, f"Es steht schon in {self._files[name].name}; eines entfernen.")
            self._check_names(path, key, entry)
            self._schlagworte[name] = Schlagwort(
                id=name,
                title=entry.title,
                function=entry.function,
                copies=tuple(entry.copies),
                subfile=entry.subfile,
                urgent=entry.urgent,
                incoming=entry.incoming,
                description=entry.description,
            )
            self._files[name] = path
            if entry.general:
                self._general.add(name)
            for number, trigger in enumerate(entry.triggers or (), start=1):
                key = f"schlagworte.{name}.triggers.{number}"
                self._triggers.append(self._trigger(path, key, f"{name}.{number}", trigger))
            if not entry.incoming:
                self._add_against_outgoing(name)

    def finish(self, folder: Path) -> Catalogue:
        """The catalogue, once every file is in."""
        if FALLBACK not in self._schlagworte:
            raise RuleError(
                f"In {folder} fehlt das Schlagwort {FALLBACK}.",
                remedy="Es fängt auf, was sonst nirgends passt; wieder aufnehmen.",
            )
        self._book.freeze()
        by_phrase: dict[int, list[Trigger]] = {}
        for trigger in self._triggers:
            for phrase in trigger.phrases:
                by_phrase.setdefault(phrase, []).append(trigger)
        return Catalogue(
            schlagworte=MappingProxyType(self._schlagworte),
            triggers=tuple(self._triggers),
            book=self._book,
            by_phrase=MappingProxyType({key: tuple(each) for key, each in by_phrase.items()}),
            cues=self._cues,
            general=frozenset(self._general),
            calibration=Calibration(
                slope=self._common.calibration.slope, offset=self._common.calibration.offset
            ),
            files=MappingProxyType({name: path.name for name, path in self._files.items()}),
            functions=tuple(self._common.functions),
            subfiles=tuple(self._common.subfiles),
        )

    def _check_names(self, path: Path, key: str, entry: _SchlagwortFile) -> None:
        functions, subfiles = self._common.functions, self._common.subfiles
        for place, function in [
            ("function", entry.function),
            *(("copies", c) for c in entry.copies),
        ]:
            if function not in functions:
                _refuse(path, f"{key}.{place}", _one_of(function, functions))
        if entry.subfile is not None and entry.subfile not in subfiles:
            _refuse(path, f"{key}.subfile", _one_of(entry.subfile, subfiles))

    def _add_against_outgoing(self, name: str) -> None:
        path = self._common_path
        for number, trigger in enumerate(self._common.against_outgoing, start=1):
            key = f"against_outgoing.{number}"
            self._triggers.append(self._trigger(path, key, f"{name}.{number}", trigger))

    def _trigger(self, path: Path, key: str, name: str, entry: _TriggerFile) -> Trigger:
        if entry.phrases is None and entry.patterns is None:
            _refuse(path, key, "Ein Auslöser braucht phrases oder patterns.")
        if entry.weight == 0:
            _refuse(
                path, f"{key}.weight", "Ein Gewicht von 0 bewirkt nichts; ändern oder streichen."
            )
        patterns = []
        for written in entry.patterns or ():
            try:
                patterns.append(compiled(written))
            except PatternError as error:
                _refuse(path, f"{key}.patterns", str(error), error)
        return Trigger(
            id=f"{path.stem}.{name}",
            schlagwort=name.partition(".")[0],
            weight=entry.weight,
            phrases=tuple(self._phrases(path, f"{key}.phrases", entry.phrases or [])),
            patterns=tuple(patterns),
            zones=frozenset(entry.zones or ()),
            always=entry.always,
            each=entry.each,
            written=(*(entry.phrases or ()), *(entry.patterns or ())),
        )

    def _phrases(self, path: Path, key: str, written: list[str]) -> list[int]:
        numbers = []
        for phrase in written:
            try:
                numbers.append(self._book.add(phrase))
            except PhraseError as error:
                _refuse(path, key, f"In „{phrase}“: {error}.", error)
        return numbers


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleError(
            f"Die Regeldatei {path} ist nicht lesbar: {error.strerror}.",
            remedy="Leserechte der Datei prüfen.",
            file=path.name,
        ) from error


def _parse(path: Path, content: bytes, model: type[_Model]) -> _Model:
    try:
        raw = tomllib.loads(content.decode("utf-8"))
    except RecursionError as error:
        raise RuleError(
            f"Die Regeldatei {path} ist kein gültiges TOML: zu viele Klammern ineinander.",
            remedy="Die Klammern prüfen.",
            file=path.name,
        ) from error
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise RuleError(
            f"Die Regeldatei {path} ist kein gültiges TOML: {error}.",
            remedy="Die genannte Stelle berichtigen (Anführungszeichen, Klammern, UTF-8).",
            file=path.name,
            line=_line_named_in(str(error)),
        ) from error
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        # A misspelt key is also a missing one; the misspelling says more.
        first = min(error.errors(), key=lambda one: one["type"] != "extra_forbidden")
        key = ".".join(str(n + 1) if isinstance(n, int) else n for n in first["loc"])
        known = _REMEDIES.get(first["type"])
        remedy = (
            known.format_map(first.get("ctx", {})) if known else f"Erwartet wird: {first['msg']}."
        )
        if first["type"] in {"literal_error", "enum"}:
            remedy = f"Erlaubt ist {first.get('ctx', {}).get('expected', '')}."
        _refuse(path, key, remedy, error)


def _refuse(path: Path, key: str, remedy: str, cause: Exception | None = None) -> NoReturn:
    raise RuleError(
        f"In der Regeldatei {path} ist {key} falsch.", remedy=remedy, file=path.name, key=key
    ) from cause


def _line_named_in(message: str) -> int | None:
    """Where the TOML reader stopped: it says so in words alone."""
    named = re.search(r"\(at line (\d+),", message)
    return int(named[1]) if named else None


def _one_of(given: str, known: list[str]) -> str:
    return f"„{given}“ ist unbekannt; bekannt sind {', '.join(known)} (siehe {COMMON})."
