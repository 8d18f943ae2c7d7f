"""What becomes of clusters, printed: by a policy to be tried, or when all is worked out anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from hub.instance import Hub
from web.matches import DECISIONS
from web.policies import figures_told
from web.quality.reasons import words


def print_effect(hub: Hub, effect: Mapping[str, Any]) -> None:
    """Print an effect as ``PolicyEffect.told`` gives it: figures, pairs, and some of these."""
    out = hub.output
    out.pairs(dict(figures_told(effect)))
    if not effect["pairs"]:
        return
    out.line("")
    out.table(("Pair now", "By this policy", "Pairs of records"), _kinds(hub, effect["pairs"]))
    for each in effect["samples"]:
        now, then = (hub.translate(DECISIONS[each[when]]) for when in ("now", "then"))
        out.line(f"\n{each['a']}  {each['b']}\n  {now} -> {then} ({each['score']:.2f})")
        for word in words(each["reasons"], hub.translate):
            out.line(f"    {word}")


def in_words(hub: Hub, effect: Mapping[str, Any]) -> dict[str, Any]:
    """Return an effect with the reasons of its samples also in words."""
    samples = [
        {**each, "words": words(each["reasons"], hub.translate)} for each in effect["samples"]
    ]
    return {**effect, "samples": samples}


def _kinds(hub: Hub, pairs: Mapping[str, int]) -> list[tuple[object, ...]]:
    return [
        (*(hub.translate(DECISIONS[word]) for word in kind.split("-")), count)
        for kind, count in pairs.items()
    ]
