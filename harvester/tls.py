"""Trust in servers' certificates, and what exactly is wrong where there is none.

Nothing is ever fetched without checking: a server that sends half of its chain is helped by naming
the missing certificate for its source, and for no other.
"""

from __future__ import annotations

import ssl
from functools import lru_cache

import httpx2

from harvester.errors import (
    CertificateExpired,
    CertificateNotYetValid,
    CertificateOfAnother,
    CertificateRefused,
    CertificateSelfSigned,
    ChainIncomplete,
    HarvestError,
    TlsFailed,
)

_BY_CODE: dict[int, type[CertificateRefused]] = {
    2: ChainIncomplete,
    9: CertificateNotYetValid,
    10: CertificateExpired,
    18: CertificateSelfSigned,
    19: CertificateSelfSigned,
    20: ChainIncomplete,
    21: ChainIncomplete,
    62: CertificateOfAnother,
    64: CertificateOfAnother,
}
"""OpenSSL's results of verification (X509_V_ERR_...)."""


@lru_cache(maxsize=16)
def context(ca_bundle: str) -> ssl.SSLContext:
    """Return what to verify servers with: the usual authorities, and the certificates given.

    Made once for all: reading the authorities takes longer than a small harvest. Nobody may change
    it.
    """
    made = httpx2.create_ssl_context(trust_env=False)
    if ca_bundle:
        made.load_verify_locations(cadata=ca_bundle)
        # What is named for a source is trusted as it is, also where its own issuer is not known.
        made.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
    return made


def refusal(host: str, error: ssl.SSLError) -> HarvestError:
    """Return what a failed handshake means."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        return TlsFailed(host=host, reason=error.reason or str(error))
    kind = _BY_CODE.get(error.verify_code, CertificateRefused)
    return kind(host=host, reason=error.verify_message.rstrip("."))
