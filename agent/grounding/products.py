"""Find a product in a quote by its name, its other names, or its technical marks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.grounding.names import find_name
from agent.grounding.sentences import Span
from tools.technographics import canonical_product, names_product

_LONGEST_NAME = 4
_NAME = r"[A-Z0-9][\w.+#/-]*(?:\s[A-Z0-9][\w.+#/-]*){0,3}"
_LEADS_TO_A_PRODUCT = re.compile(
    r"(?i:\b(?:us(?:e|es|ed|ing)|(?:runs?|running|run|built|hosted|based|live[sd]?|works?|rel(?:y|ies|ied)|standardi[sz]ed)\s+(?:on|in|with)"
    r"|powered\s+by|leverag(?:e|es|ing)|(?:migrat|mov|switch)\w+\s+(?:\w+\s+){0,3}?(?:from|to)|replac(?:e|es|ed|ing)|adopt(?:s|ed|ing)?|deploy(?:s|ed|ing)?|chose|selected"
    r"|integrat\w+\s+with|connect\w*\s+(?:to|with)|sync\w*\s+with|experience\s+(?:with|in)|knowledge\s+of|evaluat\w+|resell\w*|implement\w*|partner\s+of"
    r"|nutz\w+|verwend\w+|setz\w+\s+auf|arbeit\w+\s+mit|utilis\w+|travaill\w+\s+avec|utiliz\w+|usa(?:mos|n)?|trabaj\w+\s+con|usiamo|lavor\w+\s+con"
    r"|gebruik\w*|werk\w*\s+met)"
    r"(?:\s+(?:the|our|a|an|its|their|mainly|mostly|primarily|both|only|notre|nos|unser\w*|nuestr\w+|il|la|le|el|den|das|die|de|het))*\s+"
    r"|\b(?:crm|erp|stack|tools?|software|system|platform)\s*:\s*)"
    rf"(?:{_NAME}(?:\s*,\s*(?:and\s+|und\s+|et\s+|y\s+)?|\s+(?:and|or|und|et|y|e|en|&)\s+|\s*/\s*)){{0,6}}$"
)
"""What stands right before a product's name in prose, other products of the same list included."""


def find_product(quote: str, product: str, *, structured: bool) -> Span | None:
    """Return where `quote` names `product`, or `None`.

    `structured` quotes (markup, headers, DNS) may name it by a mark such as `js.hs-scripts.com`. In prose
    a product whose name is an ordinary word ("Square", "Base") must be spelled as the catalogue spells it.
    """
    if structured:
        return find_name(quote, (product,)) or (
            Span(0, len(quote)) if names_product(quote, product) else None
        )
    known = canonical_product(product)
    if known is not None and known.trust != "plain":
        found = re.search(rf"(?<![^\W_]){re.escape(known.name)}(?![^\W_])", quote)
        return Span(*found.span()) if found else None
    if known is None:
        return _named_by_use(quote, product)
    if place := find_name(quote, (product,)):
        return place
    for place in word_runs(quote, _LONGEST_NAME):
        named = canonical_product(bare_words(quote, place))
        if named is not None and named.name == known.name:
            return place
    return None


def _named_by_use(quote: str, product: str) -> Span | None:
    """Return where a product that no catalogue knows is named as what somebody works with, or `None`.

    Without a catalogue, any word could be a product. So it must be written as a name, and follow a word of
    use ("we run on Foo", "integrates with Bar and Foo"), or be a label's value ("CRM: Foo").
    """
    if not re.search(r"[^\W\d_]", product) or not re.search(r"[A-Z\d]", product):
        return None
    for found in re.finditer(rf"(?<!\w){re.escape(product)}(?!\w)", quote):
        if _LEADS_TO_A_PRODUCT.search(quote[: found.start()]):
            return Span(*found.span())
    return None


def word_runs(quote: str, most: int) -> Iterator[Span]:
    """Yield every run of up to `most` words of a quote, shortest first."""
    words = [found.span() for found in re.finditer(r"[^\s,;:()\[\]\"“”/|]+", quote)][:400]
    for size in range(1, most + 1):
        for begin in range(len(words) - size + 1):
            yield Span(words[begin][0], words[begin + size - 1][1])


def bare_words(quote: str, place: Span) -> str:
    """Return the words at `place` without possessive and sentence marks; never empty."""
    return re.sub(r"['’]s?$", "", quote[place.start : place.end].strip("!?'’")).rstrip(".") or "-"
