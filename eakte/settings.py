"""Typed settings from ``config/eakte.toml`` and ``config/rechte.toml``.

Only ``cli`` and ``bootstrap`` import this; everyone else is handed what they need.  A wrong
setting stops the start with a sentence that names file, key and what is expected.
"""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from eakte.domain.arrivals import SidecarField
from eakte.domain.rights import AccessPolicy, Role, RolePolicy
from eakte.errors import SettingsError

ALWAYS_CLOSED = ("medizin", "hinweise", "handakte")
"""Kinds of SubFile that must stand in ``rechte.toml``: what is left out would lie open."""

REHEARSAL = ".rehearsal"
"""A file in a data folder that a restore was rehearsed in: nothing outside of it is touched."""

_PASSWORD = re.compile(r"//[^/@:]*:[^/@]+@|[?&]password=[^&]")

Model = TypeVar("Model", bound=BaseModel)


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Authority(_Section):
    """Who runs the product."""

    name: str = "Kommunales Jobcenter"
    aktenzeichen_patterns: tuple[str, ...] = (r"\d{5}//?\d{7}", r"\d{5}BG\d{7}")
    own_addresses: tuple[tuple[str, str], ...] = ()
    objection_patterns: tuple[str, ...] = (r"W[ -]?\d{1,6}/\d{2,4}", r"W-\d{5}-\d{5}/\d{2}")
    land: Literal[
        "",
        "BW",
        "BY",
        "BE",
        "BB",
        "HB",
        "HH",
        "HE",
        "MV",
        "NI",
        "NW",
        "RP",
        "SL",
        "SN",
        "ST",
        "SH",
        "TH",
    ] = ""

    @field_validator("objection_patterns")
    @classmethod
    def _compiles(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for one in patterns:
            try:
                re.compile(one)
            except re.error as error:
                raise ValueError(f"„{one}“ ist kein regulärer Ausdruck ({error})") from error
        return patterns


class Deadlines(_Section):
    """How periods are reckoned; the Land's holidays are those of ``authority.land``."""

    lead_days: int = Field(default=7, ge=0, le=90)


class Data(_Section):
    """Where everything is kept."""

    database_url: str = ""
    durable_url: str = ""
    store: str = "store"
    audit_key_file: str = "audit.key"
    audit_heads: str = "audit-heads.jsonl"
    index: str = "index"


class Sidecar(_Section):
    """The side-car of a profile: its kind, how long a scan waits for it, its field names."""

    kind: Literal["xml", "json"]
    wait_seconds: float = Field(default=60, ge=0, le=3600)
    fields: dict[SidecarField, str] = {}


class InboxProfile(_Section):
    """One more watched folder."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    folder: str
    site: str = ""
    receipt: str = Field(
        default="today",
        pattern=r"^(today|file_time|sidecar|next_working_day_after ([01]\d|2[0-3]):[0-5]\d)$",
    )
    batch: Literal["folder", "run", "letter"] = "run"
    operator: str = Field(default="", max_length=200)
    device: str = Field(default="", max_length=200)
    form: Literal["paper", "fax", "online"] = "paper"
    sidecar: Sidecar | None = None
    mode: Literal["inotify", "polling"] = "inotify"


class Inbox(_Section):
    """The watched folder, and further ones with a profile each."""

    folder: str = "inbox"
    mode: Literal["inotify", "polling"] = "inotify"
    poll_seconds: float = Field(default=0.5, gt=0, le=60)
    settle_polls: int = Field(default=3, ge=2, le=60)
    profiles: tuple[InboxProfile, ...] = ()

    @field_validator("profiles")
    @classmethod
    def _distinct(cls, profiles: tuple[InboxProfile, ...]) -> tuple[InboxProfile, ...]:
        for what in ("id", "folder"):
            values = [getattr(one, what) for one in profiles]
            double = sorted({one for one in values if values.count(one) > 1})
            if double:
                raise ValueError(f"{what} „{double[0]}“ steht zweimal")
        if any(one.id == "standard" for one in profiles):
            raise ValueError("„standard“ ist das Profil von [inbox] selbst")
        return profiles


class Mailbox(_Section):
    """An IMAP mailbox whose messages are post."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")
    host: str
    port: int = Field(default=0, ge=0, le=65535)
    tls: Literal["tls", "starttls", "none"] = "tls"
    ca_file: str = ""
    login: str
    password_file: str = ""
    folder: str = "INBOX"
    done_folder: str = "Verarbeitet"
    site: str = ""
    max_megabytes: int = Field(default=100, ge=1, le=2000)
    wait_seconds: float = Field(default=60, gt=0, le=1500)


class CourtMail(_Section):
    """The folder of the court mail's client: one directory a message."""

    folder: str = ""
    done_folder: str = "court-mail-done"
    site: str = ""
    poll_seconds: float = Field(default=5, gt=0, le=600)
    settle_polls: int = Field(default=3, ge=2, le=60)
    wait_seconds: float = Field(default=600, ge=0)
    report_names: tuple[str, ...] = ("*pruefprotokoll*", "*prüfprotokoll*", "*inspection*sheet*")
    report_valid: tuple[str, ...] = (
        "lieferten ein positives Ergebnis",
        "Gesamtprüfergebnis: gültig",
    )


class Recognition(_Section):
    """How pages are read."""

    engine: str = "tesserocr"
    tessdata: str = ""
    processes: int = Field(default=0, ge=0, le=256)
    page_seconds: float = Field(default=120, gt=0)
    memory_mb: int = Field(default=1100, ge=400)
    max_pages: int = Field(default=5000, ge=1)
    max_megabytes: int = Field(default=1024, ge=1)


class Quality(_Section):
    """Checking scans by eye (TR-03138)."""

    sample_percent: float = Field(default=4, gt=0, le=100)
    paper_weeks: int = Field(default=13, ge=0, le=520)
    duplex: bool = True
    operator: str = ""
    pseudonyms: dict[str, str] = {}
    full_check: tuple[str, ...] = (
        "attest",
        "gutachten",
        "arbeitsunfaehigkeit",
        "schwerbehinderung",
        "schwangerschaft",
        "personenstand",
        "sterbefall",
        "vollmacht_betreuung",
        "aufenthalt",
    )


class Paper(_Section):
    """What becomes of paper."""

    never_destroy: tuple[str, ...] = (
        "personenstand",
        "sterbefall",
        "aufenthalt",
        "meldebescheinigung",
        "vollmacht_betreuung",
        "entscheidung",
        "unterhalt",
        "pfaendung",
    )
    suggested: dict[str, Literal["destroy", "keep", "return", "forward"]] = {
        "andere_stelle": "forward"
    }


class Counter(_Section):
    """What may be told at the telephone and the counter."""

    days: int = Field(default=60, ge=1, le=3660)
    receipt_days: int = Field(default=3, ge=1, le=60)
    silent: tuple[str, ...] = (
        "sonstiges",
        "hinweis_dritter",
        "gefaehrdung",
        "auskunftsersuchen",
        "datenabgleich",
        "pfaendung",
        "aktenanforderung",
        "erstattungsanspruch",
        "gutachten",
        "owi",
    )
    silent_subfiles: tuple[str, ...] = ("hinweise", "handakte")
    groups: dict[str, tuple[str, ...]] = {}


class Intake(_Section):
    """Where a run of sheets without separators is cut."""

    cut_threshold: float = Field(default=0.9, ge=0, le=1)
    cut_ask_from: float = Field(default=0.5, ge=0, le=1)
    cut_ask_alone_from: float = Field(default=0.8, ge=0, le=1)


class Classify(_Section):
    """When the machine is sure enough."""

    threshold: float = Field(default=0.6, ge=0, le=1)


class Rules(_Section):
    """Rules in versions, and trials of proposed ones."""

    trial_documents: int = Field(default=500, ge=1, le=100_000)
    watch_seconds: float = Field(default=1.0, gt=0, le=60)
    keep_trial_days: int = Field(default=90, ge=1)


class Examples(_Section):
    """Corrections kept as examples without names."""

    keep_months: int = Field(default=12, ge=0, le=120)
    pages: int = Field(default=20, ge=1, le=500)


class Statistics(_Section):
    """Figures for team leads."""

    per_person: bool = False
    old_days: int = Field(default=7, ge=3, le=90)
    span_days: Literal[7, 28, 90] = 28


class Search(_Section):
    """The full-text engine."""

    engine: str = "tantivy"


class Work(_Section):
    """Durable work."""

    parallel_sources: int = Field(default=4, ge=1, le=64)
    heartbeat_seconds: float = Field(default=5, gt=0)
    dead_after_seconds: float = Field(default=60, gt=0)
    absence_seconds: float = Field(default=60, gt=0, le=3600)


class Web(_Section):
    """The web server and its sessions."""

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    secure_cookies: bool = False
    allowed_origins: tuple[str, ...] = ()
    idle_minutes: int = Field(default=60, ge=1)
    session_hours: int = Field(default=12, ge=1)


class Upload(_Section):
    """What may be uploaded from the desk."""

    max_megabytes: int = Field(default=200, ge=1, le=10_000)
    max_files: int = Field(default=50, ge=1, le=1000)


class Api(_Section):
    """What programmes may send to ``/api/v1``."""

    max_megabytes: int = Field(default=100, ge=1, le=10_000)
    per_minute: int = Field(default=300, ge=1)


class Login(_Section):
    """Guarding the door."""

    max_failures: int = Field(default=5, ge=1)
    lock_minutes: int = Field(default=15, ge=1)
    min_password_length: int = Field(default=12, ge=8)


class EakteToml(_Section):
    """``config/eakte.toml``."""

    authority: Authority = Authority()
    data: Data = Data()
    inbox: Inbox = Inbox()
    mailboxes: tuple[Mailbox, ...] = ()
    court_mail: CourtMail = CourtMail()
    recognition: Recognition = Recognition()
    quality: Quality = Quality()
    paper: Paper = Paper()
    counter: Counter = Counter()
    intake: Intake = Intake()
    classify: Classify = Classify()
    deadlines: Deadlines = Deadlines()
    rules: Rules = Rules()
    examples: Examples = Examples()
    statistics: Statistics = Statistics()
    search: Search = Search()
    work: Work = Work()
    web: Web = Web()
    login: Login = Login()
    upload: Upload = Upload()
    api: Api = Api()


class _RoleToml(_Section):
    title: str
    team_scopes: bool = False
    team_members: bool = False
    all_files: bool = False
    clearing: bool = False
    settings: bool = False
    trials: bool = False
    counter: bool = False
    breaches: bool = False
    closed_subfiles: frozenset[str] = frozenset()


class _NamedToml(_Section):
    logins: frozenset[str] = frozenset()
    teams: frozenset[str] = frozenset()


class _ProtectedToml(_Section):
    postbox: str = "clearing"


class _RechteToml(_Section):
    roles: dict[Role, _RoleToml]
    subfiles: dict[str, _NamedToml]
    protected: _ProtectedToml = _ProtectedToml()

    @field_validator("subfiles")
    @classmethod
    def _closed_stay_closed(cls, subfiles: dict[str, _NamedToml]) -> dict[str, _NamedToml]:
        missing = [kind for kind in ALWAYS_CLOSED if kind not in subfiles]
        if missing:
            raise ValueError(
                "Es fehlt "
                + ", ".join(f"[subfiles.{kind}]" for kind in missing)
                + "; ohne den Abschnitt wäre die Teilakte nicht mehr verschlossen"
            )
        return subfiles


class Settings:
    """All settings with the folders they are relative to."""

    def __init__(
        self,
        home: Path,
        config: Path,
        values: EakteToml,
        access: AccessPolicy,
        *,
        rehearsal: bool = False,
    ) -> None:
        self.home = home
        self.config = config
        self.values = values
        self.access = access
        self.rehearsal = rehearsal

    @property
    def database_url(self) -> str:
        """The SQLAlchemy URL of the database."""
        return self.values.data.database_url or f"sqlite:///{self.home / 'eakte.sqlite'}"

    @property
    def durable_url(self) -> str:
        """The SQLAlchemy URL of the durable engine's own state."""
        if self.values.data.durable_url:
            return self.values.data.durable_url
        if self.database_url.startswith("sqlite"):
            return f"sqlite:///{self.home / 'work.sqlite'}"
        return self.database_url

    @property
    def home_id(self) -> str:
        """A short name of the data folder, the same at every start: two on one host differ."""
        return hashlib.sha256(os.fsencode(self.home.resolve())).hexdigest()[:8]

    def path(self, relative: str) -> Path:
        """A path of the settings: absolute, or below the data folder."""
        return self.home / relative

    @property
    def secret_files(self) -> tuple[Path, ...]:
        """The files that hold the audit key and passwords, wherever they lie."""
        written = [self.values.data.audit_key_file]
        written += [one.password_file for one in self.values.mailboxes if one.password_file]
        return tuple(self.path(one) for one in written)

    @property
    def schlagworte(self) -> Path:
        """The folder of the rule files."""
        return self.config / "schlagworte"

    @property
    def sample_letters(self) -> Path:
        """The folder of the sample letters whose words are counted; it need not be there."""
        return self.config / "musterbriefe"

    @property
    def abbreviations(self) -> Path:
        """The file of abbreviations that a search takes for their long forms; it may be missing."""
        return self.config / "suche" / "abkuerzungen.toml"

    @property
    def note_templates(self) -> Path:
        """Folder of the templates of notes."""
        return self.config / "vorlagen"


def load_settings(
    home: Path | None = None, config: Path | None = None, *, rehearsal: bool = False
) -> Settings:
    """Read all settings; ``EAKTE_HOME`` and ``EAKTE_CONFIG`` name the folders otherwise.

    ``EAKTE_DATABASE_URL`` goes before the file, so that a password need not stand in it.
    ``rehearsal``, or its mark in the data folder: whatever the settings say, everything is kept
    below the data folder, and no mailbox or court mail is read.
    Raises ``SettingsError`` naming file and key.
    """
    home = (home or Path(os.environ.get("EAKTE_HOME") or "var")).absolute()
    config = (config or Path(os.environ.get("EAKTE_CONFIG") or "config")).absolute()
    if not config.is_dir():
        raise SettingsError(
            f"Den Konfigurationsordner {config} gibt es nicht.",
            remedy="Mit --config oder EAKTE_CONFIG den Ordner mit eakte.toml angeben.",
        )
    values = _read(config / "eakte.toml", EakteToml, optional=True)
    rehearsal = rehearsal or (home / REHEARSAL).exists()
    url = os.environ.get("EAKTE_DATABASE_URL")
    if rehearsal:
        apart = {"data": Data(), "inbox": Inbox(), "mailboxes": (), "court_mail": CourtMail()}
        values = values.model_copy(update=apart)
    elif url:
        data = values.data.model_copy(update={"database_url": url})
        values = values.model_copy(update={"data": data})
    access = _policy(_read(config / "rechte.toml", _RechteToml))
    return Settings(home, config, values, access, rehearsal=rehearsal)


def passwords_in(config: Path) -> tuple[str, ...]:
    """Which settings of ``eakte.toml`` itself hold a password (addresses of databases).

    Raises ``SettingsError``.
    """
    data = _read(config / "eakte.toml", EakteToml, optional=True).data
    urls = {"data.database_url": data.database_url, "data.durable_url": data.durable_url}
    return tuple(name for name, url in urls.items() if _PASSWORD.search(url))


def _policy(rechte: _RechteToml) -> AccessPolicy:
    return AccessPolicy(
        roles={role: RolePolicy(**held.model_dump()) for role, held in rechte.roles.items()},
        closed_subfiles=frozenset(rechte.subfiles),
        named_logins={kind: named.logins for kind, named in rechte.subfiles.items()},
        named_teams={kind: named.teams for kind, named in rechte.subfiles.items()},
        protected_postbox=rechte.protected.postbox,
    )


def _read(path: Path, model: type[Model], *, optional: bool = False) -> Model:
    try:
        content: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if optional:
            return model()
        raise SettingsError(
            f"Die Datei {path} fehlt.", remedy="Aus dem Projekt wiederherstellen."
        ) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(
            f"{path} ist nicht lesbar: {error}.", remedy="Die genannte Stelle berichtigen."
        ) from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise SettingsError(
            f"{path}: {_first(error)}",
            remedy="Die Einstellung berichtigen; nichts wurde gestartet.",
        ) from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        return f"Die Einstellung „{key}“ gibt es nicht."
    message = first["msg"].removeprefix("Value error, ")  # pydantic's word for our own sentence
    return f"Die Einstellung „{key}“ ist falsch: {message}."
