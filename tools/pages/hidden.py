"""Decide what a visitor cannot see: by attribute, by inline style, and by simple rules of `<style>` blocks.

Precision on both sides matters. Text put where nobody sees it must not become evidence; but tabs,
accordions, responsive variants and fade-in animations hide content that every visitor can reach.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal

_STYLE_BUDGET: Final = 400_000
_MAX_RULES: Final = 600

_ZERO: Final = r"0+(?:\.0*)?(?:px|em|rem|%|pt|vh|vw)?\s*(?:!important)?\s*(?:;|\Z)"
_GONE: Final = re.compile(
    r"(?:^|;)\s*(?:display\s*:\s*none"
    r"|visibility\s*:\s*(?:hidden|collapse)"
    rf"|font-size\s*:\s*(?:{_ZERO}|[01](?:\.\d+)?px|0?\.\d+(?:px|em|rem|%))"
    r"|text-indent\s*:\s*-\d{3,}"
    r"|clip\s*:\s*rect\(\s*(?:0|1px)(?:px)?[\s,]+(?:0|1px)(?:px)?[\s,]+(?:0|1px)(?:px)?[\s,]+(?:0|1px)"
    r"|clip-path\s*:\s*(?:inset\(\s*(?:50|100)%|circle\(\s*0|polygon\(\s*0 0\s*\)))",
    re.I,
)
_TRANSPARENT: Final = re.compile(
    r"(?:^|;)\s*opacity\s*:\s*(?:0+(?:\.0+)?|0?\.0[0-4]\d*)%?\s*(?:!important)?\s*(?:;|\Z)", re.I
)
_ANIMATED: Final = re.compile(r"transform|translate|will-change|transition|animation|filter\s*:", re.I)
_ANIMATION_HOOK: Final = re.compile(
    r"animat|reveal|fade|aos|wow|motion|in-?view|scroll|slide|swiper|carousel|marquee|appear|gsap|lazy|parallax",
    re.I,
)
_OFF_SCREEN: Final = re.compile(
    r"(?:^|;)\s*(?:left|top|right|bottom|margin-left|margin-top)\s*:\s*-\d{4,}", re.I
)
_PUSHED_OUT: Final = re.compile(r"translate(?:x|y|3d)?\(\s*-\d{4,}px", re.I)
# React streams late parts of a page into `<div hidden id="S:0">` and moves them into place at once.
_STREAMED: Final = re.compile(r"S:[0-9a-f]+\Z")
_ZERO_BOX: Final = re.compile(rf"(?:^|;)\s*(?:max-)?(?:width|height)\s*:\s*(?:{_ZERO}|1px)", re.I)
_CLIPPED: Final = re.compile(r"overflow(?:-[xy])?\s*:\s*(?:hidden|clip)", re.I)
_COLOR: Final = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]{1,60})", re.I)
_BACKGROUND: Final = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]{1,60})", re.I)
_SUSPECT: Final = re.compile(
    r"none|hidden|collapse|opacity|font-size|indent|clip|-\d{4}|width|height|color", re.I
)

_SCREEN_READER_ONLY: Final = frozenset(
    [
        "sr-only",
        "visually-hidden",
        "visuallyhidden",
        "screen-reader-text",
        "screenreader-text",
        "show-for-sr",
        "u-visually-hidden",
        "a11y-hidden",
        "element-invisible",
        "hidden-visually",
        "screen-reader-only",
    ]
)
_DISCLOSURE_ROLES: Final = frozenset({"tabpanel", "region"})
_DISCLOSURE_NAME: Final = re.compile(
    r"accord|tab|panel|faq|collaps|toggle|drop|menu|modal|slide|content|answer|mobile|desktop|tablet|phone"
    r"|expand|open|active|show|more|popup|lightbox|step|item|filter|year|month|js|loading|lazy|preload"
    r"|(?:^|[-_])(?:xs|sm|md|lg|xl|xxl)(?:[-_]|$)",
    re.I,
)
_NAMED_COLORS: Final = {
    "white": "#ffffff",
    "black": "#000000",
    "#fff": "#ffffff",
    "#000": "#000000",
    "rgb(255,255,255)": "#ffffff",
    "rgb(0,0,0)": "#000000",
    "rgba(255,255,255,1)": "#ffffff",
}
# Style sheets are large: plain searches for how these declarations are written find the few rules to judge.
_HIDING_DECLARATIONS: Final = tuple(
    f"{name}:{space}{value}"
    for name, value in (
        ("display", "none"),
        ("visibility", "hidden"),
        ("font-size", "0"),
        ("font-size", "1px"),
        ("clip", "rect("),
        ("clip-path", "inset("),
        ("opacity", "0"),
        ("", "-9"),  # text-indent, left, top
    )
    for space in ("", " ")
)
_SIMPLE_SELECTOR: Final = re.compile(r"\s*([.#])([A-Za-z_][\w-]{0,80})\s*\Z")


class HidingRules:
    """Names that a page's own `<style>` blocks hide, judged when an element first carries one."""

    __slots__ = ("_by_names", "_judged", "_sheet", "classes", "ids")

    def __init__(
        self, classes: frozenset[str] = frozenset(), ids: frozenset[str] = frozenset(), sheet: str = ""
    ) -> None:
        self.classes = classes
        self.ids = ids
        self._sheet = sheet
        self._judged: dict[str, bool] = {}
        self._by_names: dict[str, bool] = {}

    def hide(self, names: str, identifier: str) -> bool:
        """Return whether one of the class names, or the id, is hidden and never shown again."""
        if names:
            hidden = self._by_names.get(names)
            if hidden is None:
                hidden = any(self._judge(f".{name}") for name in self.classes.intersection(names.split()))
                self._by_names[names] = hidden
            if hidden:
                return True
        return bool(identifier) and identifier in self.ids and self._judge(f"#{identifier}")

    def _judge(self, selector: str) -> bool:
        verdict = self._judged.get(selector)
        if verdict is None:
            verdict = self._judged[selector] = _used_once(self._sheet, selector)
        return verdict


def read_hiding_rules(styles: Iterable[str]) -> HidingRules:
    """Return the rules that hide one class or id, outside any at-rule.

    A name that occurs in a second rule (it may be shown there), or that belongs to a tab, accordion or
    responsive variant, is left visible.
    """
    sheet = "\n".join(styles)[:_STYLE_BUDGET]
    lowered = sheet.lower()
    hits = sorted(position for needle in _possible(lowered) for position in _positions(lowered, needle))
    if not hits:
        return HidingRules()
    # Comments keep their length, so that positions stay true.
    sheet = re.sub(r"/\*.*?(?:\*/|\Z)", lambda comment: " " * len(comment[0]), sheet, flags=re.S)
    found: dict[str, set[str]] = {".": set(), "#": set()}
    for hit in hits[:_MAX_RULES]:
        opening = sheet.rfind("{", 0, hit)
        if opening < 0 or sheet.rfind("}", opening, hit) >= 0:
            continue
        # A selector directly after "{" is the first of an at-rule: it holds only sometimes.
        before = max(sheet.rfind(mark, max(0, opening - 400), opening) for mark in "{};")
        if before >= 0 and sheet[before] == "{":
            continue
        end = sheet.find("}", hit)
        declarations = sheet[opening + 1 : end if end >= 0 else None][:600]
        if not (_hides(declarations) or _is_still_transparent(declarations)):
            continue
        for selector in sheet[before + 1 : opening].split(","):
            if name := _SIMPLE_SELECTOR.match(selector):
                found[name[1]].add(name[2])
    return HidingRules(frozenset(found["."]), frozenset(found["#"]), sheet)


def _possible(lowered: str) -> Iterable[str]:
    """Return the declarations a sheet may hold: where no space or bracket is used, a third of them."""
    absent = tuple(mark for mark in (": ", "(", "font-size") if mark not in lowered)
    return (needle for needle in _HIDING_DECLARATIONS if not any(mark in needle for mark in absent))


def _positions(text: str, needle: str) -> Iterable[int]:
    position = text.find(needle)
    while position >= 0:
        yield position
        position = text.find(needle, position + 1)


def is_hidden(tag: str, attributes: Mapping[str, str | None], rules: HidingRules) -> bool:
    """Return whether this element, with all it holds, is out of a visitor's sight and reach."""
    if not attributes or tag in ("html", "body", "main"):
        return False
    style = attributes.get("style")
    if style and _style_hides(style, attributes):
        return not _is_disclosure(attributes)
    if "hidden" in attributes and (attributes["hidden"] or "").lower() != "until-found":
        return not (_is_disclosure(attributes) or _STREAMED.match(attributes.get("id") or ""))
    if "aria-hidden" in attributes and (attributes["aria-hidden"] or "").lower() == "true":
        return not _is_disclosure(attributes)
    names = attributes.get("class")
    if names and _is_for_screen_readers(names):
        return True
    if rules.classes or rules.ids:
        return rules.hide(names or "", attributes.get("id") or "")
    return False


@lru_cache(maxsize=16_384)
def _is_for_screen_readers(names: str) -> bool:
    return not _SCREEN_READER_ONLY.isdisjoint(names.split())


def _style_hides(style: str, attributes: Mapping[str, str | None]) -> bool:
    verdict = _judge_style(style[:2000])
    return verdict == "hidden" or (verdict == "transparent" and not _has_animation_hook(attributes))


@lru_cache(maxsize=8192)
def _judge_style(style: str) -> Literal["shown", "hidden", "transparent"]:
    """Judge one style attribute. Builders repeat a few of them thousands of times, hence the cache."""
    if not _SUSPECT.search(style):
        return "shown"
    if _hides(style):
        return "hidden"
    return "transparent" if _is_still_transparent(style) else "shown"


def _is_still_transparent(style: str) -> bool:
    """Return whether opacity is 0 with no sign of an animation that will fade the element in."""
    return _TRANSPARENT.search(style) is not None and _ANIMATED.search(style) is None


def _hides(style: str) -> bool:
    if _GONE.search(style) or _OFF_SCREEN.search(style) or _PUSHED_OUT.search(style):
        return True
    if _ZERO_BOX.search(style) and _CLIPPED.search(style):
        return True
    color = _COLOR.search(style)
    if color is None:
        return False
    background = _BACKGROUND.search(style)
    if background is None:
        return _plain(color[1]) == "transparent" and "background" not in style.lower()
    return _plain(color[1]) == _plain(background[1]) != "transparent"


def _plain(color: str) -> str:
    value = re.sub(r"\s+", "", color.lower())
    return _NAMED_COLORS.get(value, value)


def _is_disclosure(attributes: Mapping[str, str | None]) -> bool:
    """Return whether the element is the body of a tab or an accordion: hidden until a visitor opens it."""
    role = (attributes.get("role") or "").lower()
    return role == "tabpanel" or (role in _DISCLOSURE_ROLES and bool(attributes.get("aria-labelledby")))


def _has_animation_hook(attributes: Mapping[str, str | None]) -> bool:
    return any(
        name.startswith(("data-w-id", "data-aos", "data-framer", "data-scroll", "data-anim", "data-gsap"))
        or (name == "class" and value is not None and _ANIMATION_HOOK.search(value))
        for name, value in attributes.items()
    )


def _used_once(sheet: str, selector: str) -> bool:
    if _DISCLOSURE_NAME.search(selector) or _ANIMATION_HOOK.search(selector):
        return False
    uses = 0
    position = sheet.find(selector)
    while position >= 0:
        following = sheet[position + len(selector) : position + len(selector) + 1]
        if not (following.isalnum() or following in ("-", "_")):
            uses += 1
            if uses > 1:
                return False
        position = sheet.find(selector, position + 1)
    return uses == 1
