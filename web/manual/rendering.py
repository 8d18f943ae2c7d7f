"""A how-to as a page: its headings with anchors, its links led to other pages of help.

Anchors are those of the English text in every language, so that an address stays the same when
the language changes: headings pair by their order, which a test holds.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from web.language import mark, translator
from web.manual.guides import START, Guide, guide, named
from web.manual.pictures import size

_NO_LETTER = re.compile(r"[^\w\- ]")
_TABLE = mark("Table")
_LISTED = 2
"""Level of the headings that a page's own list of contents shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One heading of a page."""

    level: int
    anchor: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of help, ready to be shown."""

    title: str
    language: str
    contents: tuple[Heading, ...]
    body: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with the words below it, up to the next one."""

    heading: Heading
    text: str


class _Writer(RendererHTML):
    """Tables and code that scroll by themselves, and can be reached by keyboard for it."""

    def table_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        name = escape(env["say"](_TABLE))
        opened = self.renderToken(tokens, idx, options, env)
        return f'<div class="scroll" tabindex="0" role="region" aria-label="{name}">{opened}'

    def table_close(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"{self.renderToken(tokens, idx, options, env)}</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tokens[idx].attrSet("scope", "col")
        return self.renderToken(tokens, idx, options, env)

    def code_block(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType
    ) -> str:
        del options, env
        return f'<pre tabindex="0"><code>{escape(tokens[idx].content)}</code></pre>\n'

    fence = code_block

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        # A line break within a cell is the one tag that our tables have.
        return super().text(tokens, idx, options, env).replace("&lt;br&gt;", "<br>")


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}, renderer_cls=_Writer).enable("table")


@lru_cache(maxsize=256)
def page(name: str, language: str, root: str) -> Page | None:
    """Return a page in a language; ``root`` is the address of the list of pages."""
    found = guide(name, language)
    if found is None:
        return None
    tokens = parsed(found)
    headings = _headings(found)
    for heading, opened in zip(headings, _openings(tokens), strict=True):
        opened.attrSet("id", heading.anchor)
    for token in tokens:
        token.children = _led(token.children or [], found, root) if token.children else None
    body = _without_beginning(tokens, found.name)
    written = _markdown().renderer.render(
        body, _markdown().options, {"say": translator(found.language)}
    )
    return Page(
        title=headings[0].text,
        language=found.language,
        contents=tuple(each for each in headings if each.level == _LISTED),
        body=Markup(written),  # noqa: S704 - written by the renderer, which lets no HTML through
    )


@lru_cache(maxsize=256)
def sections(name: str, language: str) -> tuple[Section, ...]:
    """Return the words of a page by its headings."""
    found = guide(name, language)
    if found is None:
        return ()
    texts: list[list[str]] = []
    tokens = parsed(found)
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.type == "heading_open":
            texts.append([])
        elif texts and token.type in ("inline", "code_block", "fence"):
            texts[-1].append(said(token))
    return tuple(
        Section(heading=heading, text=" ".join(words))
        for heading, words in zip(_headings(found), texts, strict=True)
    )


def title(name: str, language: str) -> str:
    """Return the title of a page; its name where there is none."""
    found = guide(name, language)
    told = _headings(found) if found else ()
    return told[0].text if told else name


def anchors(name: str, language: str) -> frozenset[str]:
    """Return the anchors that a page has."""
    found = guide(name, language)
    return frozenset(each.anchor for each in _headings(found)) if found else frozenset()


@cache
def _headings(found: Guide) -> tuple[Heading, ...]:
    """Return the headings of a text, their anchors made from those of the English one."""
    told = _own_headings(found)
    english = guide(found.name, "en")
    pairs = _own_headings(english) if english else told
    if [each.level for each in pairs] != [each.level for each in told]:
        return told
    return tuple(
        Heading(level=own.level, anchor=other.anchor, text=own.text)
        for own, other in zip(told, pairs, strict=True)
    )


@cache
def _own_headings(found: Guide) -> tuple[Heading, ...]:
    """Return the headings of a text with the anchors that repositories on the web give them."""
    tokens = parsed(found)
    seen: Counter[str] = Counter()
    made = []
    for opened, inline in pairwise(tokens):
        if opened.type == "heading_open":
            text = said(inline)
            slug = _NO_LETTER.sub("", text.lower()).replace(" ", "-")
            anchor = f"{slug}-{seen[slug]}" if seen[slug] else slug
            seen[slug] += 1
            made.append(Heading(level=int(opened.tag[1]), anchor=anchor, text=text))
    return tuple(made)


def parsed(found: Guide) -> list[Token]:
    """Return the text of a page as what it is made of."""
    return _markdown().parse(found.text)


def _openings(tokens: list[Token]) -> list[Token]:
    return [token for token in tokens if token.type == "heading_open"]


def said(token: Token) -> str:
    """Return the words of a token, without its marks."""
    if token.children is None:
        return token.content
    return "".join(
        " " if each.type in ("softbreak", "hardbreak") else each.content for each in token.children
    )


def _without_beginning(tokens: list[Token], name: str) -> list[Token]:
    """Leave out what a page of help says by itself.

    That is the title and the line that leads to the other language, and of the list all of it.
    """
    if name == START:
        later = (at for at, token in enumerate(tokens) if token.tag == f"h{_LISTED}")
        return tokens[next(later, len(tokens)) :]
    rest = tokens[3:]
    if len(rest) > 1 and rest[1].type == "inline" and rest[1].content.startswith("*["):
        return rest[3:]
    return rest


def _led(children: list[Token], found: Guide, root: str) -> list[Token]:
    """Return what stands in a line, its links and pictures led to what the hub has of them."""
    kept: list[Token] = []
    opened: list[bool] = []
    for token in children:
        if token.type == "link_open":
            address = _address(str(token.attrs["href"]), found, root)
            opened.append(bool(address))
            if not address:
                continue
            token.attrs["href"] = address
        elif token.type == "link_close" and not opened.pop():
            continue
        elif token.type == "image":
            _show(token, found, root)
        kept.append(token)
    return kept


def _address(target: str, found: Guide, root: str) -> str:
    """Return where a link of a page leads in the hub; empty for a file that it does not show."""
    path, _, anchor = target.partition("#")
    if ":" in path:
        return target
    if not path:
        return f"#{_paired(found.name, found.language, anchor)}"
    reached = named(posixpath.normpath(posixpath.join(posixpath.dirname(found.place), path)))
    if reached is None:
        return ""
    name, language = reached
    address = root if name == START else f"{root}/{name}"
    asked = f"?lang={language}" if language and language != found.language else ""
    shown = f"#{_paired(name, language or found.language, anchor)}" if anchor else ""
    return f"{address}{asked}{shown}"


def _paired(name: str, language: str, anchor: str) -> str:
    """Return the anchor in our pages of a heading by the anchor that its text gives it."""
    found = guide(name, language)
    own = _own_headings(found) if found else ()
    at = next((place for place, each in enumerate(own) if each.anchor == unquote(anchor)), None)
    return anchor if at is None or found is None else _headings(found)[at].anchor


def _show(token: Token, found: Guide, root: str) -> None:
    place = posixpath.normpath(
        posixpath.join(posixpath.dirname(found.place), str(token.attrs["src"]))
    )
    token.attrs["src"] = f"{root}/{place}"
    token.attrs["loading"] = "lazy"
    if dimensions := size(place):
        token.attrs["width"], token.attrs["height"] = dimensions
