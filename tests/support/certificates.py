"""Certificates made for one test: an authority, those below it, and what is wrong with some."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

ISSUER_URL = "http://ca.example.vn/trung-gian.crt"


@dataclass(frozen=True)
class Issued:
    """A certificate with its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """The certificate as text."""
        return self.certificate.public_bytes(Encoding.PEM).decode("ascii")

    def server(self, folder: Path, *chain: Issued) -> ssl.SSLContext:
        """Return what a server shows, with so much of its chain."""
        file = folder / "server.pem"
        key = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        certificates = "".join(each.pem for each in (self, *chain))
        file.write_text(key.decode("ascii") + certificates, encoding="ascii")
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.load_cert_chain(file)
        return made


@cache
def authority() -> Issued:
    """Return an authority of the test's own, which nobody knows."""
    return issue("Test Root", authority=True)


@cache
def intermediate() -> Issued:
    """Return an authority below the first."""
    return issue("Test Intermediate", below=authority(), authority=True)


def issue(
    name: str,
    *,
    below: Issued | None = None,
    authority: bool = False,
    days: tuple[int, int] = (-1, 30),
    names: tuple[str, ...] = (),
) -> Issued:
    """Return a new certificate; valid from and to so many days from now, for these names."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer = below.certificate.subject if below else subject
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=days[0]))
        .not_valid_after(now + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(_names(names or (name,)), critical=False)
        .add_extension(_key_usage(authority=authority), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )
    if below:
        builder = builder.add_extension(_where_issuer_is(), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(below.key.public_key()),
            critical=False,
        )
    signed = builder.sign(below.key if below else key, hashes.SHA256())
    return Issued(signed, key)


def _names(names: tuple[str, ...]) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([_name(each) for each in names])


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text.replace(" ", "-").lower())


def _key_usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _where_issuer_is() -> x509.AuthorityInformationAccess:
    where = x509.UniformResourceIdentifier(ISSUER_URL)
    return x509.AuthorityInformationAccess(
        [x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, where)]
    )
