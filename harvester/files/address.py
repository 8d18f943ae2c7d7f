"""The address of a source of files: a path, a file on a server, or nothing but the inbox."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from crosswalks.errors import Said
from harvester.address import checked
from harvester.files.errors import BadFileAddress

SCHEME = "file:"


def is_remote(url: str) -> bool:
    """Tell whether a file has to be fetched from a server."""
    return url.startswith(("http://", "https://"))


def path_of(url: str) -> Path | None:
    """Return the path of a ``file:`` address, None for the inbox alone; raise BadFileAddress.

    ``file:/a b`` and ``file:///a%20b`` are the same (RFC 8089 s2): names with a percent sign in
    them are taken as they are where they exist so.
    """
    if not url.startswith(SCHEME):
        raise BadFileAddress(
            url=url, reason=Said("it does not begin with file:, http: or https:", {})
        )
    rest = url.removeprefix(SCHEME)
    if not rest:
        return None
    if rest.startswith("//"):
        host, slash, tail = rest[2:].partition("/")
        if host not in ("", "localhost"):
            raise BadFileAddress(url=url, reason=Said("it names another machine", {}))
        rest = slash + tail
    if not rest.startswith("/"):
        raise BadFileAddress(url=url, reason=Said("its path does not begin at the root", {}))
    if "\0" in unquote(rest):
        raise BadFileAddress(url=url, reason=Said("it has a null byte in it", {}))
    as_it_is = Path(rest)
    return as_it_is if "%" not in rest or _is_there(as_it_is) else Path(unquote(rest))


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # It is, or whoever may look further will say so.
        return True


def check(url: str) -> str:
    """Return an address that a source of files can have; raise BadFileAddress or BadUrl."""
    if is_remote(url):
        return checked(url)
    path_of(url)
    return url


def name_of(url: str) -> str:
    """Return what a file on a server is called."""
    parts = urlsplit(url)
    return unquote(parts.path.rstrip("/").rpartition("/")[2]) or parts.hostname or url
