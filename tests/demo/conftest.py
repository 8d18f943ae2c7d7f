"""The demo's endpoints, started once for all tests that only read from them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from hub.demo.endpoints import RunningMember, members
from hub.demo.member import Member, demo_members


@pytest.fixture(scope="session")
def endpoints() -> Iterator[dict[str, RunningMember]]:
    """Give the running endpoints by the column of their habits."""
    with members() as running:
        yield dict(zip((member.column for member in demo_members()), running, strict=True))


@pytest.fixture(params=demo_members(), ids=lambda member: member.column)
def member(request: pytest.FixtureRequest) -> Member:
    """Return each member in turn."""
    found: Member = request.param
    return found


@pytest.fixture
def endpoint(member: Member, endpoints: dict[str, RunningMember]) -> RunningMember:
    """Return the running endpoint of ``member``."""
    return endpoints[member.column]
