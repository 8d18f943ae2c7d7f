"""The sign-in service of this hub, as its settings name it; nothing is asked of it here."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from catalogue.users import Role
from harvester.model import HttpSettings
from harvester.oidc.model import OidcSettings
from harvester.oidc.provider import Provider
from hub.errors import ExtraMissing, SettingMissing, UnreadableFile
from hub.instance import Hub
from hub.sections import Oidc
from web.staff.room import SingleSignOn

EXTRA = "authlib"
"""What is installed with the extra ``oidc`` alone."""


def single_sign_on(hub: Hub) -> SingleSignOn | None:
    """Return what people sign in by beside their passwords, or None where no service is named.

    Raises ExtraMissing, SettingMissing or UnreadableFile: better when a hub is started than when
    somebody stands at the door.
    """
    wanted = hub.settings.oidc
    if not wanted.issuer:
        return None
    if find_spec(EXTRA) is None:
        raise ExtraMissing
    if not wanted.client_id:
        raise SettingMissing(name="[oidc] client_id", because="[oidc] issuer")
    pairs = (each.rpartition("=") for each in wanted.roles)
    return SingleSignOn(
        service=Provider(_service(wanted)),
        buttons={"vi": wanted.button_vi, "en": wanted.button_en},
        user_claim=wanted.user_claim,
        role_claim=wanted.role_claim,
        roles={value: Role(role) for value, _, role in pairs},
        by_mail=wanted.link_by_mail,
        factors=frozenset(wanted.second_factor),
    )


def _service(wanted: Oidc) -> OidcSettings:
    return OidcSettings(
        issuer=wanted.issuer,
        client_id=wanted.client_id,
        client_secret=wanted.client_secret,
        scopes=wanted.scopes,
        http=HttpSettings(ca_bundle=_trusted(wanted.ca_bundle)),
    )


def _trusted(path: str) -> str:
    if not path:
        return ""
    try:
        return Path(path).read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=path, reason=error) from error
