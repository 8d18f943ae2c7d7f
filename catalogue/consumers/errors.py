"""What can be wrong with a consumer of the catalogue."""

from __future__ import annotations

from catalogue.errors import WrongUse


class NoSuchConsumer(WrongUse):
    """There is no consumer {name}. See which there are with: lienthong consumers list"""


class ConsumerTaken(WrongUse):
    """There is, or was, a consumer {name}. Choose another name, so that the figures of the two are
    not mixed up.
    """


class BadConsumerName(WrongUse):
    """{name} cannot be the name of a consumer: use small letters a-z and digits, with single
    hyphens between them, 48 in all at most. Its name for people is its title.
    """


class NoSuchFormat(WrongUse):
    """The hub gives out no format {name}. It gives out: {known}"""


class NoSuchSetSpec(WrongUse):
    """The hub has no set {name}. See them at /oai?verb=ListSets"""
