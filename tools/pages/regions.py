"""Recognise menus, footers, consent banners and pop-ups by role, class and id."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final, Literal

RegionKind = Literal["", "menu", "consent", "footer"]

_MENU_ROLES: Final = frozenset(["navigation", "menubar", "menu", "search", "toolbar", "tree", "listbox"])

# A word of a class list in any of its spellings: nav, main-nav, mainNav, Nav_root, nav__list.
_MENU_WORD: Final = re.compile(
    r"(?:^|[\s_\-]|(?<=[a-z]))"
    r"(?:nav|Nav|navs|navbar|Navbar|NavBar|navigation|Navigation|menu|Menu|menus|submenu|megamenu|MegaMenu|"
    r"mega-menu|breadcrumb|Breadcrumb|breadcrumbs|Breadcrumbs|topbar|TopBar|offcanvas|off-canvas|skip-link|"
    r"skiplink|skip-to|pagination|Pagination|pager|language-switcher|lang-switcher|language-selector|"
    r"languageSelector|LanguageSwitcher|country-selector|sidenav|SideNav|toc|share-links|social-links|"
    r"SocialLinks|sharing|social-share)"
    r"(?=$|[\s_\-]|[A-Z0-9])"
)
_CONSENT: Final = re.compile(
    r"cookie|consent|gdpr|onetrust|cybot|usercentrics|didomi|truste|osano|iubenda|cc-window|ccm-|privacy-banner",
    re.I,
)
_NO_BANNER: Final = re.compile(
    r"(?:cookie|privacy)[-_]?(?:policy|page|content|table|declaration)|consent-?form", re.I
)
_FOOTER_WORD: Final = re.compile(
    r"(?:^|\s)(?:(?:site|page|global|main|app|web|layout|section|sc|l|c|o|g|wp-block|elementor-location|the|block|"
    r"framer|w|master|big|new|home|fat)[-_]{0,2})?(?:footer|colophon|Footer)(?:$|\s|[-_]|[A-Z0-9])"
)


def is_menu_by_role(attributes: Mapping[str, str | None]) -> bool:
    """Return whether ARIA says that the element is navigation, a menu or a search."""
    role = attributes.get("role")
    if role and role.lower() in _MENU_ROLES:
        return True
    label = attributes.get("aria-label")
    return bool(label) and (label or "").lower().startswith(("breadcrumb", "main menu", "skip"))


def is_modal(attributes: Mapping[str, str | None]) -> bool:
    """Return whether the element is a pop-up over the page."""
    role = (attributes.get("role") or "").lower()
    return role in ("dialog", "alertdialog") or (attributes.get("aria-modal") or "").lower() == "true"


def kind_of_names(attributes: Mapping[str, str | None]) -> RegionKind:
    """Return what an element's class list and id speak of: its menu, consent banner or page footer, or "".

    A hint only: for a menu the share of links decides, for a footer its place on the page.
    """
    names = attributes.get("class") or ""
    if identifier := attributes.get("id"):
        names = f"{names} {identifier}"
    return _kind_of_names(names) if names else ""


@lru_cache(maxsize=16_384)
def _kind_of_names(names: str) -> RegionKind:
    found: RegionKind = ""
    for word in names.split():
        kind = _kind_of_word(word)
        if kind == "consent":
            return kind
        if kind and found != "menu":
            found = kind
    return found


@lru_cache(maxsize=65_536)
def _kind_of_word(word: str) -> RegionKind:
    """Judge one class name. Pages repeat a few hundred of them thousands of times, hence the cache."""
    if len(word) > 120:
        return ""
    if _CONSENT.search(word) and not _NO_BANNER.search(word):
        return "consent"
    if _MENU_WORD.search(word):
        return "menu"
    return "footer" if _FOOTER_WORD.search(word) else ""
