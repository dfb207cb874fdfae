"""HTML as the text that it shows, in blocks.  Nothing is loaded, nothing is run.

nh3 parses and drops everything but the tags named below (scripts and styles with what is in them);
a plain parser then reads what is left.  Pictures become their alternative text, links keep their
address where the words hide it.
"""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser

import nh3

from eakte.recognition.conversion.typesetting import Block

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_PARAGRAPHS = frozenset(
    {"p", "div", "address", "article", "section", "header", "footer", "main", "figure", "form"}
    | {"table", "tr", "caption", "dl", "dt", "dd", "ul", "ol", "fieldset", "legend", "center"}
)
_BLOCKS = _HEADINGS | _PARAGRAPHS | {"li", "blockquote", "pre", "hr"}
_CELLS = frozenset({"td", "th"})
_TAGS = _BLOCKS | _CELLS | {"a", "br", "img"}
_WITHOUT_CONTENT = {"script", "style", "title", "template", "noscript", "iframe", "object"}
_SPACE = re.compile(r"[ \t\r\n\f]+")
_DATA = re.compile(r"data:[^\s\"'>)]{200,}")
_MOST_TAGS = 40_000
"""Above, tags are only cut out: html5 takes a minute to sort 100,000 that are never closed."""
_TAG = re.compile(r"<[^<>]{0,2000}>")
_CELL_GAP = "\u2003"


def html_blocks(html: str) -> tuple[Block, ...]:
    """What ``html`` says, top to bottom; empty where it says nothing."""
    html = _DATA.sub("", html)
    if html.count("<") > _MOST_TAGS:
        return _without_tags(html)
    kept = nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags=_WITHOUT_CONTENT,
        attributes={"a": {"href"}, "img": {"alt"}},
        link_rel=None,
        url_schemes={"http", "https", "mailto", "tel"},
    )
    reader = _Blocks()
    reader.feed(kept)
    reader.close()
    return reader.result()


def _without_tags(html: str) -> tuple[Block, ...]:
    lines = (_SPACE.sub(" ", line).strip() for line in _TAG.sub("\n", html).split("\n"))
    text = unescape("\n".join(line for line in lines if line))
    return (Block(text=text),) if text else ()


class _Blocks(HTMLParser):
    """Collects the text of sane HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[Block] = []
        self._text: list[str] = []
        self._open: list[tuple[str, str]] = []  # tag, and the kind of block within it
        self._count: Counter[str] = Counter()
        self._links: list[tuple[str, int]] = []

    def result(self) -> tuple[Block, ...]:
        """The blocks read so far."""
        self._finish()
        return tuple(self._blocks)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "br":
            self._text.append("\n")
        elif tag == "img":
            self._text.append(f"[{given['alt']}]" if given.get("alt") else "")
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self._text)))
        elif tag == "hr":
            self._finish()
            self._blocks.append(Block(kind="rule"))
        elif tag in _BLOCKS:
            self._finish()
            self._open.append((tag, self._kind_within(tag)))
            self._count[tag] += 1
        elif tag in _CELLS and "".join(self._text).strip():
            self._text.append(_CELL_GAP)

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._name_address(*self._links.pop())
        elif tag in _BLOCKS and self._count[tag]:
            self._finish()
            closed = ""
            while closed != tag:
                closed, _ = self._open.pop()
                self._count[closed] -= 1

    def handle_data(self, data: str) -> None:
        self._text.append(data if self._count["pre"] else _SPACE.sub(" ", data))

    def _name_address(self, address: str, begun: int) -> None:
        shown = "".join(self._text[begun:]).strip()
        bare = address.removeprefix("mailto:").removeprefix("tel:").rstrip("/")
        if bare and bare not in shown and not address.removesuffix("/").endswith(shown or "?"):
            self._text.append(f" <{bare}>")

    def _finish(self) -> None:
        if not self._text:
            return
        text = "".join(self._text)
        self._text.clear()
        self._links.clear()  # a link around whole blocks: its address would stand far away
        if not self._count["pre"]:
            text = "\n".join(line.strip(" \t") for line in text.split("\n"))
        if text.strip():
            self._blocks.append(Block(kind=self._kind(), text=text.strip("\n")))

    def _kind(self) -> str:
        return self._open[-1][1] if self._open else "paragraph"

    def _kind_within(self, tag: str) -> str:
        if tag in _HEADINGS:
            return "heading"
        return {"li": "item", "blockquote": "quote", "pre": "pre"}.get(tag, self._kind())
