"""Tell whether a board or a posting belongs to the account, by the names it and the site use."""

from __future__ import annotations

import re
import unicodedata

from tools.documents import Account
from tools.domains import registrable

_LEGAL = frozenset(
    (
        "inc", "incorporated", "llc", "ltd", "limited", "plc", "corp", "corporation", "co", "company", "gmbh", "ag",
        "se", "kg", "ug", "mbh", "sa", "sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as", "aps", "oy", "oyj",
        "pty", "pte", "kk", "sl", "lda", "ltda", "sro", "zoo", "doo", "group", "holding", "holdings", "the", "and",
        "of", "careers", "career", "jobs", "technologies", "technology", "software", "labs", "solutions",
        "services", "international", "global", "systems", "digital", "consulting", "partners", "usa", "uk", "eu",
    )
)  # fmt: skip


def another_company(
    stated: str | None, website: str | None, account: Account, site_text: str = ""
) -> str | None:
    """Return why a stated employer is unmistakably not the account, or `None` when it may be.

    A name ties when it shares a telling word with the site's own names or the domain, contains or is
    contained in one, is their initials, or stands in `site_text` (a legal name in the site's footer).
    Without any name of the site to compare with, no name is unmistakably another's.
    """
    domain = registrable(website) if website else None
    if domain and domain in account.domains:
        return None
    if not stated:
        return None
    name = _squash(stated)
    labels = [_squash(known.split(".")[0]) for known in account.domains]
    names = [_squash(known) for known in account.names]
    if not name or not any(names):
        return None
    if any(_overlap(name, other) for other in (*labels, *names)):
        return None
    own_words = {word for known in account.names for word in _words(known)}
    words = _words(stated)
    if words & own_words or any(len(word) >= 4 and word in label for word in words for label in labels):
        return None
    initials = "".join(word[0] for word in _split(stated))
    if len(initials) >= 2 and initials in labels:
        return None
    core = " ".join(_split(stated)[:2])
    if len(core) >= 5 and core in " ".join(_split(site_text[-20_000:])):
        return None
    return f"names {stated!r} as the employer, which is none of this site's names"


def _overlap(name: str, other: str) -> bool:
    shorter, longer = sorted((name, other), key=len)
    return (
        shorter == longer
        or (len(shorter) >= 4 and shorter in longer)
        or (len(shorter) == 3 and longer.startswith(shorter))
    )


def _split(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"\w+", plain.replace("'", "").replace("’", ""))


def _words(text: str) -> set[str]:
    return {word for word in _split(text) if len(word) >= 3 and word not in _LEGAL}


def _squash(text: str) -> str:
    words = _split(text)
    kept = [word for word in words if word not in _LEGAL]
    return "".join(kept or words)
