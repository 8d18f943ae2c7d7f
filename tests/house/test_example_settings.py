from __future__ import annotations

import re
import tomllib
from dataclasses import fields

from hub.sections import SECTIONS
from support.processes import REPOSITORY

EXAMPLE = REPOSITORY / "instance" / "lienthong.toml.example"


def test_the_example_shows_every_setting_with_its_default():
    text = re.sub(r"^# (?=\w+ = )", "", EXAMPLE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    defaults = {
        name: {setting.name: setting.default for setting in fields(section)}
        for name, section in SECTIONS.items()
    }

    shown = tomllib.loads(text)
    for section in shown.values():
        section.update((name, tuple(it)) for name, it in section.items() if isinstance(it, list))
    assert shown == defaults


def test_the_example_changes_nothing_as_it_is():
    assert not any(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")).values())
