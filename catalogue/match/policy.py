"""The policy a decision is made under: weights and thresholds as values, read from a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One version of the matching policy; what each figure means is said in ``policy.toml``."""

    version: str
    block_cap: int
    component_cap: int
    theta: float
    same: float
    ask: float
    sure: float
    title_least: float
    title_close: float
    marks_least: float
    name_close: float
    name_near: float
    publisher_close: float
    publisher_near: float
    yearly_countries: tuple[str, ...]
    yearly_languages: tuple[str, ...]
    base: float
    weights: Mapping[str, float]


def read_policy(text: str) -> Policy:
    """Return the policy written in TOML; raise TypeError where a figure is missing or unknown."""
    said: dict[str, Any] = tomllib.loads(text)
    limits, thresholds = said.pop("limits"), said.pop("thresholds")
    return Policy(**said, **limits, **thresholds)


@cache
def policy() -> Policy:
    """Return the live policy."""
    text = files("catalogue.match").joinpath("policy.toml").read_text("utf-8")
    return read_policy(text)
