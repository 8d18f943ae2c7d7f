"""What can be wrong with a consumer of the catalogue."""

from __future__ import annotations

from catalogue.errors import WrongUse


class NoSuchConsumer(WrongUse):
    """There is no consumer {name}. See which there are with: lienthong consumers list"""


class ConsumerTaken(WrongUse):
    """There is, or was, a consumer {name}. Choose another name, so that the figures of the two are
    not mixed up.
    """


class ConsumerChanged(WrongUse):
    """Somebody changed consumer {name} since you opened it. Nothing was changed now; look at it as
    it is, then decide again.
    """


class TooManyRequests(WrongUse):
    """{given} is no limit of requests a minute: give a number from 0, for no limit of its own, to
    {most}.
    """


class BadConsumerName(WrongUse):
    """{name} cannot be the name of a consumer: use small letters a-z and digits, with single
    hyphens between them, 48 in all at most. Its name for people is its title.
    """


class NoSuchFormat(WrongUse):
    """The hub gives out no format {name}. It gives out: {known}"""


class NoSuchSetSpec(WrongUse):
    """The hub has no set {name}. See them at /oai?verb=ListSets"""
