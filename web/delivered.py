"""What a delivery and its report say, in the reader's language: the same for command and page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from catalogue.intake.model import Intake, Kind, State
from catalogue.messages import unpacked
from web.language import Translate, mark
from web.told import run_message

STATES = {
    State.RECEIVED: mark("not checked yet"),
    State.CHECKED: mark("checked, waits for you"),
    State.REFUSED: mark("cannot be read"),
    State.APPLYING: mark("is being applied"),
    State.APPLIED: mark("applied"),
    State.DISCARDED: mark("discarded"),
}
KINDS = {
    Kind.AUTO: mark("as the source delivers"),
    Kind.WHOLE: mark("the complete list"),
    Kind.CHANGES: mark("additions and changes"),
    Kind.DELETIONS: mark("a list of deletions"),
}
_VERDICTS = {
    "would-delete": mark(
        "{deleted} of {live} live records would be deleted ({share} %, where {limit} % may go by"
        " themselves)."
    ),
    "source-shrank": mark(
        "It holds {listed} live records, where the last good complete list held {before}"
        " ({share} % fewer, where {limit} % may be missing)."
    ),
    "list-doubtful": mark(
        "{absent} records are missing from it, but it has gaps in which they may have been lost."
    ),
    "cannot-map": mark(
        "{unmapped} of {tried} records cannot be read or mapped ({share} %, where {limit} % may"
        " be)."
    ),
    "stopped-unmapped": mark(
        "{unmapped} of its first {tried} records cannot be read or mapped ({share} %, where"
        " {limit} % may be), so it would stop there."
    ),
}
_WAITS = mark("If it is applied, the harvest waits for a decision and deletes nothing by itself.")
_ASTRAY = mark(
    "More than half of the records bear the code of another member ({codes}). Was the file meant"
    " for another source? Ask before it is applied."
)
_OTHERS = mark("Records that bear the code of another member: {codes}.")
_AGAIN = mark("The same file was applied on {day}, as delivery {number}.")
_NOTHING = mark("Nothing would change: all of it is known.")
_KILO = 1024
_OUTDATED = mark(
    "The source was given other settings since the check: check it again before it is applied."
)


def verdict(intake: Intake, translate: Translate) -> str:
    """Return what the guards say of an open delivery, or nothing where they let it pass."""
    told: Mapping[str, Any] | None = intake.report.get("verdict")
    if not told or not intake.state.is_open:
        return ""
    template = _VERDICTS.get(told["code"])
    if template is None:
        return f"{told['message']} {translate(_WAITS)}"
    details = unpacked(dict(told["details"]))
    return f"{translate(template).format(**details)} {translate(_WAITS)}"


def why(intake: Intake, translate: Translate) -> str:
    """Return why a delivery cannot count, or nothing."""
    return run_message(intake, translate)


def warnings(intake: Intake, twin: Intake | None, translate: Translate) -> Iterator[str]:
    """Yield what somebody should think of before a delivery is applied."""
    report = intake.report
    if intake.outdated:
        yield translate(_OUTDATED)
    others = report.get("others", {})
    if others:
        codes = ", ".join(f"{code}: {count}" for code, count in others.items())
        yield translate(_ASTRAY if report.get("astray") else _OTHERS).format(codes=codes)
    if twin is not None and intake.state.is_open:
        day = datetime.fromtimestamp(twin.decided or 0, UTC).date().isoformat()
        yield translate(_AGAIN).format(day=day, number=twin.id)
    counts = report.get("counts")
    if intake.state is State.CHECKED and counts and _changes_nothing(counts):
        yield translate(_NOTHING)


def stands_against(intake: Intake) -> bool:
    """Tell whether something speaks against applying a delivery without a person's word."""
    report = intake.report
    return intake.state is not State.CHECKED or bool(report.get("verdict") or report.get("astray"))


def _changes_nothing(counts: Mapping[str, int]) -> bool:
    return not any(
        counts[name] for name in ("added", "changed", "deleted", "quarantined", "held", "absent")
    )


def size(count: int, language: str = "en") -> str:
    """Return a number of bytes for people who read a language."""
    shown, unit = float(count), "B"
    for larger in ("KiB", "MiB", "GiB"):
        if shown < _KILO:
            break
        shown, unit = shown / _KILO, larger
    written = f"{shown:.0f}" if shown == int(shown) else f"{shown:.1f}"
    return f"{written.replace('.', ',') if language == 'vi' else written} {unit}"
