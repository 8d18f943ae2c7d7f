"""The way out for mail: one message to one mail server of the hub's own, by SMTP (RFC 5321).

The server is named in the hub's settings and not by members, so it may be in a private network.
"""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from harvester.errors import (
    MailRefused,
    MailSignInRefused,
    MailUnreachable,
    RecipientRefused,
)

STARTTLS = "starttls"
"""Begin in the clear and encrypt before anything is said (RFC 3207)."""
TLS = "tls"
"""Encrypt from the first byte (RFC 8314 s3.3)."""
NONE = "none"
_FOR_GOOD = range(500, 600)


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The mail server, and how the hub names itself to it."""

    host: str
    port: int
    tls: str = STARTTLS
    user: str = ""
    password: str = field(default="", repr=False)
    ca_bundle: str = ""
    """A file with certificates (PEM) trusted besides the usual authorities."""
    timeout: float = 30
    """Seconds for each step."""
    name: str = "localhost"
    """How this machine greets (RFC 5321 s4.1.1.1)."""


def send(settings: MailSettings, letter: EmailMessage) -> None:
    """Hand a message over to the mail server; once this returns the server has it.

    Raises RecipientRefused where it is of no use to try again, MailSignInRefused, MailRefused or
    MailUnreachable.
    """
    with _told(settings, letter["To"]):
        server = _connected(settings)
        try:
            if settings.user:
                server.login(settings.user, settings.password)
            server.send_message(letter)
        finally:
            # The message is the server's as soon as it has said so, however we part.
            with suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()


def _connected(settings: MailSettings) -> smtplib.SMTP:
    where = (settings.host, settings.port, settings.name)
    if settings.tls == TLS:
        trust = _trust(settings)
        return smtplib.SMTP_SSL(*where, timeout=settings.timeout, context=trust)
    server = smtplib.SMTP(*where, timeout=settings.timeout)
    if settings.tls == STARTTLS:
        try:
            server.starttls(context=_trust(settings))
        except (smtplib.SMTPException, OSError):
            server.close()
            raise
    return server


def _trust(settings: MailSettings) -> ssl.SSLContext:
    made = ssl.create_default_context()
    if settings.ca_bundle:
        made.load_verify_locations(cadata=Path(settings.ca_bundle).read_text(encoding="ascii"))
    return made


@contextmanager
def _told(settings: MailSettings, address: str) -> Iterator[None]:
    """Say what went wrong in the words of this room."""
    where = {"host": settings.host, "port": settings.port}
    try:
        yield
    except smtplib.SMTPAuthenticationError as error:
        raise MailSignInRefused(**where, reason=_said(error.smtp_error)) from error
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        kind = RecipientRefused if code in _FOR_GOOD else MailRefused
        raise kind(**where, address=address, reason=f"{code} {_said(said)}") from error
    except smtplib.SMTPResponseException as error:
        reason = f"{error.smtp_code} {_said(error.smtp_error)}"
        raise MailRefused(**where, address=address, reason=reason) from error
    except smtplib.SMTPNotSupportedError as error:
        raise MailRefused(**where, address=address, reason=str(error)) from error
    except (smtplib.SMTPException, OSError, UnicodeError) as error:
        reason = str(error) or type(error).__name__
        raise MailUnreachable(**where, reason=reason) from error


def _said(answer: bytes | str) -> str:
    text = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())
