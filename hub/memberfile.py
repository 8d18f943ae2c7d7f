"""Members as a YAML file: every value is a text as it stands, and knows its line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from catalogue.members.entries import Entry, Sheet, unknown
from catalogue.members.errors import BadEntry
from catalogue.members.sheet import Change
from crosswalks.errors import Said
from hub.errors import UnreadableFile
from hub.sourcefile import in_blocks

_DEEPEST = 6
"""Levels of a file of members: what goes deeper is none, or leads into itself."""
_PARTS = ("groups", "libraries")
_TOO_DEEP = Said("it goes deeper than a file of members does.", {})


def write(found: Mapping[str, Sequence[Mapping[str, Any]]]) -> str:
    """Return groups and libraries as YAML, with all that can be filled in."""
    return _dump(found)


def read(path: str, text: str) -> Sheet:
    """Return what a file says. Raises UnreadableFile or BadEntry."""
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, ValueError) as error:
        raise UnreadableFile(path=path, reason=error) from error
    whole = _value(root) if root is not None else Entry({})
    if not isinstance(whole, Entry):
        raise UnreadableFile(path=path, reason=Said("it has neither groups nor libraries", {}))
    for name in whole:
        if name not in _PARTS:
            raise BadEntry(line=whole.at(name), reason=unknown(name, _PARTS))
    return Sheet(**{name: _entries(whole, name) for name in _PARTS})


def diff(change: Change) -> str:
    """Return what changes in one entry, as a unified diff of its YAML."""
    before, after = (
        _dump([_short(each)]).splitlines() if each else [] for each in (change.before, change.after)
    )
    lines = difflib.unified_diff(before, after, change.name, change.name, lineterm="", n=1)
    return "\n".join(lines)


def _short(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if value not in ("", [], {})}


def _entries(whole: Entry, name: str) -> tuple[Entry, ...]:
    found = whole.get(name) or []
    if not isinstance(found, list) or not all(isinstance(each, Entry) for each in found):
        said = Said("{name} has to be a list of entries.", {"name": name})
        raise BadEntry(line=whole.at(name), reason=said)
    return tuple(found)


def _value(node: Node, depth: int = 0) -> Any:
    """Return a node as texts, lists and entries. Raises BadEntry for what is none of these."""
    line = node.start_mark.line + 1
    if depth > _DEEPEST:
        raise BadEntry(line=line, reason=_TOO_DEEP)
    if isinstance(node, ScalarNode):
        is_nothing = node.style is None and node.value in ("", "~", "null")
        return "" if is_nothing else node.value
    if isinstance(node, SequenceNode):
        return [_value(each, depth + 1) for each in node.value]
    assert isinstance(node, MappingNode)
    values, lines = {}, {}
    for key, below in node.value:
        name = _value(key, depth + 1)
        at = key.start_mark.line + 1
        if not isinstance(name, str) or name in values:
            said = Said("{name} stands here a second time.", {"name": name})
            raise BadEntry(line=at, reason=said)
        values[name], lines[name] = _value(below, depth + 1), at
    return Entry(values, line, lines)


def _dump(value: Any) -> str:
    yaml = YAML()
    yaml.default_flow_style = False
    yaml.width = 10_000
    out = StringIO()
    yaml.dump(in_blocks(value), out)
    return out.getvalue()
