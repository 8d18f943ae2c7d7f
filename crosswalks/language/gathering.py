"""The lines of a crosswalk's text, put below each other by their indentation, of all its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from crosswalks.language.errors import Misplaced
from crosswalks.language.syntax import Kind, Naming, Path
from crosswalks.language.tokens import Token

_DEEPEST = 20

Included = Callable[[str], str]
"""Gives the text of rules by their name; raises LookupError where there are none."""


@dataclass(slots=True)
class Line:
    """A rule's line while its children are still being gathered."""

    chain: tuple[str, ...]
    number: int
    indent: int
    tokens: list[Token]
    children: list[Line] = field(default_factory=list)
    depth: int = 0

    @property
    def file(self) -> str:
        """The file it stands in."""
        return self.chain[-1]


@dataclass(frozen=True, slots=True)
class Left:
    """What is left out of all that the files at the end of a chain include."""

    chain: tuple[str, ...]
    number: int
    target: Path

    def takes(self, chain: tuple[str, ...], target: Path) -> bool:
        """Tell whether a rule of these files, for this target, is left out."""
        return len(chain) > len(self.chain) == _shared(chain, self.chain) and self._is(target)

    def _is(self, target: Path) -> bool:
        wanted = self.target
        if wanted.kind is not target.kind or wanted.tag != target.tag:
            return False
        if wanted.kind is Kind.CONTROL:
            return wanted.start in (-1, target.start)
        return not wanted.parts or wanted.parts[0].name == target.parts[0].name


@dataclass(slots=True)
class Gathered:
    """What has been read so far, of the crosswalk's own text and of all that it includes."""

    included: Included
    heading: dict[str, str] = field(default_factory=dict)
    versions: list[str] = field(default_factory=list)
    names: list[Naming] = field(default_factory=list)
    roots: list[Line] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    lines: int = 0


def gather(line: Line, open_lines: list[Line], gathered: Gathered, above: Line | None) -> None:
    """Put a line below the one that it belongs to; ``above`` is that which its file is below."""
    shut(line.indent, open_lines)
    above = open_lines[-1] if open_lines else above
    line.depth = above.depth + 1 if above else 0
    if line.depth == _DEEPEST:
        raise Misplaced(line.indent, "lines stand too deep below each other")
    (above.children if above else gathered.roots).append(line)
    open_lines.append(line)


def shut(indent: int, open_lines: list[Line]) -> None:
    """Drop the lines that a line with this indentation cannot be below."""
    while open_lines and open_lines[-1].indent >= indent:
        open_lines.pop()


def _shared(chain: tuple[str, ...], other: tuple[str, ...]) -> int:
    return len(other) if chain[: len(other)] == other else -1
