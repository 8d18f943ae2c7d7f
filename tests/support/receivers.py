"""Those who are told, on 127.0.0.1: a mail server and a webhook, each on a free port."""

from __future__ import annotations

import base64
import ssl
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, NamedTuple

from support.loopback import running


@dataclass(kw_only=True)
class Postbox:
    """A mail server: what it took, and how it answers."""

    port: int = 0
    taken: list[tuple[str, str, bytes]] = field(default_factory=list)
    """Sender, recipient and the message as it came."""
    signed_in: list[str] = field(default_factory=list)
    """What was given by AUTH PLAIN (RFC 4616), in the order it came."""
    answers: dict[str, str] = field(default_factory=dict)
    """By verb, in place of the usual answer; ``.`` is the end of a message."""
    password: str = ""
    tls: ssl.SSLContext | None = None
    """Offered by STARTTLS."""
    implicit: ssl.SSLContext | None = None
    """Spoken from the first byte."""
    taking: Callable[[], None] = lambda: None
    """Called once a message was taken, before that is said."""

    @property
    def letters(self) -> list[EmailMessage]:
        """Return the messages, read."""
        return [message_from_bytes(raw, policy=policy.default) for _, _, raw in self.taken]

    @property
    def texts(self) -> list[str]:
        """Return what they say."""
        return [letter.get_content() for letter in self.letters]


class Posted(NamedTuple):
    """What a webhook was sent."""

    headers: dict[str, str]
    body: bytes


@dataclass(kw_only=True)
class Hook:
    """A webhook: what it was sent, and how it answers."""

    url: str = ""
    status: int = 200
    location: str = ""
    posted: list[Posted] = field(default_factory=list)


@contextmanager
def mail_server(**settings: Any) -> Iterator[Postbox]:
    """Give a mail server that takes what it is sent (RFC 5321)."""
    box = Postbox(**settings)

    class Handler(_Session):
        postbox = box

    server = _Tcp(("127.0.0.1", 0), Handler)
    if box.implicit is not None:
        # The handshake is made by the thread of its connection.
        server.socket = box.implicit.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    box.port = server.server_address[1]
    with running(server):
        yield box


@contextmanager
def webhook(**settings: Any) -> Iterator[Hook]:
    """Give a webhook that takes what it is sent."""
    hook = Hook(**settings)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            hook.posted.append(Posted(dict(self.headers), body))
            self.send_response(hook.status)
            if hook.location:
                self.send_header("Location", hook.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hook.url = f"http://127.0.0.1:{server.server_address[1]}/hook?token=bi-mat"
    with running(server):
        yield hook


class _Tcp(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def handle_error(self, request: Any, client_address: object) -> None:
        """Say nothing of clients that go, as they should from certificates nobody knows."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Session(StreamRequestHandler):
    postbox: Postbox

    def handle(self) -> None:
        self.sender = self.recipient = ""
        self.say("220 hello")
        while line := self.rfile.readline().decode("ascii").strip():
            verb, _, rest = line.partition(" ")
            if not self.answer(verb.upper(), rest):
                return

    def finish(self) -> None:
        super().finish()
        # The one that TLS put in the place of the one that the server closes.
        self.connection.close()

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())

    def answer(self, verb: str, rest: str) -> bool:
        """Answer a command; tell whether the session goes on."""
        if verb in self.postbox.answers:
            self.say(self.postbox.answers[verb])
            return True
        known = getattr(self, f"on_{verb.lower()}", None)
        if known is None:
            self.say("250 ok")
            return True
        return known(rest) is not False

    def on_ehlo(self, _: str) -> None:
        offers = ["mail.example.vn", "8BITMIME", "SIZE 1000000"]
        if self.postbox.tls and not isinstance(self.connection, ssl.SSLSocket):
            offers.append("STARTTLS")
        if self.postbox.password:
            offers.append("AUTH PLAIN")
        for offer in offers[:-1]:
            self.say(f"250-{offer}")
        self.say(f"250 {offers[-1]}")

    def on_starttls(self, _: str) -> None:
        assert self.postbox.tls is not None
        self.say("220 go on")
        self.connection = self.postbox.tls.wrap_socket(self.connection, server_side=True)
        self.rfile, self.wfile = self.connection.makefile("rb"), self.connection.makefile("wb", 0)

    def on_auth(self, rest: str) -> None:
        _, user, password = base64.b64decode(rest.split()[1]).decode().split("\0")
        self.postbox.signed_in.append(user)
        fits = password == self.postbox.password
        self.say("235 welcome" if fits else "535 5.7.8 not known here")

    def on_mail(self, rest: str) -> None:
        self.sender = rest.partition("<")[2].partition(">")[0]
        self.say("250 ok")

    def on_rcpt(self, rest: str) -> None:
        self.recipient = rest.partition("<")[2].partition(">")[0]
        self.say("250 ok")

    def on_data(self, _: str) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        if "." in self.postbox.answers:
            self.say(self.postbox.answers["."])
            return
        self.postbox.taken.append((self.sender, self.recipient, b"".join(lines)))
        self.postbox.taking()
        self.say("250 taken")

    def on_quit(self, _: str) -> bool:
        self.say("221 bye")
        return False
