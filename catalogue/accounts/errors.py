"""What goes wrong with accounts, each with what to do next."""

from __future__ import annotations

from catalogue.errors import CatalogueError, WrongUse


class NoSuchUser(WrongUse):
    """There is no user {name}. See the list with: lienthong users list"""


class BadUserName(WrongUse):
    """{name} cannot be a user's name: use 1 to 64 letters, digits or marks, without spaces or
    slashes.
    """


class NoLibraryOfUser(WrongUse):
    """A member library's user needs a library, and nobody else can have one. Name it with
    --library CODE, or choose it in the list.
    """


class BadMail(WrongUse):
    """{address} cannot be written to. Write a mail address such as lan@thuvien.example.vn, or leave
    it empty.
    """


class WeakPassword(WrongUse):
    """This cannot be a password: use {shortest} to {longest} characters, and not the user's
    name.
    """


class LastAdministrator(WrongUse):
    """{name} is the only administrator. Make somebody else one first:
    lienthong users change NAME --role admin
    """


class SignInRefused(CatalogueError):
    """The name or the password is wrong. Please try again; an administrator can give you a new
    password.
    """


class TooManyTries(CatalogueError):
    """Too many tries to sign in have failed. Please wait {minutes} minutes and try again."""


class CommonPassword(WrongUse):
    """This password is one of those that are tried first: words that many choose, a name, dates or
    numbers. Take three or four words that do not belong together.
    """


class WrongCode(WrongUse):
    """This code is not right, or was used already. Wait for the next one; the clock of your
    telephone has to be right.
    """


class FactorSetUpAnew(WrongUse):
    """This page was open for too long. Begin again, with the new secret that is shown."""


class TicketUsed(CatalogueError):
    """This link was used already, has grown too old, or was replaced by a newer one. Ask for
    another one.
    """


class FactorNotSetUp(WrongUse):
    """{name} has no second factor that could be taken away."""


class NotInvited(CatalogueError):
    """The sign-in service knows you, but you have no account here yet. Ask an administrator to
    invite you; or, if you have one with a password, sign in with it and link both under your name.
    """


class NoRoleGiven(CatalogueError):
    """The sign-in service knows you, but gives you no role here. Ask whoever looks after your
    account there.
    """


class AccountClosed(CatalogueError):
    """Your account here was closed. Ask an administrator to let you in again."""


class AccountUnlinked(CatalogueError):
    """There is an account {name} here already, and nobody has shown that it is yours. If it is,
    sign in with its password and link both under your name; if not, ask an administrator.
    """


class IdentityTaken(CatalogueError):
    """Your account of the sign-in service is linked to another account here. Sign out there, sign
    in as yourself and try again; or ask an administrator to part them.
    """


class OtherIdentity(CatalogueError):
    """{name} is linked to another account of the sign-in service. Ask an administrator to part them
    first.
    """


class NotLinked(WrongUse):
    """{name} is linked to no account of a sign-in service."""


class TooManyKeys(WrongUse):
    """You have {most} keys already. Revoke one that nothing uses any more, then make this one."""


class NoSuchPersonKey(WrongUse):
    """There is no key {number}. See them all with: lienthong users keys"""
