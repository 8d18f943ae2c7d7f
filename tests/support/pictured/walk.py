"""The walk through the screens with a browser that keeps pictures, and nothing of this machine."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from crosswalks.tables import parse
from support.browser import DESK, Browser, chromium
from support.pictured.stage import PASSWORD, Stage, staged
from support.processes import REPOSITORY
from web.language import LANGUAGES

FOLDER = REPOSITORY / "docs" / "pictures"
_ACCOUNTS = {"staff": "lan", "member": "dhkh"}
_OURS = re.compile(r"127\.0\.0\.1|//localhost|(?<![\w.>/:-])/(?:tmp|home|root|var|work|srv)/")
"""What would tell of the machine that the pictures were made on."""

_AS_ELSEWHERE = """(() => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (words.nextNode()) {
    const node = words.currentNode;
    node.data = node.data.replace(/http:\\/\\/127\\.0\\.0\\.1:\\d+/g, "https://thuvien.example.vn");
  }
})()"""
"""The demo's libraries are servers on this machine; those of readers are elsewhere."""


class Picture(NamedTuple):
    """One picture: whose page, at which address, how wide, how high at most (CSS pixels)."""

    name: str
    door: str
    address: str
    width: int
    height: int
    begin: str
    """The element at which it begins: the page, or what stands below the menus."""


class TellsOfThisMachineError(Exception):
    """A page that was to be pictured shows a path or an address of this machine."""

    def __init__(self, picture: str, shown: str) -> None:
        super().__init__(f"{picture}: {shown}")


def pictures() -> tuple[Picture, ...]:
    """Return all pictures there are to make."""
    rows = parse(files("support.pictured"), "pictures.tsv")
    return tuple(
        Picture(name, door, address, int(width), int(height), begin or "body")
        for name, door, address, width, height, begin in rows
    )


def make(folder: Path, wanted: Collection[str], told: Callable[[str], None]) -> None:
    """Make the pictures of these names, all if none is named, in every language.

    Raises TellsOfThisMachineError.
    """
    chosen = [each for each in pictures() if not wanted or each.name in wanted]
    with tempfile.TemporaryDirectory() as place, staged(Path(place)) as stage:
        for language in LANGUAGES:
            (folder / language).mkdir(parents=True, exist_ok=True)
            for door in dict.fromkeys(each.door for each in chosen):
                with _entered(stage, door, language) as browser:
                    for picture in (each for each in chosen if each.door == door):
                        path = folder / language / f"{picture.name}.webp"
                        _take(browser, stage, picture, path)
                        told(f"{path.relative_to(folder)}: {path.stat().st_size:,} bytes")


@contextmanager
def _entered(stage: Stage, door: str, language: str) -> Iterator[Browser]:
    with chromium() as browser:
        browser.open(f"{stage.url}/?lang={language}")
        if door:
            browser.open(f"{stage.url}/{door}/login")
            browser.fill("#name", _ACCOUNTS[door])
            browser.fill("#password", PASSWORD)
            browser.click("main button")
            browser.until("!!document.querySelector('.me')")
        yield browser


def _take(browser: Browser, stage: Stage, picture: Picture, path: Path) -> None:
    browser.width(picture.width)
    browser.open(stage.url + picture.address.format_map(stage.places))
    browser.run(_AS_ELSEWHERE)
    if found := _OURS.search(browser.text):
        raise TellsOfThisMachineError(picture.name, found.group())
    browser.part(path, picture.height, picture.begin)
    browser.width(DESK)
