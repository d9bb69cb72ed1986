"""Read the visible text and the links of a parsed page, in one walk without recursion.

Recall first: facts on company pages sit in cards, grids and tables, so everything is kept but what is
known to be a menu, a form, a consent banner or hidden. Blocks become lines, table cells are joined by
" | ", and words on both sides of an element border stay apart where a visitor sees them apart.
"""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple

from selectolax.lexbor import LexborNode

from tools.pages.api import Link
from tools.pages.hidden import HidingRules, is_hidden
from tools.pages.lines import BREAK, BREAK_MARK, CELL_MARK, FOOTER, MAIN, NAV, SOFT, lines_of, mark_footers
from tools.pages.link_text import link_text
from tools.pages.regions import is_menu_by_role, is_modal, kind_of_names
from tools.pages.shapes import (
    ARIA,
    BLOCKS,
    CONTAINERS,
    GAP,
    GAPPED,
    LINE,
    LINK,
    OTHER,
    OWNER,
    PARAGRAPH,
    SKIPPED,
    TELLING,
    TELLING_OF_A_LINK,
    UNREAD,
    shape_of,
)
from tools.pages.urls import LinkBase

_CONTENT_ANCESTORS: Final = frozenset(
    ["article", "section", "main", "blockquote", "figure", "li", "td", "details"]
)
_FOOTER_OWNERS: Final = frozenset(["article", "section", "blockquote", "figure", "li", "td"])
_HEADER_TEXT: Final = frozenset(["h1", "h2", "h3", "p", "blockquote"])
_LITTLE_MAIN: Final = 600
_CARD_CELL: Final = 300
_MAX_CONSENT: Final = 6000
_MAX_HIDDEN: Final = 60_000
_MAX_LINKS: Final = 3000

_SKIP_LINK: Final = re.compile(
    r"#_?(?:[a-z]+-)?(?:main|content|footer|nav|navigation|skip|primary|page)", re.I
)

Action = Literal["", "menu", "list", "form", "consent", "cell", "footer"]


class VisibleText(NamedTuple):
    """What one walk found. `soft` is text set aside by a guess, given only where little else remains."""

    main: str
    footer: str
    soft: str
    hidden: str
    hidden_count: int
    links: tuple[Link, ...]


class _Frame(NamedTuple):
    """What to restore and decide when an element ends."""

    tag: str
    region: int
    action: Action
    piece: int
    chars: int
    link_chars: int
    link: int
    content_depth: int
    owner_depth: int
    header_state: int
    in_link: bool


# Where one inline element ended and the next begins, with nothing between, a visitor may see a gap.
_NO_JOINT, _ENDED, _JOINT = range(3)
_Open = tuple[LexborNode, int, _Frame | tuple[int, bool] | None]
"""An element being read: its node, its shape, and what to restore after it, if it changed more than that: of a link,
the region, and whether it stands in another link."""


class TextWalk:
    """One reading of a page's body. Call `read` with each root, then `finish`."""

    def __init__(self, base: LinkBase, rules: HidingRules) -> None:
        self._base = base
        self._rules = rules
        self._pieces: list[str] = [BREAK_MARK]  # never empty: every piece asks for the one before it
        self._kinds: list[int] = [BREAK]
        self._links: list[Link] = []
        self._seen_links: set[tuple[str, str]] = set()
        self._hidden: list[str] = []
        self._hidden_chars = 0
        self._region = MAIN
        self._chars = 0
        self._link_chars = 0
        self._in_link = False
        self._seen_h1 = False
        self._content_depth = 0
        self._owner_depth = 0
        self._header_state = 0  # 0 outside a page header, 1 inside, 2 inside its heading or paragraph
        self._joint = _NO_JOINT
        self._footers: list[tuple[int, int]] = []
        self._shapes: dict[tuple[str, str], int] = {}

    def read(self, top: LexborNode) -> None:
        """Walk everything below `top`."""
        stack: list[_Open] = []
        shapes, pieces, kinds = self._shapes, self._pieces, self._kinds
        unread, telling, telling_of_a_link = UNREAD, TELLING, TELLING_OF_A_LINK
        node = top.first_child
        while True:
            if node is None:
                if not stack:
                    return
                element, shape, frame = stack.pop()
                if shape == LINE:
                    self._joint = _NO_JOINT  # `_break`, written out: half of all elements come by here
                    if pieces[-1] != BREAK_MARK:
                        pieces.append(BREAK_MARK)
                        kinds.append(BREAK)
                elif shape == GAP:
                    if self._joint == _NO_JOINT:
                        self._joint = _ENDED
                elif shape == OWNER:
                    self._break()
                    self._content_depth -= 1
                    self._owner_depth -= 1
                elif shape == LINK:
                    if self._joint == _NO_JOINT:
                        self._joint = _ENDED
                    self._region, self._in_link = frame  # type: ignore[misc]  # as a link's frame is
                elif frame is not None:
                    self._leave(frame)  # type: ignore[arg-type]  # nothing but links has the other kind
                node = element.next
                continue
            tag = node.tag or "-"
            if tag == "-text":
                self._add_text(node.text_content or "")
                node = node.next
                continue
            if tag in unread:
                node = node.next
                continue
            attributes = node.attributes
            frame = None
            if not attributes or (telling if tag != "a" else telling_of_a_link).isdisjoint(attributes):
                key = (tag, attributes.get("class") or "") if attributes else (tag, "")
                known = shapes.get(key)
                shape = self._shape(key) if known is None else known
                if shape == PARAGRAPH:
                    shape = OTHER if self._header_state else LINE
            else:
                shape = OTHER
            if shape == LINE:
                self._joint = _NO_JOINT
                if pieces[-1] != BREAK_MARK:
                    pieces.append(BREAK_MARK)
                    kinds.append(BREAK)
            elif shape == GAP:
                if self._joint == _ENDED:
                    self._joint = _JOINT
            elif shape == LINK:
                frame = (self._region, self._in_link)
                self._enter_link(node, attributes)
            elif shape == OWNER:
                self._break()
                self._content_depth += 1
                self._owner_depth += 1
            elif shape == OTHER:
                opened = self._enter(node, tag, attributes)
                if opened is None:
                    node = node.next
                    continue
                shape, frame = opened
            stack.append((node, shape, frame))
            node = node.first_child
            if node is None and tag == "template":
                fragments = stack[-1][0].template_fragments()
                node = fragments[0].first_child if fragments else None

    def _shape(self, key: tuple[str, str]) -> int:
        """Return what an element with this tag and class list, and no other telling attribute, does."""
        tag, names = key
        hidden = names and is_hidden(tag, {"class": names}, self._rules)
        shape = self._shapes[key] = OTHER if hidden else shape_of(tag, names)
        return shape

    def _enter(
        self, node: LexborNode, tag: str, attributes: dict[str, str | None]
    ) -> tuple[int, _Frame | None] | None:
        """Open an element, or return `None` for one whose content is not read."""
        if tag == "br" or tag == "hr":
            self._break()
            return None
        if tag == "template" and (attributes.get("shadowrootmode") or "").lower() != "open":
            return None
        if attributes and is_hidden(tag, attributes, self._rules):
            self._hide(node)
            return None
        if tag == "div" and ARIA.isdisjoint(attributes) and not kind_of_names(attributes):
            self._break()
            return LINE, None
        if tag in GAPPED and tag not in ("a", "button"):
            self._begin_inline()
            return GAP, None
        region, content, owner, header = (
            self._region,
            self._content_depth,
            self._owner_depth,
            self._header_state,
        )
        in_link = self._in_link
        piece, chars, link_chars, link = len(self._pieces), self._chars, self._link_chars, len(self._links)
        action: Action = ""
        if tag in BLOCKS:
            self._break()
            action = self._enter_block(tag, attributes)
        elif tag == "a":
            self._enter_link(node, attributes)
        elif tag == "button":  # menus are made of these, too
            self._begin_inline()
            self._in_link = True
        elif tag == "td" or tag == "th":
            self._owner_depth += 1
            self._content_depth += 1
            action = "cell"
        return OTHER, _Frame(
            tag, region, action, piece, chars, link_chars, link, content, owner, header, in_link
        )

    def _enter_block(self, tag: str, attributes: dict[str, str | None]) -> Action:
        action: Action = ""
        if tag == "nav" or (
            ("role" in attributes or "aria-label" in attributes) and is_menu_by_role(attributes)
        ):
            if self._region != FOOTER:  # a footer's links are left out anyway; its legal lines are not
                self._region = NAV
        elif tag == "h1":
            self._seen_h1 = True
        if tag == "form":
            action = "form"
        elif tag == "dialog" or (
            ("role" in attributes or "aria-modal" in attributes) and is_modal(attributes)
        ):
            if "open" not in attributes or is_modal(attributes):
                self._region = SOFT
        elif tag == "footer" or attributes.get("role") == "contentinfo":
            if self._owner_depth == 0 and self._region == MAIN:
                self._region = FOOTER
        elif (tag == "header" or attributes.get("role") == "banner") and self._content_depth == 0:
            self._header_state = 1
        elif tag in CONTAINERS:
            action = self._name_container(tag, attributes)
        if self._header_state and tag in _HEADER_TEXT:
            self._header_state = 2
        if tag in _CONTENT_ANCESTORS:
            self._content_depth += 1
        if tag in _FOOTER_OWNERS:
            self._owner_depth += 1
        return action

    def _name_container(self, tag: str, attributes: dict[str, str | None]) -> Action:
        if attributes:
            kind = kind_of_names(attributes)
            if kind == "footer":
                if self._owner_depth == 0 and self._region == MAIN:
                    return "footer"
            elif kind:
                return kind
        if tag in ("ul", "ol") and not self._seen_h1 and self._content_depth == 0:
            return "list"
        return ""

    def _enter_link(self, node: LexborNode, attributes: dict[str, str | None]) -> None:
        if self._joint == _ENDED:
            self._joint = _JOINT
        href = attributes.get("href")
        if not href:
            return
        if href[0] == "#" and _SKIP_LINK.match(href):
            self._region = NAV
        self._in_link = not href.startswith(("mailto:", "tel:"))
        self._add_link(node, href, attributes, self._region)

    def _add_link(self, node: LexborNode, href: str, attributes: dict[str, str | None], region: int) -> None:
        if len(self._links) >= _MAX_LINKS:
            return
        url = self._base.absolute(href)
        if url is None:
            return
        key = url, link_text(node, attributes)
        if key in self._seen_links:
            return
        self._seen_links.add(key)
        if region == FOOTER:
            self._links.append(Link(*key, "footer"))
        else:
            in_menu = region in (NAV, SOFT) or self._header_state == 1
            self._links.append(Link(*key, "nav" if in_menu else "main"))

    def _leave(self, frame: _Frame) -> None:
        if frame.tag in BLOCKS:
            self._break()
        elif frame.tag in GAPPED:
            self._end_inline()
        if frame.action == "cell":
            self._end_cell(frame)
        elif frame.action:
            self._decide(frame)
        self._region = frame.region
        self._content_depth = frame.content_depth
        self._owner_depth = frame.owner_depth
        self._header_state = frame.header_state
        self._in_link = frame.in_link

    def _decide(self, frame: _Frame) -> None:
        """Set aside what turned out to be a menu, a form or a banner, now that its share of links is known."""
        action = frame.action
        chars = self._chars - frame.chars
        link_chars = self._link_chars - frame.link_chars
        links = len(self._links) - frame.link
        if action == "menu":
            if link_chars >= 0.5 * chars or (links and chars < 60):
                self._set_aside(frame)
        elif action == "list":
            if links >= 4 and link_chars >= 0.85 * chars and chars < 30 * links:
                self._set_aside(frame)
        elif action == "form":
            if chars < 600 and chars < 0.5 * self._chars + 200:
                self._set_aside(frame)
        elif action == "consent":
            if chars < _MAX_CONSENT:
                self._set_aside(frame, NAV)
        elif action == "footer":
            self._footers.append((frame.piece, len(self._pieces)))
            self._mark_links(frame.link, "footer")

    def _set_aside(self, frame: _Frame, kind: int = SOFT) -> None:
        kinds = self._kinds
        for index in range(frame.piece, len(kinds)):
            if kinds[index] == MAIN:
                kinds[index] = kind
        self._mark_links(frame.link, "nav")

    def _mark_links(self, start: int, region: Literal["nav", "footer"]) -> None:
        for index in range(start, len(self._links)):
            self._links[index] = self._links[index]._replace(region=region)

    def _end_cell(self, frame: _Frame) -> None:
        """Close a table cell: a short one becomes one part of its row's line."""
        pieces = self._pieces
        if self._chars - frame.chars <= _CARD_CELL and CELL_MARK not in pieces[frame.piece :]:
            for index in range(frame.piece, len(pieces)):
                if pieces[index] == BREAK_MARK:
                    pieces[index] = " "
        self._put(CELL_MARK, BREAK)

    def _break(self) -> None:
        self._joint = _NO_JOINT
        if self._pieces[-1] != BREAK_MARK:
            self._pieces.append(BREAK_MARK)
            self._kinds.append(BREAK)

    def _begin_inline(self) -> None:
        if self._joint == _ENDED:
            self._joint = _JOINT

    def _end_inline(self) -> None:
        if self._joint == _NO_JOINT:
            self._joint = _ENDED

    def _put(self, piece: str, kind: int) -> None:
        self._pieces.append(piece)
        self._kinds.append(kind)

    def _add_text(self, raw: str) -> None:
        if raw.isprintable() and "  " not in raw:  # its spaces are already as they shall be
            text = raw
            length = len(raw.strip(" "))
        else:
            text = " ".join(raw.split())
            length = len(text)
            if 0 < length < len(raw):
                text = f"{' ' if raw[0].isspace() else ''}{text}{' ' if raw[-1].isspace() else ''}"
        if not length:
            if raw:
                self._joint = _NO_JOINT
                if self._pieces[-1] != BREAK_MARK:
                    self._put(" ", BREAK)
            return
        self._chars += length
        kind = self._region
        if self._in_link:
            self._link_chars += length
            if kind == FOOTER:
                kind = NAV
            elif kind == MAIN and self._header_state:
                kind = SOFT
        elif kind == MAIN and self._header_state == 1:
            kind = SOFT
        if self._joint:
            if self._joint == _JOINT and text[0] != " " and self._needs_gap(length):
                text = " " + text
            self._joint = _NO_JOINT
        self._pieces.append(text)
        self._kinds.append(kind)

    def _needs_gap(self, length: int) -> bool:
        """Return whether two neighbouring elements hold words that a visitor sees apart (stat cards, tags)."""
        return length > 1 and len(self._pieces[-1].strip()) > 1

    def _hide(self, node: LexborNode) -> None:
        """Count an element's hidden text, keep it apart for the injection check, and note its links."""
        for inner in node.traverse(include_text=True):
            if inner.is_text_node:
                parent = inner.parent
                if parent is not None and parent.tag in SKIPPED:
                    continue
                text = " ".join((inner.text_content or "").split())
                if text:
                    self.note_hidden(text)
            elif inner.tag == "a":
                attributes = inner.attributes
                if href := attributes.get("href"):
                    self._add_link(inner, href, attributes, NAV)

    def note_hidden(self, text: str) -> None:
        """Count text that no visitor sees."""
        if self._hidden_chars < _MAX_HIDDEN:
            self._hidden.append(text)
        self._hidden_chars += len(text)

    def finish(self) -> VisibleText:
        """Return the text so far, in lines."""
        pieces, kinds = self._pieces, self._kinds
        mark_footers(pieces, kinds, self._footers)
        self._footers.clear()
        main = lines_of(pieces, kinds, MAIN)
        return VisibleText(
            main=main,
            footer=lines_of(pieces, kinds, FOOTER),
            soft=lines_of(pieces, kinds, SOFT) if len(main) < _LITTLE_MAIN else "",
            hidden="\n".join(self._hidden),
            hidden_count=self._hidden_chars,
            links=tuple(self._links),
        )
