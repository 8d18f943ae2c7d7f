"""A real Chromium without a window, driven over the DevTools protocol by the standard library.

Only what tests of screens need: open a page, run a script in it, click and type as a person does,
wait for something to be seen, take a picture.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

SECONDS = 60
_A_DOT = {"x": 0, "y": 0, "width": 1, "height": 1, "scale": 1}
_OPTIONS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--hide-scrollbars",
    "--remote-debugging-port=0",
    "--window-size=1280,900",
)


class WebSocket:
    """The client's side of RFC 6455, as far as one loopback conversation in text needs it."""

    def __init__(self, port: int, path: str) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS)
        self._stream = self._socket.makefile("rb")
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
            "Sec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b" 101 " in self._stream.readline()
        while self._stream.readline() != b"\r\n":
            pass

    def send(self, text: str) -> None:
        """Send a message, masked as clients have to (s5.3)."""
        data, mask = text.encode(), os.urandom(4)
        size = len(data)
        head = bytes([0x81])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 1 << 16:
            head += bytes([0x80 | 126]) + size.to_bytes(2)
        else:
            head += bytes([0x80 | 127]) + size.to_bytes(8)
        masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(data))
        self._socket.sendall(head + mask + masked)

    def receive(self) -> str:
        """Return the next message, put together from its frames (s5.4)."""
        whole = b""
        while True:
            first, second = self._stream.read(2)
            size = second & 0x7F
            if size == 126:
                size = int.from_bytes(self._stream.read(2))
            elif size == 127:
                size = int.from_bytes(self._stream.read(8))
            part = self._stream.read(size)
            if first & 0x0F in (0, 1):
                whole += part
                if first & 0x80:
                    return whole.decode()

    def close(self) -> None:
        """Hang up."""
        self._stream.close()
        self._socket.close()


class Browser:
    """One tab."""

    def __init__(self, port: int, path: str) -> None:
        self._socket = WebSocket(port, path)
        self._numbers = itertools.count(1)
        self.complaints: list[str] = []
        """What the console was told: errors of scripts, and what the page's policy refused."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        # Without a window nothing would have the focus.
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Ask the browser for something by the DevTools protocol."""
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            told = json.loads(self._socket.receive())
            if told.get("id") == number:
                assert "error" not in told, told
                result: dict[str, Any] = told["result"]
                return result
            self._hear(told)

    def open(self, url: str) -> None:
        """Go to a page and wait until it has been read."""
        self.call("Page.navigate", url=url)
        self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    def run(self, script: str) -> Any:
        """Return the value of an expression in the page."""
        told = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in told, told
        return told["result"].get("value")

    def until(self, script: str) -> None:
        """Wait until an expression is true, whatever page is there by then."""
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            told = self.call("Runtime.evaluate", expression=script, returnByValue=True)
            if told.get("result", {}).get("value") is True:
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
        """Type into a box that is found by its CSS selector."""
        found = json.dumps(selector)
        self.run(f"document.querySelector({found}).focus(); document.activeElement.select?.()")
        self.call("Input.insertText", text=value)

    def choose(self, selector: str, *files: Path) -> None:
        """Choose files in a box for files, as a person does in the window that it opens."""
        root = self.call("DOM.getDocument")["root"]["nodeId"]
        node = self.call("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=node, files=[str(file) for file in files])

    def click(self, selector: str) -> None:
        """Click in the middle of an element, as a mouse does, once its page is whole and seen."""
        found = json.dumps(selector)
        self.until(f"document.readyState === 'complete' && !!document.querySelector({found})")
        # Before a page is painted for the first time, the browser lets clicks fall.
        self.call("Page.captureScreenshot", clip=_A_DOT)
        box = self.run(
            f"(() => {{ const e = document.querySelector({found});"
            " e.scrollIntoView({block: 'center'}); const b = e.getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            place = {"x": box[0], "y": box[1], "button": "left", "clickCount": 1}
            self.call("Input.dispatchMouseEvent", type=kind, **place)

    def press(self, key: str, code: int, text: str = "") -> None:
        """Press a key, which may also write something."""
        told = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown", text=text, **told)
        self.call("Input.dispatchKeyEvent", type="keyUp", **told)

    def width(self, pixels: int) -> None:
        """Make the window as wide as a phone, or a desk."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=pixels,
            height=900,
            deviceScaleFactor=1,
            mobile=False,
        )

    def picture(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        told = self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(told["data"]))

    def close(self) -> None:
        """Let go of the tab."""
        self._socket.close()

    def _hear(self, told: dict[str, Any]) -> None:
        if told.get("method") == "Log.entryAdded":
            entry = told["params"]["entry"]
            # The browser also tells what it does by itself, such as not to move the focus again.
            if entry["level"] in ("warning", "error"):
                self.complaints.append(entry["text"])
        elif told.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(told["params"]["exceptionDetails"]["text"])


def sign_in(browser: Browser, url: str, password: str, language: str = "vi") -> None:
    """Enter the staff pages as lan, and wait until the page is there as a whole."""
    browser.open(f"{url}/staff/sources?lang={language}")
    browser.fill("#name", "lan")
    browser.fill("#password", password)
    browser.click("main button")
    # Scripts take hold of the page once it is there as a whole.
    browser.until("document.readyState === 'complete' && !!document.querySelector('.rooms')")


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a browser of one's own, with nothing in it, and end it with the block."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed: on Debian, apt install chromium")
    with tempfile.TemporaryDirectory(
        prefix="lienthong-chromium-", ignore_cleanup_errors=True
    ) as folder:
        command = [program, *_OPTIONS, f"--user-data-dir={folder}", "about:blank"]
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            port = _port(Path(folder, "DevToolsActivePort"), process)
            browser = Browser(port, _tab(port))
            try:
                yield browser
            finally:
                browser.close()
        finally:
            process.terminate()
            process.wait(timeout=SECONDS)


def _port(file: Path, process: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        if file.exists() and (lines := file.read_text().splitlines()):
            return int(lines[0])
        time.sleep(0.05)
    pytest.fail("Chromium did not start")


def _tab(port: int) -> str:
    connection = HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", "/json/list")
        tabs = json.loads(connection.getresponse().read())
    finally:
        connection.close()
    [address] = [tab["webSocketDebuggerUrl"] for tab in tabs if tab["type"] == "page"]
    return "/" + str(address).split("/", 3)[3]
