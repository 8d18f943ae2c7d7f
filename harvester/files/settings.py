"""Whether the settings of a source of files can be: told when they are made, not at night."""

from __future__ import annotations

from collections.abc import Collection

from harvester.files import address, cutting, identifying
from harvester.files.errors import NotForFiles
from harvester.model import FileSettings


def check(url: str, files: FileSettings, *, prefix: str = "", sets: Collection[str] = ()) -> None:
    """Raise BadFileAddress, BadUrl, NotForFiles, UnknownFileFormat or BadPlace."""
    address.check(url)
    asked = {"--prefix": prefix, "--set": sets}
    wrong = ", ".join(name for name, value in asked.items() if value)
    if wrong:
        raise NotForFiles(what=wrong)
    if files.format:
        cutting.named(files.format)
    identifying.places(files)
