"""Compare company names: one folding of letters and one list of legal forms for every source that does.

What a name must share with the account's differs by source, because what already ties it does: a register's
entry needs the whole legal name (`tools.registries.tie`), a board linked from the site's careers page only
must not be unmistakably another's (`another_name`).
"""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

LEGAL_FORMS: Final = frozenset(
    (
        "inc incorporated corp corporation co company llc llp lp ltd limited plc pte pty pvt bhd "
        "gmbh ag se kg kgaa ug ohg sa sas sarl sasu srl spa sl slu bv nv ab as asa aps oy oyj kk gk "
        "kft zrt sro doo ooo oo ood ad lda ltda eireli ehf hf sia uab ou mbh ev ek limitada "
    ).split()
)
"""Words that state what kind of legal entity a name belongs to."""
BUSINESS_WORDS: Final = frozenset(
    (
        "group holding holdings the and of careers career jobs technologies technology software labs solutions services "
        "international global systems digital consulting partners usa uk eu"
    ).split()
)
"""Words that many names share and that tell no company from another."""


def squash(text: str) -> str:
    """Return letters and digits only, case and accents folded."""
    folded = text
    for _ in range(2):  # as Unicode compares without case: what is taken apart may be a capital letter again
        folded = unicodedata.normalize("NFKD", folded.casefold())
    return "".join(character for character in folded if character.isalnum())


def name_words(name: str, most: int = 300) -> tuple[str, ...]:
    """Return the words of a name: case, accents and punctuation folded, dotted initials joined."""
    folded = unicodedata.normalize("NFKD", name[:most]).casefold()
    folded = "".join(char for char in folded if not unicodedata.combining(char))
    folded = re.sub(r"(?<=\b\w)\.(?=\w\b)", "", folded)
    folded = re.sub(r"\bs\.?\s?r\.?\s?o\b\.?", "sro", folded)
    return tuple(re.findall(r"\w+", folded.replace("&", " and ")))


def core(name: str) -> str:
    """Return a name squashed, without legal forms and common business words unless there is nothing else."""
    words = name_words(name)
    return "".join(word for word in words if word not in LEGAL_FORMS | BUSINESS_WORDS) or "".join(words)


def telling_words(name: str) -> set[str]:
    """Return the words of a name that can tell its company from another."""
    return {word for word in name_words(name) if len(word) >= 3} - LEGAL_FORMS - BUSINESS_WORDS


def same_core(left: str, right: str) -> bool:
    """Tell whether one squashed name is the other, or stands within it and is long enough to mean something."""
    shorter, longer = sorted((left, right), key=len)
    return (
        shorter == longer
        or (len(shorter) >= 4 and shorter in longer)
        or (len(shorter) == 3 and longer.startswith(shorter))
    )


def may_be_named(stated: str, names: Iterable[str], labels: Iterable[str], text: str = "") -> bool:
    """Tell whether a stated name may be that of a company with these `names` and domain `labels`.

    It may when it shares a telling word with one, contains or is contained in one, is a label's initials, or
    its first words stand in `text` (a legal name in the site's footer).
    """
    known, marks = list(names), [squash(label) for label in labels]
    name = core(stated)
    if any(same_core(name, other) for other in (*marks, *(core(other) for other in known))):
        return True
    words = telling_words(stated)
    if words & {word for other in known for word in telling_words(other)}:
        return True
    if any(len(word) >= 4 and word in mark for word in words for mark in marks):
        return True
    initials = "".join(word[0] for word in name_words(stated))
    if len(initials) >= 2 and initials in marks:
        return True
    first = " ".join(name_words(stated)[:2])
    return len(first) >= 5 and first in " ".join(name_words(text, len(text)))
