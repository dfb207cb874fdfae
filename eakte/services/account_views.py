"""What the screen „Konten“ is answered with: staff, their roles and how they get in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from eakte.services.views import Choice


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountFilter:
    """Which accounts: words of name or login, a role id, a site id, locked ones alone."""

    text: str = ""
    role: str = ""
    site: str = ""
    blocked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountLine:
    """Somebody in the list. ``sites`` follow from the teams; central teams have none.

    ``has_password`` False: nobody can sign in yet. ``local``: made here, unknown to the register.
    ``awaits_second``: blocked until a second person of the administration unblocks it.
    """

    login: str
    name: str
    roles: tuple[str, ...]
    teams: tuple[str, ...]
    sites: tuple[str, ...]
    has_password: bool
    signed_in_at: datetime | None
    blocked: bool
    paused: bool
    must_change: bool
    awaits_second: bool
    local: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPage:
    """A stretch of the list, and how many there are."""

    lines: tuple[AccountLine, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleChoice:
    """A role to be given. ``opens``: it opens contents, so that nobody gives it to themselves."""

    id: str
    title: str
    held: bool
    opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalList:
    """A list that was changed here over the register: what the register said, who, when."""

    kind: str
    said: tuple[str, ...]
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountView:
    """One account with all that can be done to it; ``own``: the reader's.

    ``may_unblock`` False: it waits for a second person, and the reader has generated its password.
    """

    line: AccountLine
    roles: tuple[RoleChoice, ...]
    sessions: int
    changed_at: datetime | None
    blocked_by: str
    blocked_at: datetime | None
    local_lists: tuple[LocalList, ...]
    own: bool
    may_unblock: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChoices:
    """What a new account is made of, and what the list is narrowed by."""

    roles: tuple[Choice, ...]
    teams: tuple[Choice, ...]
    sites: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAccount:
    """Somebody whom the register doesn't know yet; ``teams`` by id, the first one first."""

    login: str
    name: str
    roles: Sequence[str] = ()
    teams: Sequence[str] = ()
