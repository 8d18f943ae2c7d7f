"""The hub's own key for tokens, sessions and stored credentials: ``instance/secret.key``."""

from __future__ import annotations

import hmac
import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

FILE = "secret.key"
_BYTES = 32


def key(folder: Path) -> bytes:
    """Return the key of this instance, made on first use and readable by its owner only.

    Two processes that both find none agree on one: the second to finish reads the first one's.
    """
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _make(path)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _make(path: Path) -> None:
    # mkstemp gives mode 0600; a link never replaces a file that is there, a rename would.
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{FILE}.")
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(temporary, path)
    finally:
        Path(temporary).unlink()


def for_purpose(key: bytes, purpose: str) -> bytes:
    """Return a key of its own for one purpose, so that none serves two."""
    return hmac.digest(key, purpose.encode(), "sha256")
