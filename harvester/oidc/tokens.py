"""What an ID token has to be to be believed (OpenID Connect Core 1.0 s3.1.3.7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from harvester.oidc.errors import ClockDiffers, TokenRefused
from harvester.oidc.model import OidcSettings, Person

SKEW = 120
"""Seconds that the clocks of hub and service may differ."""
_LONGEST_SUBJECT = 255
"""Signs (OpenID Connect Core 1.0 s2)."""
_ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512"),
    *("ES256", "ES384", "ES512", "EdDSA"),
)
"""Signed by a key that only the service has. Neither ``none``, nor what a secret is enough for:
whoever knows a public key, or our own secret, could make such a token.
"""


def person_of(
    settings: OidcSettings, token: Mapping[str, Any], keys: Mapping[str, Any], nonce: str
) -> Person:
    """Return of whom the answer of the token endpoint tells.

    Raises TokenRefused, ClockDiffers, or KeyError where no key has the name of the token's.
    """
    from authlib.oidc.core import CodeIDToken  # noqa: PLC0415 - an extra, see hub.single_sign_on
    from joserfc.errors import JoseError  # noqa: PLC0415 - as above

    host = urlsplit(settings.issuer).hostname or ""
    claims: dict[str, Any] = {}
    try:
        claims, header = _verified(str(token.get("id_token", "")), keys)
        options = {
            "iss": {"essential": True, "value": settings.issuer},
            "aud": {"essential": True, "value": settings.client_id},
        }
        known = {"nonce": nonce, "client_id": settings.client_id}
        told = CodeIDToken(claims, header, options, {**known, **_access(token)})
        told.validate(leeway=SKEW)
    except KeyError:
        raise
    except JoseError as error:
        raise _refused(host, error, claims) from error
    except (TypeError, ValueError) as error:
        # Whatever else hangs together badly in what was sent.
        raise TokenRefused(host=host, reason=error) from error
    subject = told["sub"]
    if not isinstance(subject, str) or not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise TokenRefused(host=host, reason="sub")
    return Person(issuer=settings.issuer, subject=subject, claims=dict(told))


def _verified(text: str, keys: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what a token says, once its signature is right, and its header."""
    from joserfc import jwt  # noqa: PLC0415 - as above
    from joserfc.errors import InvalidKeyIdError  # noqa: PLC0415 - as above
    from joserfc.jwk import KeySet  # noqa: PLC0415 - as above
    from joserfc.jws import JWSRegistry  # noqa: PLC0415 - as above

    known = KeySet.import_key_set({"keys": _usable(keys)})
    registry = JWSRegistry(algorithms=list(_ALGORITHMS), strict_check_header=False)
    try:
        decoded = jwt.decode(text, key=known, registry=registry)
    except InvalidKeyIdError as error:
        raise KeyError(str(error)) from error
    return dict(decoded.claims), dict(decoded.header)


def _usable(keys: Mapping[str, Any]) -> Any:
    """Return the keys that sign: others of a service may be of kinds that nobody here knows."""
    listed = keys.get("keys")
    many = listed if isinstance(listed, list) else []
    kinds = ("RSA", "EC", "OKP")
    return [
        each
        for each in many
        if isinstance(each, dict) and each.get("kty") in kinds and each.get("use", "sig") == "sig"
    ]


def _access(token: Mapping[str, Any]) -> dict[str, str]:
    access = token.get("access_token")
    return {"access_token": access} if isinstance(access, str) else {}


def _refused(host: str, error: Exception, claims: Mapping[str, Any]) -> TokenRefused | ClockDiffers:
    """Return what a failed check means: with time it is the clocks, mostly."""
    from joserfc.errors import ExpiredTokenError, InvalidClaimError  # noqa: PLC0415 - as above

    claim = str(getattr(error, "claim", ""))
    timed = isinstance(claims.get(claim), int | float) and claim in ("iat", "nbf", "exp")
    if isinstance(error, ExpiredTokenError) or (isinstance(error, InvalidClaimError) and timed):
        return ClockDiffers(host=host, minutes=SKEW // 60)
    return TokenRefused(host=host, reason=str(error))
