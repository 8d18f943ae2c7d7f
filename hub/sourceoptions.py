"""The options by which a source's settings are given, made from the settings themselves."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, fields, replace
from typing import Any

import click

from catalogue import options
from catalogue.model import Source
from hub.errors import UnreadableFile, WrongUse
from hub.options import with_options
from web.language import mark

_OWN = (
    ("prefix", "metadataPrefix or record syntax to ask for; default: the best offered."),
    ("crosswalk", "Crosswalk to use instead of the schema's own."),
    ("encoding", "Encoding of the records, where it is not UTF-8."),
    (
        "schedule",
        (
            "When to harvest: 'every 15 minutes', 'daily 02:30', 'mondays 02:30',"
            " 'first of the month 02:30', in Vietnamese too; default: by hand."
        ),
    ),
    (
        "succeeds",
        "Source of the same library that this one takes over from; until then its records wait.",
    ),
)
_MANY = (
    ("set", "sets", "Only this OAI set; may be given again."),
    (
        "suppress",
        "suppress",
        "Condition that marks a record its library keeps from readers; may be given again.",
    ),
)
_PEM = b"-----BEGIN"
_LARGEST = 1024 * 1024
_KINDS: Mapping[type, Any] = {int: click.INT, float: click.FLOAT, bool: click.BOOL}


def setting_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for every setting but name, library, protocol and URL."""
    made = [click.option(f"--{name}", help=about) for name, about in _OWN]
    made += [
        click.option(f"--{flag}", name, multiple=True, help=about) for flag, name, about in _MANY
    ]
    made += [
        click.option("--weight", type=click.INT, help="Higher is preferred for master records.")
    ]
    made += [_option(one) for _, one in _grouped()]
    return with_options(*made)(command)


def with_settings(source: Source, given: Mapping[str, Any]) -> Source:
    """Return a source with the settings that were given in place of its own.

    An empty text takes a setting of several values away. Raises WrongUse or UnreadableFile.
    """
    chosen = {name: value for name, value in given.items() if value not in (None, ())}
    groups: dict[str, dict[str, Any]] = {name: {} for name in options.GROUPS}
    for group, one in _grouped():
        if one.name in chosen:
            groups[group][one.name] = _value(one.name, chosen.pop(one.name))
    for name in ("sets", "suppress"):
        if name in chosen:
            chosen[name] = tuple(value for value in chosen[name] if value)
    changed = {name: replace(getattr(source, name), **to) for name, to in groups.items() if to}
    return replace(source, **chosen, **changed)


def in_words(source: Source, group: str) -> list[str]:
    """Return what of a group of settings differs from the usual, as the options that set it."""
    return [
        line
        for name, value in options.plain(getattr(source, group)).items()
        for line in _words(name, value)
    ]


def _words(name: str, value: Any) -> Iterator[str]:
    if name == "headers":
        yield from (f"--header '{key}: {text}'" for key, text in value.items())
    elif name == "ca_bundle":
        yield f"--ca-bundle ({value.count('BEGIN CERTIFICATE')})"
    elif name == "numbers":
        yield f"--numbers ({len(value.split())})"
    else:
        yield f"{_flag(name)} {value}"


def _grouped() -> Iterator[tuple[str, Field[Any]]]:
    for group, kind in options.GROUPS.items():
        for one in fields(kind):
            yield group, one


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"


def _option(one: Field[Any]) -> Callable[[Any], Any]:
    about = one.metadata["about"]
    if one.name == "headers":
        return click.option("--header", "headers", multiple=True, help=about)
    if one.name == "ca_bundle":
        return click.option("--ca-bundle", metavar="FILE", help=about)
    if one.name == "numbers":
        return click.option("--numbers", metavar="FILE", help=about)
    return click.option(
        _flag(one.name), type=_KINDS.get(type(one.default), click.STRING), help=about
    )


def _value(name: str, value: Any) -> Any:
    if name == "headers":
        return dict(map(_header, filter(None, value)))
    if name == "numbers" and value:
        return _lines(value)
    return _pem(value) if name == "ca_bundle" and value else value


def _lines(path: str) -> str:
    try:
        with click.open_file(path, encoding="utf-8-sig") as file:
            text = str(file.read(_LARGEST + 1))
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=path, reason=error) from error
    if len(text) > _LARGEST:
        raise WrongUse(reason=mark("a file of control numbers has at most 1 MiB"))
    return text


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        raise WrongUse(reason="a header is written as 'Name: value'")
    return name.strip(), value.strip()


def _pem(path: str) -> str:
    """Return the certificates of a file as text; authorities give theirs out as bytes (DER)."""
    try:
        with click.open_file(path, "rb") as file:
            data = file.read(_LARGEST)
        text = data.decode("utf-8") if _PEM in data else ssl.DER_cert_to_PEM_cert(data)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableFile(path=path, reason=error) from error
    return text.strip() + "\n"
