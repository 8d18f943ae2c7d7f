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
