"""Matching policies made of the shipped one, and put to use without much ado."""

from __future__ import annotations

import re

from catalogue import policies
from catalogue.database import Database
from catalogue.match import shipped_text


def changed(version: str, reused: tuple[str, ...] = (), **figures: float) -> str:
    """Return the text of the shipped policy under another name with other figures in it."""
    text = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', shipped_text())
    for name, figure in figures.items():
        text, found = re.subn(rf"(?m)^{name} = [\d.-]+", f"{name} = {figure}", text)
        assert found == 1, name
    listed = ", ".join(f'"{isbn}"' for isbn in reused)
    return text + (f"\n[reused]\nisbn = [{listed}]\n" if reused else "")


def use(database: Database, version: str, **figures: float) -> None:
    """Put such a policy to use, as if its effect had been looked at."""
    policies.add(database, changed(version, (), **figures), "an")
    switch(database, version)


def switch(database: Database, version: str) -> None:
    """Put a policy that is there to use."""
    with database.reading() as connection:
        now = policies.in_use(connection)
    seen = policies.keep_effect(database, version, now, {})
    policies.switch(database, version, seen.token, "an")
