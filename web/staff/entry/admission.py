"""Whom a sign-in service lets in here: by what it says of a person, and by what this hub allows.

Nothing of what a service says makes an account somebody's, but its issuer and subject together; the
two exceptions, by a role and by a verified mail address, are settings.
"""

from __future__ import annotations

from catalogue.accounts import identities
from catalogue.accounts.errors import AccountClosed, NoRoleGiven, NotInvited
from catalogue.accounts.identities import Holder, Identity
from catalogue.audit import acting
from catalogue.database import Database
from catalogue.users import Role, User, Wanted
from harvester.oidc.model import Person
from web.staff.room import SingleSignOn


def identity_of(person: Person) -> Identity:
    """Return what an account is linked to."""
    return Identity(person.issuer, person.subject)


def admitted(database: Database, rules: SingleSignOn, person: Person, *, staff: bool) -> User:
    """Return the user whom a person is here; an account is made at the door of ``staff`` alone.

    Raises NotInvited, NoRoleGiven, AccountClosed, AccountUnlinked, OtherIdentity, BadUserName, or
    LastAdministrator where the only one would become something else.
    """
    identity = identity_of(person)
    known = identities.holder(database, identity)
    if known is None:
        return _found(database, rules, person) or _made(database, rules, person, staff=staff)
    if not known.user.active:
        raise AccountClosed
    return _as_told(database, rules, person, known)


def factor_asked(rules: SingleSignOn, person: Person) -> bool:
    """Tell whether the service has asked for a second factor, in words that the settings know."""
    return not rules.factors.isdisjoint(person.methods)


def name_of(rules: SingleSignOn, person: Person) -> str:
    """Return what the service calls a person; nothing where it does not say."""
    return next(iter(person.texts(rules.user_claim)), "")


def _found(database: Database, rules: SingleSignOn, person: Person) -> User | None:
    if not rules.by_mail:
        return None
    return identities.by_mail(database, person.mail, identity_of(person))


def _made(database: Database, rules: SingleSignOn, person: Person, *, staff: bool) -> User:
    role, name = _role(rules, person), name_of(rules, person)
    if role is None or not staff or not name:
        raise NoRoleGiven if rules.roles and staff and name else NotInvited
    acting.upon(name)
    wanted = Wanted(role, mail=person.mail)
    return identities.admit(database, name, wanted, identity_of(person))


def _as_told(database: Database, rules: SingleSignOn, person: Person, known: Holder) -> User:
    """Return a user with the role that the service says now, where it is the one that says it."""
    if not known.managed:
        return known.user
    role = _role(rules, person)
    if role is None:
        raise NoRoleGiven
    return identities.follow(database, known.user, role)


def _role(rules: SingleSignOn, person: Person) -> Role | None:
    """Return the highest role that a person's claim gives."""
    given = {rules.roles[value] for value in person.texts(rules.role_claim) if value in rules.roles}
    return max(given, key=list(Role).index) if given else None
