"""The survey: questions from a data file, so that a hub can have its own, and answers checked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from crosswalks.text import storable
from scheduler.joining.errors import BadAnswers, NoPublicFiles, SurveyUnreadable
from scheduler.outgoing import FILE

LONGEST = 4000
"""Characters of an answer."""
PROTOCOL, ADDRESS, PREFIX, ENCODING = "protocol", "address", "prefix", "encoding"
"""Questions that the technical check goes by."""
_KINDS = ("text", "long", "number", "choice", "several")
_CHOSEN = ("choice", "several")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,40}")
_NUMBER = re.compile(r"\d{1,10}")
_APART = re.compile(r"[.,\s]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An answer that can be chosen."""

    name: str
    words: Mapping[str, str]
    """By language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question of the survey."""

    name: str
    kind: str
    """``text``, ``long``, ``number``, ``choice`` or ``several``."""
    words: Mapping[str, str]
    """By language."""
    required: bool = False
    choices: tuple[Choice, ...] = ()

    def said(self, language: str) -> str:
        """Return the question in a language."""
        return self.words[language]

    def answered(self, answer: object, language: str) -> str:
        """Return an answer as people read it."""
        known = {each.name: each.words[language] for each in self.choices}
        several = answer if isinstance(answer, list) else [answer]
        return ", ".join(known.get(str(each), str(each)) for each in several)


def questions(path: str = "") -> tuple[Question, ...]:
    """Return the questions of a hub's own file, or those shipped. Raises SurveyUnreadable."""
    return (
        _read(path, Path(path).stat().st_mtime_ns) if path and Path(path).exists() else _read(path)
    )


@lru_cache(maxsize=8)
def _read(path: str, _changed: int = 0) -> tuple[Question, ...]:
    shipped = files(__package__).joinpath("survey.toml")
    try:
        text = Path(path).read_text("utf-8") if path else shipped.read_text("utf-8")
        found = tuple(_question(each) for each in tomllib.loads(text)["question"])
        _want(len({each.name for each in found}) == len(found), "two questions have one name")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SurveyUnreadable(file=path or shipped, reason=error) from error
    return found


def _question(entry: Mapping[str, Any]) -> Question:
    name, kind = entry["name"], entry["kind"]
    _want(bool(_NAME.fullmatch(name)) and kind in _KINDS, f"{name} ({kind})")
    choices = tuple(Choice(name=one["name"], words=_words(one)) for one in entry.get("choices", ()))
    _want((kind in _CHOSEN) is bool(choices), f"{name}: choices")
    required = bool(entry.get("required", False))
    return Question(name=name, kind=kind, words=_words(entry), required=required, choices=choices)


def _want(fits: bool, wrong: str) -> None:  # noqa: FBT001 - asked and told in one line
    if not fits:
        raise ValueError(wrong)


def _words(entry: Mapping[str, Any]) -> dict[str, str]:
    return {"vi": str(entry["vi"]), "en": str(entry["en"])}


def checked(
    asked: Sequence[Question],
    given: Callable[[str], Sequence[str]],
    language: str,
    *,
    complete: bool = True,
) -> dict[str, Any]:
    """Return the answers as they are kept; ``given`` gives what was written to a question.

    Raises BadAnswers with the questions that are not answered as they have to be. An incomplete
    survey may lack answers.
    """
    answers, wrong = {}, []
    for question in asked:
        texts = [storable(text.strip())[:LONGEST] for text in given(question.name)]
        kept = _kept(question, [text for text in texts if text])
        if kept is None or (complete and question.required and not kept):
            wrong.append(question.said(language))
        elif kept:
            answers[question.name] = kept
    if wrong:
        raise BadAnswers(wrong="; ".join(wrong))
    return answers


def _kept(question: Question, texts: list[str]) -> str | list[str] | None:
    """Return an answer as it is kept, empty for none; None where it cannot be one."""
    if question.kind in _CHOSEN:
        known = [each.name for each in question.choices]
        if not set(texts) <= set(known):
            return None
        return texts if question.kind == "several" else "".join(texts[:1])
    text = "".join(texts[:1])
    if question.kind == "number" and text:
        text = _APART.sub("", text)
        return text if _NUMBER.fullmatch(text) and text.isascii() else None
    return text


def check_public(answers: Mapping[str, Any]) -> None:
    """Raise NoPublicFiles for an address that only who runs the hub may name."""
    address = str(answers.get(ADDRESS, ""))
    if address.partition(":")[0].strip().lower() == FILE:
        raise NoPublicFiles(address=address)
