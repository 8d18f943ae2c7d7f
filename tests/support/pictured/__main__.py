"""Make the pictures that are named on the command line; all, if none is."""

from __future__ import annotations

import sys

from support import browser
from support.pictured.walk import FOLDER, make


def main() -> None:
    """Make them, and say how large each is."""
    try:
        make(FOLDER, sys.argv[1:], print)
    finally:
        browser.end()


if __name__ == "__main__":
    main()
