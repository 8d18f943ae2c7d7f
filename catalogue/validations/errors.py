"""What can be wrong with a check of a server."""

from __future__ import annotations

from catalogue.errors import WrongUse


class NoSuchValidation(WrongUse):
    """There is no check {number} of the server of {name}. The newest ones are kept; see them on
    the page of its checks.
    """


class NoEndpoint(WrongUse):
    """Source {name} is harvested over {protocol}: only servers of OAI-PMH can be checked so. Test
    its connection instead: lienthong sources test {name}
    """
