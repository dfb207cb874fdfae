"""``eakte backup`` and ``eakte restore``."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from eakte.bootstrap import open_product
from eakte.bootstrap.backup import backup_folder, backup_of, verifying
from eakte.bootstrap.restoring import Restoring, changed_config
from eakte.cli.ending import at_the_end
from eakte.cli.logs import set_up_logging
from eakte.cli.opening import product_of
from eakte.cli.options import ConfigOption, settings_of
from eakte.cli.output import hint, say
from eakte.cli.progress import shown
from eakte.domain.rights import system_reader
from eakte.errors import Damaged
from eakte.repositories.checks import Problem
from eakte.services.backup import Snapshot
from eakte.services.backup.folder import CONFIG
from eakte.settings import Settings, load_settings, passwords_in

OPERATOR = system_reader("operator")

_Folder = Annotated[Path, typer.Argument(metavar="ORDNER", help="Ordner der Sicherung.")]
_Snapshot = Annotated[
    str | None,
    typer.Option("--snapshot", metavar="STAND", help="Welcher Stand (sonst der neueste)."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    folder: _Folder,
    *,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="Auch den Protokollschlüssel sichern.")
    ] = False,
    keep: Annotated[
        int | None, typer.Option("--keep", min=1, help="Nur so viele Stände behalten.")
    ] = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Nichts sichern; alles Gesicherte nachlesen.")
    ] = False,
    snapshot: _Snapshot = None,
    config: ConfigOption = None,
) -> None:
    """Sichert Datenbank, Ablage und Einstellungen, während der Server läuft."""
    if verify:
        _verify(folder, snapshot, config)
        return
    if snapshot is not None:
        raise typer.BadParameter("--snapshot gehört zu --verify.")
    product = product_of(config)
    with shown() as progress:
        made = backup_of(product).run(OPERATOR, folder, with_key=with_key, progress=progress)
    key = product.settings.path(product.settings.values.data.audit_key_file)
    manifest = made.manifest
    say(
        f"Gesichert: {made.snapshot.name}, {sum(manifest.tables.values())} Zeilen, "
        f"{manifest.blobs} Dateien ({_size(manifest.blob_bytes)}), "
        f"davon {made.copied} neu ({_size(made.copied_bytes)})."
    )
    if not with_key:
        hint(f"Der Protokollschlüssel {key} ist nicht dabei; er gehört gesondert aufbewahrt.")
    for name in passwords_in(product.settings.config):
        hint(f"In eakte.toml steht ein Kennwort ({name}); es steht auch in der Sicherung.")
    if keep is not None:
        backups = backup_folder(folder)
        with backups.locked():
            snapshots, blobs = backups.prune(keep)
        if snapshots or blobs:
            say(f"Entfernt: {snapshots} ältere Stände, {blobs} Dateien, die kein Stand mehr hat.")
    for sha256 in made.missing:
        hint(f"Die Datei {sha256} fehlt in der Ablage oder wurde verändert; sie fehlt auch hier.")
    if made.missing:
        hint("„eakte check“ nennt, wozu sie gehört; ein früherer Stand kann sie noch haben.")
        raise typer.Exit(1)


def restore(
    folder: _Folder,
    *,
    snapshot: _Snapshot = None,
    key: Annotated[
        Path | None, typer.Option("--key", metavar="DATEI", help="Der Protokollschlüssel.")
    ] = None,
    index: Annotated[
        bool, typer.Option("--index/--no-index", help="Den Volltextindex gleich aufbauen.")
    ] = True,
    rehearse: Annotated[
        bool,
        typer.Option("--rehearse", help="Zur Probe: alles bleibt unter EAKTE_HOME."),
    ] = False,
    config: ConfigOption = None,
) -> None:
    """Spielt eine Sicherung zurück: in einen leeren Datenordner und eine leere Datenbank."""
    set_up_logging()
    chosen = backup_folder(folder).snapshot(snapshot)
    settings = _settings_for(chosen, config, rehearsal=rehearse)
    restoring = Restoring(settings, folder, chosen.name, key)
    restoring.refuse_unless_empty()
    with shown() as progress:
        problems = list(restoring.problems(progress))
        if problems:
            _tell(problems)
            raise Damaged(
                f"Der Stand {chosen.name} ist nicht heil; nichts wurde zurückgespielt.",
                remedy="Mit --snapshot einen anderen Stand wählen.",
            )
        restored = restoring.run(OPERATOR, progress)
    say(
        f"Zurückgespielt: {restored.snapshot.name}, "
        f"{sum(restored.manifest.tables.values())} Zeilen, {restored.manifest.blobs} Dateien."
    )
    if restored.upgraded:
        say("Die Datenbank wurde auf den Stand dieser Version gebracht.")
    if restored.new_config:
        say(f"Die Einstellungen liegen jetzt in {settings.config}.")
    for name in changed_config(chosen, settings.config):
        hint(f"{name} in {settings.config} ist anders als in der Sicherung; es bleibt, wie es ist.")
    if not index:
        say("Der Volltextindex fehlt noch; bis er steht, findet die Suche nichts.")
        say("Der Server baut ihn nach dem Start von selbst auf; „eakte reindex“ tut es gleich.")
        return
    say("Der Volltextindex wird aufgebaut …")
    product = open_product(settings)
    at_the_end(product.database.close)
    product.index.ensure()
    say(f"{product.indexer.rebuild()} Dokumente sind im Index. Prüfen: „eakte check“.")


def _settings_for(chosen: Snapshot, config: Path | None, *, rehearsal: bool) -> Settings:
    """The settings of this call; where there are none, the saved ones, to be laid out there."""
    place = (config or Path(os.environ.get("EAKTE_CONFIG") or "config")).absolute()
    if place.exists():
        return load_settings(config=place, rehearsal=rehearsal)
    settings = load_settings(config=chosen.path / CONFIG, rehearsal=rehearsal)
    settings.config = settings.home / CONFIG if rehearsal else place
    return settings


def _verify(folder: Path, snapshot: str | None, config: Path | None) -> None:
    set_up_logging()
    reading = verifying(settings_of(config), folder)
    with reading.folder.locked(shared=True), shown() as progress:
        if snapshot is None:
            problems = list(reading.all(progress))
        else:
            problems = list(reading.one(reading.folder.snapshot(snapshot), progress))
    if problems:
        _tell(problems)
        raise typer.Exit(1)
    which = snapshot or f"{len(reading.folder.snapshots())} Stände"
    say(f"Die Sicherung ist heil ({which}).")


def _tell(problems: list[Problem]) -> None:
    for one in problems:
        hint(f"{one.subject}: {one.problem} {one.remedy}")


def _size(count: int) -> str:
    """Bytes as people say them: three figures at most."""
    units = ("Bytes", "KB", "MB", "GB", "TB")
    power = min((len(str(count)) - 1) // 3, len(units) - 1)
    value = count / 1000**power
    return f"{value:.1f} {units[power]}" if power and value < 10 else f"{value:.0f} {units[power]}"
