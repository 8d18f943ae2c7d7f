"""A QR code (ISO/IEC 18004) as a picture within a page: markup, without a file or a script."""

from __future__ import annotations

from markupsafe import Markup

_QUIET = 4
"""Modules left white around the code (ISO/IEC 18004 s5.3.8)."""


def picture(text: str, title: str) -> Markup:
    """Return the code of a text as SVG, dark on white whatever colours the page has.

    ``title`` says what it is to those who do not see it. Nothing in it is a style: pages that
    allow none show it all the same. A text that is too long for any code has no picture.
    """
    import segno  # noqa: PLC0415 - hardly any page shows one

    try:
        # M: what dirt or glare hide of it is made good, up to fifteen percent.
        made = segno.make(text, error="m", micro=False)
    except segno.DataOverflowError:
        return Markup()
    return Markup(  # noqa: S704 - segno escapes the title, the rest are numbers
        made.svg_inline(
            border=_QUIET,
            light="#fff",
            title=title,
            svgclass="qr",
            lineclass=None,
            omitsize=True,
        )
    ).replace(Markup("<svg "), Markup('<svg role="img" '), 1)
