"""Sources as a YAML file: a list of entries that people read, keep under version control, apply."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.scalarstring import LiteralScalarString

from catalogue.sources import Change
from hub.errors import UnreadableFile


def write(entries: Sequence[Mapping[str, Any]]) -> str:
    """Return sources as YAML, without what is empty."""
    return _dump([_short(entry) for entry in entries]) if entries else "[]\n"


def read(path: str, text: str) -> list[Mapping[str, Any]]:
    """Return the entries of a file. Raises UnreadableFile."""
    try:
        entries = YAML(typ="safe", pure=True).load(text) or []
    except (YAMLError, ValueError) as error:
        raise UnreadableFile(path=path, reason=error) from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UnreadableFile(path=path, reason="it is not a list of sources")
    return entries


def diff(change: Change) -> str:
    """Return what changes in one source, as a unified diff of its YAML."""
    before = _dump([_short(change.before)]) if change.before else ""
    after = _dump([_short(change.after)])
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), change.name, change.name, lineterm="", n=1
    )
    return "\n".join(lines)


def _short(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value not in ("", [], (), {}, 0)}


def _dump(entries: Sequence[Mapping[str, Any]]) -> str:
    yaml = YAML()
    yaml.default_flow_style = False
    out = StringIO()
    yaml.dump([in_blocks(entry) for entry in entries], out)
    return out.getvalue()


def in_blocks(value: Any) -> Any:
    """Return a value whose texts of several lines, certificates, are written as lines."""
    if isinstance(value, Mapping):
        return {name: in_blocks(part) for name, part in value.items()}
    if isinstance(value, list):
        return [in_blocks(part) for part in value]
    return LiteralScalarString(value) if isinstance(value, str) and "\n" in value else value
