"""What the REST interface is made of: who gives what to whom, a call, an answer, an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, TypeAlias

from catalogue.consumers.model import Consumer, Taken
from catalogue.database import Database
from catalogue.model import HubIdentity, Sharing
from catalogue.users import Role, User
from crosswalks.errors import Error, Said
from crosswalks.shelf import Shelf
from protocols.errors import ProtocolError
from provider.api.parameters import Parameter
from provider.oai.repository import Repository

ROOT = "/api/v1"
Say: TypeAlias = Callable[[Error | ProtocolError], str]
"""Words an error in the language of whoever asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The interface as one asker sees it."""

    database: Database
    identity: HubIdentity
    consumer: Consumer
    token_key: bytes
    """The secret that signs cursors."""
    shelf: Callable[[], Shelf]
    """Gives the crosswalks in use, for formats that are made when they are asked for."""
    repository: Repository
    """The same view over OAI-PMH."""
    narrowed: bool = False
    """Whether a view is named in the address."""

    @property
    def view(self) -> Sharing:
        """Return whose eyes the catalogue is seen with."""
        return self.consumer.view

    @property
    def base(self) -> str:
        """Return the address of the index; never taken from the request's Host header."""
        narrowed = f"/views/{self.view.value}" if self.narrowed else ""
        return f"{self.site}{ROOT}{narrowed}"

    @property
    def site(self) -> str:
        """Return the address of the hub."""
        return self.identity.base_url.rstrip("/")

    def page(self, public_id: str) -> str | None:
        """Return the address of a record's page for people: only the public view has them."""
        return f"{self.site}/record/{public_id}" if self.view is Sharing.PUBLIC else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request whose address and parameters were found to be right."""

    service: Service
    path: Mapping[str, str]
    """What stands in the address where the endpoint has a name in braces."""
    values: Mapping[str, Any]
    """Each parameter, as read, or what it is where it is not given."""
    accept: str = ""
    """The header Accept."""
    sent: Mapping[str, Any] = field(default_factory=dict)
    """The object that was sent, where the endpoint takes one."""
    person: User | None = None
    """Who asks with a key of a person; always somebody where the endpoint names a role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is given: a value for JSON, or bytes of another type."""

    value: Any = None
    body: bytes | None = None
    type: str = "application/json"
    changed: int | None = None
    """When what it says changed last, epoch seconds, where that is known."""
    records: int = 0
    next: str | None = None
    """The address of the next page."""
    taken: Taken | None = None
    """Of which list of changes it is a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address with what can be asked there; the description in OpenAPI is made of it."""

    path: str
    """Below the root; a part in braces is any text without a slash."""
    name: str
    summary: Said
    answer: Callable[[Call], Answer]
    schema: str
    """Names what the answer is, in ``schemas``."""
    about: str = ""
    parameters: tuple[Parameter, ...] = ()
    types: tuple[str, ...] = ("application/json",)
    refusals: tuple[type[Error], ...] = ()
    """What it may refuse, beside what all do."""
    method: str = "GET"
    role: Role | None = None
    """The least role of the staff that may, or that of members; None: it is for all."""
    takes: str = ""
    """Names in ``schemas`` what has to be sent; empty: nothing."""
    done: HTTPStatus = HTTPStatus.OK
