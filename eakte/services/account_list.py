"""Accounts as the administration keeps them: made, given roles, locked, let in again.

Nobody gives themselves what opens contents, nor an account whose password they have generated:
either takes a second person of the administration, and such an account is blocked until then.
What is changed here stands while the register only repeats what it had said (ADR 122, ADR 155).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eakte.domain.rights import CLEARING, AccessPolicy, Reader
from eakte.errors import Conflict, NotFound, NotPermitted, Unusable
from eakte.language.folding import fold
from eakte.models import Account
from eakte.repositories.accounts import Accounts as AccountRows
from eakte.repositories.audit import AuditLog
from eakte.repositories.database import Database, EakteSession
from eakte.repositories.local_changes import DEPUTIES, PERSON, RANGES, ROLES, TEAMS
from eakte.repositories.organisation import Organisation
from eakte.repositories.staff_accounts import Door, StaffAccounts, require_keeper
from eakte.repositories.staff_lists import StaffLists
from eakte.repositories.staff_picture import StaffPicture
from eakte.services.account_views import (
    AccountChoices,
    AccountFilter,
    AccountLine,
    AccountPage,
    AccountView,
    LocalList,
    NewAccount,
    RoleChoice,
)
from eakte.services.accounts import Accounts
from eakte.services.views import Choice

_LOGIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}")
_RESERVED = frozenset({CLEARING, "neu", "unknown"})
"""Names that mean something else: a postbox, a screen's address, nobody in the trail."""
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class AccountList:
    """Each change is one transaction with its audit row.

    Every method raises ``NotPermitted`` for who keeps no accounts.
    """

    database: Database
    policy: AccessPolicy
    door: Accounts

    # -- looking ----------------------------------------------------------------------------

    def page(self, reader: Reader, wanted: AccountFilter, start: int, size: int) -> AccountPage:
        """``size`` accounts from ``start`` on, by name; those that ``wanted`` fits."""
        require_keeper(reader)
        with self.database.read() as session:
            lines = self._lines(session, reader)
            at_site = _teams_at(StaffPicture.load(session), wanted.site)
        words = fold(wanted.text).split()
        found = [
            line
            for line in lines
            if all(word in fold(f"{line.name} {line.login}") for word in words)
            and (not wanted.role or wanted.role in line.roles)
            and (not wanted.site or line.login in at_site)
            and (not wanted.blocked or line.blocked)
        ]
        found.sort(key=lambda line: (fold(line.name), line.login))
        return AccountPage(lines=tuple(found[start : start + size]), total=len(found))

    def choices(self, reader: Reader) -> AccountChoices:
        """Roles, teams and sites by name."""
        require_keeper(reader)
        with self.database.read() as session:
            sites = {site.id: site.name for site in Organisation(session).all_sites()}
            teams = StaffPicture.load(session).teams
        return AccountChoices(
            roles=tuple(Choice(id=str(one), title=r.title) for one, r in self.policy.roles.items()),
            teams=tuple(
                Choice(id=one.id, title=one.name, detail=sites.get(one.site or "", "zentral"))
                for one in teams
            ),
            sites=tuple(Choice(id=one, title=name) for one, name in sites.items()),
        )

    def get(self, reader: Reader, login: str) -> AccountView:
        """One account. Raises ``NotFound``."""
        require_keeper(reader)
        now, rules = self.database.clock.now(), self.door.rules
        with self.database.read() as session:
            rows = StaffAccounts(session)
            line = next(iter(self._lines(session, reader, login)), None)
            if line is None:
                raise _nobody(login)
            door = rows.doors(reader, login).get(login)
            changes = rows.changes(reader, login).get(login, {})
            people = {row.changed_by for row in changes.values()}
            names = Organisation(session).names(people | {str(door.blocked_by) if door else ""})
            sessions = rows.sessions(reader, login, now - rules.idle, now - rules.lifetime)
            teams = {team.id: team.name for team in StaffPicture.load(session).teams}
        return AccountView(
            line=line,
            roles=tuple(
                RoleChoice(
                    id=str(one), title=held.title, held=one in line.roles, opens=self._opens([one])
                )
                for one, held in self.policy.roles.items()
            ),
            sessions=sessions,
            changed_at=door.changed_at if door else None,
            blocked_at=door.blocked_at if door else None,
            blocked_by=names.get(str(door.blocked_by), "") if door else "",
            local_lists=tuple(
                LocalList(
                    kind=kind,
                    said=tuple(self._said(kind, changes[kind].said, teams)),
                    changed_by=names[changes[kind].changed_by],
                    changed_at=changes[kind].changed_at,
                )
                for kind in (ROLES, TEAMS, RANGES, DEPUTIES)
                if kind in changes and not line.local
            ),
            own=login == reader.login,
            may_unblock=door is None
            or not door.awaits_second
            or reader.login not in (door.password_by, login),
        )

    # -- changing ---------------------------------------------------------------------------

    def create(self, reader: Reader, new: NewAccount) -> str:
        """Make an account; returns its password, which nobody sees a second time.

        With a role that opens contents or keeps accounts it is blocked until somebody other than
        the reader unblocks it.

        Raises ``Unusable`` for a login or a name that can't be, ``NotFound`` for an unknown role
        or team, ``Conflict`` where something is called so already, in capitals or not.
        """
        require_keeper(reader)
        name = " ".join(new.name.split())
        if not _LOGIN.fullmatch(new.login):
            raise Unusable(
                "Ein Anmeldename besteht aus Buchstaben ohne Umlaute, Ziffern und . - _ @; er "
                "beginnt mit einem Buchstaben oder einer Ziffer.",
                remedy="Zum Beispiel „m.petersen“.",
            )
        if not name or len(name) > _LONGEST:
            raise Unusable("Der Name fehlt oder ist zu lang.", remedy="Vor- und Nachnamen angeben.")
        password, hashed = self.door.generated()
        now = self.database.clock.now()
        with self.database.write() as session:
            organisation = Organisation(session)
            picture = StaffPicture.load(session)
            names = _RESERVED.union(picture.people, (team.id for team in picture.teams))
            if new.login.casefold() in {one.casefold() for one in names}:
                raise Conflict(
                    f"Den Anmeldenamen „{new.login}“ gibt es schon.",
                    remedy="Das Konto in der Liste suchen oder einen anderen Namen wählen.",
                )
            roles, teams = self._known_roles(new.roles), list(dict.fromkeys(new.teams))
            if not all(organisation.knows_team(one) for one in teams):
                raise NotFound("Dieses Team gibt es nicht.", remedy="Die Seite neu laden.")
            StaffAccounts(session).add(reader, new.login, name, now)
            lists = StaffLists(session)
            lists.put(reader, ROLES, new.login, [{"role": one} for one in roles], now)
            lists.put(reader, TEAMS, new.login, [{"team_id": one} for one in teams], now)
            doors = AccountRows(session)
            account = doors.set_password(new.login, hashed, now, generated_by=reader.login)
            if self._needs_two(roles):
                doors.await_second(account, reader.login, now)
            details = {"roles": roles, "teams": teams}
            AuditLog(session).note(reader, "account.create", "login", new.login, details=details)
        return password

    def set_roles(
        self, reader: Reader, login: str, before: Sequence[str], roles: Sequence[str]
    ) -> None:
        """Give exactly these roles; ``before`` are those that were shown.

        An account whose password the reader has generated is blocked until another person unblocks
        it, if a role is new that opens contents or keeps accounts.

        Raises ``NotFound``, ``Conflict`` where they are others meanwhile, ``NotPermitted`` where
        the reader would open contents to themselves, or nobody were left to keep the accounts.
        """
        require_keeper(reader)
        wanted = self._known_roles(roles)
        with self.database.write() as session:
            _require_known(session, login)
            rows = StaffAccounts(session)
            keys = rows.holders(reader, self._keys())
            held = rows.roles(reader, login).get(login, ())
            if sorted(before) != sorted(held):
                raise Conflict(
                    "Die Rollen wurden inzwischen geändert.", remedy="Die Seite neu laden."
                )
            if login == reader.login and self._opens(set(wanted) - set(held)):
                raise NotPermitted(
                    "Rollen, die Akten oder Auskünfte öffnen, gibt sich niemand selbst.",
                    remedy="Eine zweite Person der Administration um die Rolle bitten.",
                )
            if not self._keys().intersection(wanted):
                _require_others(keys, login)
            now = self.database.clock.now()
            if StaffLists(session).put(reader, ROLES, login, [{"role": r} for r in wanted], now):
                doors = AccountRows(session)
                account = doors.get(login, lock=True)
                known = account is not None and account.password_by == reader.login
                if account and known and self._needs_two(set(wanted) - set(held)):
                    doors.await_second(account, reader.login, now)
                details = {"roles": wanted, "before": list(held)}
                AuditLog(session).note(reader, "roles.set", "caseworker", login, details=details)

    def block(self, reader: Reader, login: str) -> None:
        """Nobody signs in so any more, and whoever has, is out; twice is no error.

        Raises ``NotFound``, ``Unusable`` without a password, ``NotPermitted`` for the own account
        and for the last one that keeps the accounts.
        """
        require_keeper(reader)
        if login == reader.login:
            raise NotPermitted(
                "Das eigene Konto können Sie nicht sperren.",
                remedy="Eine zweite Person der Administration darum bitten.",
            )
        with self.database.write() as session:
            _require_others(StaffAccounts(session).holders(reader, self._keys()), login)
            account = _account(session, login)
            if account.blocked_at is None:
                account.blocked_at, account.blocked_by = self.database.clock.now(), reader.login
                AccountRows(session).close_all_of(login)
                AuditLog(session).note(reader, "account.block", "login", login)

    def unblock(self, reader: Reader, login: str) -> None:
        """They may sign in again, also after too many wrong passwords.

        Raises ``NotFound``, ``NotPermitted`` where the account waits for a second person and the
        reader has generated its password.
        """
        require_keeper(reader)
        with self.database.write() as session:
            account = _account(session, login)
            if account.awaits_second and reader.login in (account.password_by, login):
                raise NotPermitted(
                    "Dieses Konto entsperrt eine zweite Person der Administration: "
                    "Sie kennen sein Kennwort.",
                    remedy="Gibt es keine, auf dem Server „eakte user password "
                    f"{login}“ aufrufen (Betrieb).",
                )
            if account.awaits_second:
                AccountRows(session).confirm(account)
            else:
                account.blocked_at = account.blocked_by = None
            account.failures, account.locked_until = 0, None
            AuditLog(session).note(reader, "account.unblock", "login", login)

    def reset_password(self, reader: Reader, login: str) -> str:
        """Another password, shown this once; every session ends. A lock stays.

        An account that opens contents or keeps accounts is blocked until another person of the
        administration unblocks it.

        Raises ``NotFound``, ``NotPermitted`` for the own account, and where that other person is
        missing.
        """
        require_keeper(reader)
        if login == reader.login:
            raise NotPermitted(
                "Das eigene Kennwort setzt niemand zurück.",
                remedy="Unter „Kennwort ändern“ ein neues wählen.",
            )
        password, hashed = self.door.generated()
        now = self.database.clock.now()
        with self.database.write() as session:
            _require_known(session, login)
            rows, staff = AccountRows(session), StaffAccounts(session)
            keys = staff.holders(reader, self._keys())
            needs_two = self._needs_two(staff.roles(reader, login).get(login, ()))
            if needs_two and not keys - {reader.login, login}:
                raise NotPermitted(
                    "Dieses Konto öffnet Akten, Auskünfte oder die Verwaltung; nach dem "
                    "Zurücksetzen müsste es eine zweite Person der Administration entsperren, "
                    "und die gibt es nicht.",
                    remedy=f"Auf dem Server „eakte user password {login}“ aufrufen (Betrieb).",
                )
            account = rows.set_password(login, hashed, now, generated_by=reader.login)
            if needs_two:
                rows.await_second(account, reader.login, now)
            else:
                rows.close_all_of(login)
            AuditLog(session).note(reader, "password.reset", "login", login)
        return password

    def end_sessions(self, reader: Reader, login: str) -> None:
        """Sign every browser of ``login`` out. Raises ``NotFound``."""
        require_keeper(reader)
        with self.database.write() as session:
            _require_known(session, login)
            AccountRows(session).close_all_of(login)
            AuditLog(session).note(reader, "account.sessions_end", "login", login)

    # -- the pieces -------------------------------------------------------------------------

    def _lines(
        self, session: EakteSession, reader: Reader, login: str | None = None
    ) -> list[AccountLine]:
        rows, picture = StaffAccounts(session), StaffPicture.load(session)
        sites = {site.id: site.name for site in Organisation(session).all_sites()}
        roles, doors = rows.roles(reader, login), rows.doors(reader, login)
        changes = rows.changes(reader, login)
        now = self.database.clock.now()

        def line(one: str, name: str) -> AccountLine:
            door: Door | None = doors.get(one)
            teams = picture.teams_of(one)
            until = door.locked_until if door else None
            return AccountLine(
                login=one,
                name=name,
                roles=roles.get(one, ()),
                teams=tuple(team.name for team in teams),
                sites=tuple(dict.fromkeys(sites[team.site] for team in teams if team.site)),
                has_password=door is not None,
                signed_in_at=door.signed_in_at if door else None,
                blocked=door is not None and door.blocked_at is not None,
                paused=until is not None and until > now,
                must_change=door is not None and door.must_change,
                awaits_second=door is not None and door.awaits_second,
                local=PERSON in changes.get(one, {}),
            )

        people = picture.people.items()
        return [line(one, name) for one, name in people if login in (None, one)]

    def _keys(self) -> frozenset[str]:
        """The roles that keep accounts."""
        return frozenset(str(one) for one, role in self.policy.roles.items() if role.settings)

    def _opens(self, roles: Iterable[str]) -> bool:
        """Whether one of these tells its holder of clients."""
        held = [role for one, role in self.policy.roles.items() if one in set(roles)]
        return any(role.opens_contents or role.counter for role in held)

    def _needs_two(self, roles: Iterable[str]) -> bool:
        """Whether one of these opens contents or keeps accounts: no one person hands it out."""
        given = set(roles)
        return self._opens(given) or bool(self._keys() & given)

    def _known_roles(self, roles: Sequence[str]) -> list[str]:
        unknown = set(roles) - {str(one) for one in self.policy.roles}
        if unknown:
            raise NotFound("Diese Rolle gibt es nicht.", remedy="Die Seite neu laden.")
        return sorted(set(roles))

    def _said(self, kind: str, said: Iterable[Any], teams: dict[str, str]) -> Iterable[str]:
        titles = {str(one): role.title for one, role in self.policy.roles.items()}
        for row in said:
            if kind == RANGES:
                yield f"{row['from_name']}–{row['to_name']}"
            elif kind == TEAMS:
                yield teams.get(row["team_id"], row["team_id"])
            elif kind == DEPUTIES:
                yield row["deputy_login"]
            else:
                yield titles.get(row["role"], row["role"])


def _teams_at(picture: StaffPicture, site: str) -> set[str]:
    """Everybody with a team at the site."""
    there = {team.id for team in picture.teams if team.site == site}
    return {login for login, teams in picture.members.items() if there.intersection(teams)}


def _require_known(session: EakteSession, login: str) -> None:
    if not Organisation(session).knows_login(login):
        raise _nobody(login)


def _account(session: EakteSession, login: str) -> Account:
    _require_known(session, login)
    account = AccountRows(session).get(login, lock=True)
    if account is None:
        raise Unusable(
            "Dieses Konto hat noch kein Kennwort; niemand kann sich damit anmelden.",
            remedy="Bei Bedarf ein Kennwort vergeben.",
        )
    return account


def _require_others(keys: frozenset[str], login: str) -> None:
    if keys == {login}:
        raise NotPermitted(
            "Das ist das letzte Konto, das die Verwaltung öffnet.",
            remedy="Zuerst einer zweiten Person die Rolle „Administration“ geben.",
        )


def _nobody(login: str) -> NotFound:
    return NotFound(f"Den Anmeldenamen „{login}“ gibt es nicht.", remedy="In der Liste suchen.")
