"""What Identify says in <description> containers, each in a schema of its own (OAI-PMH 2.0 s4.2).

The repository's identifiers always; branding, friends and rights where the hub is set to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from protocols import oai
from provider.oai.envelope import element
from provider.oai.repository import Repository, Snapshot


def descriptions(repository: Repository, snapshot: Snapshot) -> Iterator[str]:
    """Yield the content of each <description>."""
    identity = repository.identity
    if repository.names_items:
        yield _identifiers(repository)
    if identity.icon:
        yield _branding(identity.icon, identity.icon_link, identity.name)
    if identity.rights:
        yield _rights_manifest(identity.rights)
    if identity.friends and (friends := snapshot.friends()):
        yield _friends(friends)


def _identifiers(repository: Repository) -> str:
    """Return the form of the identifiers (guidelines for OAI identifiers)."""
    fields = {
        "scheme": "oai",
        "repositoryIdentifier": repository.identity.domain,
        "delimiter": ":",
        "sampleIdentifier": repository.identifier_prefix + "000000001",
    }
    content = "".join(element(name, text) for name, text in fields.items())
    return _container("oai-identifier", oai.OAI_IDENTIFIER, oai.OAI_IDENTIFIER_SCHEMA, content)


def _branding(icon: str, link: str, title: str) -> str:
    fields = {"url": icon, "link": link, "title": title}
    content = "".join(element(name, text) for name, text in fields.items() if text)
    shown = f"<collectionIcon>{content}</collectionIcon>"
    return _container("branding", oai.BRANDING, oai.BRANDING_SCHEMA, shown)


def _rights_manifest(address: str) -> str:
    """Return what holds for the metadata of all records (guidelines for rights s3.1)."""
    return _container(
        "rightsManifest",
        oai.RIGHTS,
        oai.RIGHTS_MANIFEST_SCHEMA,
        oai.rights_reference(address),
        f' appliesTo="{oai.RIGHTS_APPLY_TO}"',
    )


def _friends(addresses: Sequence[str]) -> str:
    content = "".join(element("baseURL", address) for address in addresses)
    return _container("friends", oai.FRIENDS, oai.FRIENDS_SCHEMA, content)


def _container(name: str, namespace: str, schema: str, content: str, more: str = "") -> str:
    return (
        f'<{name} xmlns="{namespace}" xsi:schemaLocation="{namespace} {schema}"{more}>'
        f"{content}</{name}>"
    )
