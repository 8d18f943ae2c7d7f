"""Rules that copy fields with their subfields in the order delivered: ``264 _1 $abc <- 210 $acd``.

The codes of target and source stand for each other one by one; without codes in the target each
keeps its own.
"""

from __future__ import annotations

from collections.abc import Callable

from crosswalks.language.errors import Misplaced
from crosswalks.language.making import Sink
from crosswalks.language.syntax import Kind, Path, Rule
from crosswalks.language.taking import Occurrence
from crosswalks.language.transforms.registry import OnValues
from crosswalks.model import Field, Subfield

_WITH_SUBFIELDS = (Kind.FIELD, Kind.SUBFIELDS)
_AS = "as"


def copies(rule: Rule) -> bool:
    """Tell whether a rule copies subfields in their order rather than one value at a time."""
    last = rule.steps[-1].name if rule.steps else ""
    return (
        rule.target.kind in _WITH_SUBFIELDS
        and len(rule.target.codes) != 1
        and last != _AS
        and all(source.kind in _WITH_SUBFIELDS for source in rule.sources)
    )


def copying(rule: Rule, transforms: tuple[OnValues, ...]) -> Callable[[Occurrence, Sink], None]:
    """Return what copies one field; raise Misplaced where codes do not stand for each other."""
    codes = _codes(rule.target, rule.sources[0])
    target, excluded = rule.target, rule.sources[0].excluded
    wanted = target.indicators or "  "
    into_block = target.kind is Kind.SUBFIELDS

    def copied(field: Field) -> tuple[Subfield, ...]:
        found = []
        for code, value in field.subfields:
            new = codes.get(code, "") if codes and not excluded else code
            if not new or (excluded and code in codes):
                continue
            values = [value]
            for transform in transforms:
                values = transform(values)
            found += [(new, each) for each in values]
        return tuple(found)

    def act(field: Occurrence, sink: Sink) -> None:
        if not isinstance(field, Field) or not (subfields := copied(field)):
            return
        if into_block:
            sink.items.extend(subfields)
            return
        have = f"{field.indicators:2.2}"
        indicators = "".join([h if w == "." else w for w, h in zip(wanted, have, strict=True)])
        sink.items.append(Field(target.tag, indicators, (*subfields, *target.constants)))

    return act


def _codes(target: Path, source: Path) -> dict[str, str]:
    """Return which code becomes which; of an exclusion, the codes that are left out."""
    if not target.codes or source.excluded:
        return {code: code for code in source.codes}
    if len(target.codes) != len(source.codes):
        raise Misplaced(
            target.column, f"${target.codes} and ${source.codes} do not stand for each other"
        )
    return dict(zip(source.codes, target.codes, strict=True))
