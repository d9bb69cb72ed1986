"""Tell whose section of a page a sentence stands in: "About Northmark" heads a paragraph on Northmark.

Press releases about two companies end with a paragraph on each, in which "the company" is the one in the
heading. Headings are lines of their own, or the bold words a paragraph begins with, in eight languages.
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
from collections.abc import Callable

_REACH = 1_600
"""How many characters a section is taken to go on for; a boilerplate paragraph is shorter."""
_NAME = r"(?P<name>[A-ZÀ-ÖØ-Þ0-9][\w&'’.+-]*(?:[ ](?:[A-ZÀ-ÖØ-Þ0-9&][\w&'’.+-]*|of|de|del|der|van|and|und|et|y)){0,6})"
_HEADS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"[Aa]bout|ABOUT|[Üü]ber|ÜBER|Ueber", frozenset()),
    (r"(?:[ÀAà]|À)[ ]propos[ ](?:des?[ ]|d['’]|du[ ])?|À[ ]PROPOS[ ]DE", frozenset()),
    (r"[Aa]cerca[ ]de|[Ii]nformazioni[ ]su|[Aa][ ]proposito[ ]di|[Cc]hi[ ]è", frozenset()),
    (r"[Ss]obre(?:[ ](?:a|o|la|el))?", frozenset({"es", "pt", "gl"})),
    (r"[Oo]ver|OVER", frozenset({"nl"})),
    (r"Om", frozenset({"sv", "da", "no", "nb", "nn"})),
)
_ABOUT = tuple(
    (
        re.compile(
            rf"^[\s#*•–—-]*(?:{words})\s*{_NAME}[ \u00a0]?(?:[:–—][ ]|[:.]?[ ]*$|[ ]?\((?:[^()\n]{{1,40}})\)[ ]*:?[ ]*$)",
            re.MULTILINE,
        ),
        languages,
    )
    for words, languages in _HEADS
)
_NOBODY = frozenset(
    "us our the this that these you your me my it its company author project role report event programme program team customer client"
    " uns unser unsere unsere die das der dieses diese sie ihr ihren nous notre nos le la les cette ce votre nosotros nuestra nuestro el los las"
    " esta este ons onze het de deze dit noi nostra il lo questa questo nós nossa nosso a o os oss".split()
)
_ENDS = re.compile(
    r"^[\s#*]*(?:(?:(?:press|media|investor)[ ])?contacts?|(?:presse)?kontakt|contacts?[ ]presse|contacto(?:[ ]de[ ]prensa)?|(?:pers)?contact"
    r"|contatti(?:[ ]stampa)?|forward-looking[ ]statements|disclaimer|related(?:[ ]\w+)?|#{2,})\b[^\n]{0,30}$",
    re.IGNORECASE | re.MULTILINE,
)


def whose_section(
    text: str, position: int, language: str | None, is_own: Callable[[str], bool]
) -> str | None:
    """Return the name of another company whose section `position` stands in, or `None`.

    The last heading of the kind before `position` counts, within reach. `is_own` tells the account's names.
    """
    begin = max(0, position - _REACH)
    before = text[begin:position]
    primary = (language or "").split("-")[0].lower()
    last: re.Match[str] | None = None
    for pattern, languages in _ABOUT:
        if languages and primary and primary not in languages:
            continue
        for found in pattern.finditer(before):
            # A heading whose end was cut off by `position` is the sentence itself.
            if last is None or found.start() > last.start():
                last = found
    if last is None or _ENDS.search(before, last.end()):
        return None
    name = last["name"].strip(" .:")
    if name.split()[0].casefold() in _NOBODY or is_own(name):
        return None
    return name
