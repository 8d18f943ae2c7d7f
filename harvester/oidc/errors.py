"""What goes wrong with a sign-in service, each with what to do next."""

from __future__ import annotations

from harvester.errors import HarvestError


class IssuerError(HarvestError):
    """The sign-in service {host} could not be used: {reason}"""


class IssuerUnreachable(IssuerError):
    """The sign-in service {host} does not answer: {reason}. Sign in with your password, or try
    again later.
    """


class IssuerOdd(IssuerError):
    """{host} does not answer as a sign-in service should: {reason}. Sign in with your password; an
    administrator has to check [oidc] issuer in the settings.
    """


class IssuerDeclined(IssuerError):
    """The sign-in service {host} did not let you in: {reason}. Begin again, or sign in with your
    password.
    """


class AnswerNotOurs(IssuerError):
    """This sign-in was not begun here, took too long, or was answered already. Please begin
    again.
    """


class TokenRefused(IssuerError):
    """What the sign-in service {host} says of you cannot be trusted: {reason}. Nobody was let in.
    Begin again; if it stays so, tell an administrator.
    """


class ClockDiffers(IssuerError):
    """The clock of this hub and that of the sign-in service {host} differ by more than {minutes}
    minutes. Sign in with your password, and tell an administrator: one of the clocks is wrong.
    """
