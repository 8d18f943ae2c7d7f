"""What can be wrong with those who are to be told."""

from __future__ import annotations

from catalogue.errors import WrongUse


class NoSuchChannel(WrongUse):
    """Nobody called {name} is told of alerts. See who is with: lienthong alerts channels"""


class ChannelTaken(WrongUse):
    """Somebody called {name} is told of alerts already. Choose another name, or remove that one
    first with: lienthong alerts remove {name}
    """


class BadChannelName(WrongUse):
    """{name} cannot be the name of one who is told of alerts: use small letters a-z and digits,
    with single hyphens between them, 48 in all at most.
    """


class BadMailAddress(WrongUse):
    """{address} is not a mail address that can be written to. Write it as name@example.vn, without
    a name or spaces beside it.
    """


class BadWebhook(WrongUse):
    """{url} is not the address of a webhook. Write it as https://host/path, without a user or
    password in it.
    """


class TwoScopes(WrongUse):
    """A channel is told either of the sources that are named, or of all of a library's. Leave out
    one of the two.
    """


class NothingToTell(WrongUse):
    """{name} would be told of nothing: no alerts and no digest. Choose a severity or how often a
    digest is sent.
    """


class ContactWithoutMail(WrongUse):
    """Contact {name} has no mail address that letters could go to. Give it one first."""


class NoticesChanged(WrongUse):
    """What {name} is told was changed by somebody else meanwhile, and nothing was kept. Look at it
    again, and change it then.
    """
