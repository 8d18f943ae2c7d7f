"""A real Chromium without a window, driven by Playwright as a person would, with axe as a judge.

Only what tests of screens need: open a page, run a script in it, click and type as a person does,
wait for something to be seen, take a picture, ask what someone who cannot see it would stumble on.

One browser serves all tests of a process, each with a profile of its own. Playwright has an event
loop running for as long as it lives, so it is kept in a thread where no test needs one.
"""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeVar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser as Program
from playwright.sync_api import ConsoleMessage, Error, Page, Playwright, sync_playwright

SECONDS = 60
DESK, PHONE = 1280, 390
"""Widths of a window in CSS pixels."""
_HEIGHT = 900
_QUALITY = 60
"""Of pictures, where 100 is without loss."""
_OPTIONS = (
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
)
_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
    "resultTypes": ["violations"],
}
_GRAVE = ("serious", "critical")
PHONE_USUALLY = pytest.mark.parametrize(
    ("language", "width"), [("vi", PHONE), pytest.param("en", DESK, marks=pytest.mark.soak)]
)
"""For a way through several pages: in Vietnamese where room is least; in soak in English too."""
P = ParamSpec("P")
T = TypeVar("T")


class _Chromium:
    """The browser of this process, in its thread: started when first asked for."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, "browser")
        self._playwright: Playwright | None = None
        self._program: Program | None = None

    def do(self, work: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Have something done in the browser's thread."""
        return self._thread.submit(partial(work, *arguments, **named)).result()

    def page(self, path: str) -> Page:
        """Return a page of a new profile; to be called in the thread."""
        if self._program is None:
            self._playwright = sync_playwright().start()
            self._program = self._playwright.chromium.launch(
                executable_path=path, chromium_sandbox=False, args=_OPTIONS
            )
        context = self._program.new_context(
            viewport={"width": DESK, "height": _HEIGHT}, locale="en-US"
        )
        context.set_default_timeout(SECONDS * 1000)
        return context.new_page()

    def end(self) -> None:
        """End it, if it was started."""
        self.do(self._stop)
        self._thread.shutdown()

    def _stop(self) -> None:
        if self._program is not None and self._playwright is not None:
            self._program.close()
            self._playwright.stop()


_chromium = _Chromium()


class Browser:
    """One tab."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.complaints: list[str] = []
        """What the console was told: errors of scripts, and what the page's policy refused."""
        _chromium.do(self._listen)

    def open(self, url: str) -> None:
        """Go to a page and wait until it has been read."""
        _chromium.do(self._page.goto, url)

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        return _chromium.do(self._page.evaluate, script)

    def until(self, script: str, *, coming: bool = False) -> None:
        """Wait until an expression is true of a page that is there as a whole, or still coming.

        An address changes before anything of its page is there, and scripts take hold of a page
        once it is: what is asked of it, or done in it, a moment earlier meets an empty one.
        """
        asked = script if coming else f"document.readyState === 'complete' && ({script})"
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if _chromium.do(self._holds, asked):
                return
            time.sleep(0.05)
        pytest.fail(f"never seen: {script}\n{self.text}")

    def until_text(self, text: str) -> None:
        """Wait until the page says something."""
        self.until(f"document.body.innerText.includes({json.dumps(text)})")

    @property
    def text(self) -> str:
        """What the page says, as a person sees it."""
        return str(self.run("document.body ? document.body.innerText : ''"))

    def fill(self, selector: str, value: str) -> None:
        """Write into a box that is found by its CSS selector, in place of what is in it."""
        _chromium.do(self._page.fill, selector, value)

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files in a box for files, as a person does in the window that it opens."""
        _chromium.do(self._page.set_input_files, selector, list(files))

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as a mouse does, once it is there and not covered."""
        _chromium.do(self._click, selector)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        _chromium.do(self._page.keyboard.insert_text, text)

    def press(self, key: str) -> None:
        """Press a key by its name: ``Tab``, ``Enter``, ``ArrowDown``, ``d``, ``Control+Enter``."""
        _chromium.do(self._page.keyboard.press, key)

    def width(self, pixels: int) -> None:
        """Make the window as wide as a phone, or a desk."""
        _chromium.do(self._page.set_viewport_size, {"width": pixels, "height": _HEIGHT})

    def likes(self, scheme: Literal["dark", "light"]) -> None:
        """Tell pages which colours the person likes."""
        _chromium.do(self._page.emulate_media, color_scheme=scheme)

    def on_paper(self, *, printed: bool) -> None:
        """Show pages as they are printed, or as on a screen again."""
        _chromium.do(self._page.emulate_media, media="print" if printed else "screen")

    def scripts(self, *, allowed: bool) -> None:
        """Let pages run scripts, or not, from the next page on."""
        _chromium.do(self._tell, "Emulation.setScriptExecutionDisabled", {"value": not allowed})

    def picture(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        _chromium.do(self._page.screenshot, path=path, full_page=True)

    def part(self, path: Path, height: int, begin: str = "body") -> None:
        """Keep a picture of the page as WebP from where an element begins, so many pixels high.

        Words stay sharp at this quality, in a quarter of the bytes that they take without loss.
        """
        top = int(
            self.run(f"document.querySelector({json.dumps(begin)}).getBoundingClientRect().y")
        )
        end = int(self.run("document.querySelector('main').getBoundingClientRect().bottom"))
        wide = int(self.run("innerWidth"))
        clip = {"x": 0, "y": top, "width": wide, "height": min(end - top, height), "scale": 1}
        asked = {"format": "webp", "quality": _QUALITY, "clip": clip, "captureBeyondViewport": True}
        kept = _chromium.do(self._tell, "Page.captureScreenshot", asked)
        path.write_bytes(base64.b64decode(kept["data"]))

    @property
    def barriers(self) -> list[str]:
        """What axe finds on the page that keeps people out: serious or critical, WCAG 2.1 AA."""
        return self.barriers_in("html")

    def barriers_in(self, part: str) -> list[str]:
        """What axe finds in the part of the page that a CSS selector names."""
        found = _chromium.do(Axe().run, self._page, part, _RULES).response["violations"]
        return [
            f"{each['id']}: {each['help']}: {node['html']}"
            for each in found
            if each["impact"] in _GRAVE
            for node in each["nodes"]
        ]

    def close(self) -> None:
        """Let go of the tab and its profile."""
        _chromium.do(self._page.context.close)

    def _listen(self) -> None:
        self._page.on("console", self._hear)
        self._page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _click(self, selector: str) -> None:
        self._page.locator(selector).first.click()

    def _holds(self, script: str) -> bool:
        try:
            return self._page.evaluate(script) is True
        except Error:
            # A page that goes away meanwhile, or lacks what is asked for yet.
            return False

    def _tell(self, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
        told = self._page.context.new_cdp_session(self._page).send(method, parameters)
        return dict(told or {})

    def _hear(self, told: ConsoleMessage) -> None:
        # The browser also tells what it does by itself, such as not to move the focus again.
        if told.type in ("warning", "error"):
            self.complaints.append(told.text)


def sign_in(browser: Browser, url: str, password: str, language: str = "vi") -> None:
    """Enter the staff pages as lan."""
    browser.open(f"{url}/staff/sources?lang={language}")
    browser.fill("#name", "lan")
    browser.fill("#password", password)
    browser.click("main button")
    browser.until("!!document.querySelector('.rooms')")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser of one's own, with nothing in it, and end it with the block."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed: on Debian, apt install chromium")
    browser = Browser(_chromium.do(_chromium.page, program))
    try:
        yield browser
    finally:
        browser.close()


def end() -> None:
    """End the browser of this process."""
    _chromium.end()
