"""Rules that copy fields with their subfields in the order delivered: ``264 _1 $abc <- 210 $acd``.

The codes of target and source stand for each other one by one; without codes in the target each
keeps its own, without a number in the target's tag (``...``) so does the field. What a whole field
becomes can also be left to a shape: ``245 10 <- 200 | as isbd-title``.
"""

from __future__ import annotations

from collections.abc import Callable

from crosswalks.language.errors import Misplaced
from crosswalks.language.making import Sink
from crosswalks.language.syntax import Kind, Path, Rule
from crosswalks.language.taking import Occurrence
from crosswalks.language.transforms.registry import FieldShape, OnValues, field_shape
from crosswalks.model import Field, Subfield

_WITH_SUBFIELDS = (Kind.FIELD, Kind.SUBFIELDS)
_AS = "as"
_ANY = "."


def copies(rule: Rule) -> bool:
    """Tell whether a rule copies subfields in their order rather than one value at a time."""
    if rule.target.kind not in _WITH_SUBFIELDS or len(rule.target.codes) == 1:
        return False
    if rule.steps and rule.steps[-1].name == _AS:
        return _shape(rule) is not None and all(map(_is_whole, rule.sources))
    return all(source.kind in _WITH_SUBFIELDS for source in rule.sources)


def _is_whole(source: Path) -> bool:
    """Tell whether a source is a field rather than one of its values."""
    return source.kind is Kind.SELF or (
        source.kind is Kind.FIELD and (source.excluded or len(source.codes) != 1)
    )


def _shape(rule: Rule) -> FieldShape | None:
    last = rule.steps[-1] if rule.steps else None
    return field_shape(last) if last and last.name == _AS else None


def copying(rule: Rule, transforms: list[OnValues]) -> Callable[[Occurrence, Sink], None]:
    """Return what copies one field; raise Misplaced where codes do not stand for each other."""
    codes = _codes(rule.target, rule.sources[0])
    target, excluded = rule.target, rule.sources[0].excluded
    wanted = target.indicators or "  "
    into_block = target.kind is Kind.SUBFIELDS
    any_tag, shape = _ANY in target.tag, _shape(rule)
    as_it_is = not codes and not excluded and not transforms

    def copied(field: Field) -> tuple[Subfield, ...]:
        if as_it_is:
            return shape(field) if shape else field.subfields
        found = []
        for code, value in field.subfields:
            new = codes.get(code, "") if codes and not excluded else code
            if not new or (excluded and code in codes):
                continue
            values = [value]
            for transform in transforms:
                values = transform(values)
            found += [(new, each) for each in values]
        return shape(field._replace(subfields=tuple(found))) if shape else tuple(found)

    def act(field: Occurrence, sink: Sink) -> None:
        if not isinstance(field, Field) or not (subfields := copied(field)):
            return
        if into_block:
            sink.items.extend(subfields)
            return
        have = f"{field.indicators:2.2}"
        indicators = "".join([h if w == "." else w for w, h in zip(wanted, have, strict=True)])
        tag = field.tag if any_tag else target.tag
        sink.items.append(Field(tag, indicators, (*subfields, *target.constants)))

    return act


def _codes(target: Path, source: Path) -> dict[str, str]:
    """Return which code becomes which; of an exclusion, the codes that are left out."""
    if not target.codes or source.excluded:
        return {code: code for code in source.codes}
    if len(target.codes) != len(source.codes):
        raise Misplaced(
            target.column,
            "${target} and ${source} do not stand for each other",
            target=target.codes,
            source=source.codes,
        )
    return dict(zip(source.codes, target.codes, strict=True))
