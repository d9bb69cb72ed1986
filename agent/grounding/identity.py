"""Under which words the account appears in its texts, and whether a name is one of them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from agent.models import Account

_I = re.IGNORECASE
_LEGAL = re.compile(
    r"[\s,]+(?:inc|incorporated|llc|l\.l\.c|ltd|limited|corp|corporation|co|company|plc|gmbh|ag|se|kg|ug|sarl|sas|s\.a\.s|"
    r"sa|s\.a|srl|s\.r\.l|spa|s\.p\.a|bv|b\.v|nv|n\.v|ab|as|oy|oyj|a/s|aps|pty|pte|pvt|kk|k\.k|sp\.?\s*z\s*o\.?\s*o|sl|s\.l)\.?$",
    _I,
)


@dataclass(frozen=True, slots=True)
class Identity:
    """Under which words the account appears in its texts."""

    names: tuple[str, ...]
    labels: tuple[str, ...]

    @staticmethod
    @lru_cache(maxsize=256)
    def of(account: Account) -> Identity:
        """Return the account's names without legal forms, and its domains' first labels."""
        names = [account.name or "", *account.names]
        for name in list(names):
            names.append(_LEGAL.sub("", name.strip()).strip())
        labels = {domain.split(".")[0] for domain in account.domains}
        kept = dict.fromkeys(name.strip() for name in names if len(name.strip()) >= 2)
        return Identity(tuple(kept), tuple(sorted(labels | account.domains)))

    def is_named(self, name: str) -> bool:
        """Say whether `name` is the account's: equal up to case, legal form, spaces and marks."""
        bare = bare_letters(_LEGAL.sub("", re.sub(r"['’]s?$", "", name.strip())))
        if not bare:
            return False
        known = {bare_letters(each) for each in (*self.names, *self.labels)}
        return bare in known or any(len(each) >= 4 and bare.startswith(each) for each in known)

    def is_exactly(self, name: str) -> bool:
        """Say whether `name` is the account's and nothing more: "Acme Marine" is not Acme."""
        bare = bare_letters(_LEGAL.sub("", name.strip()))
        return bool(bare) and bare in {bare_letters(each) for each in (*self.names, *self.labels)}

    def is_mentioned(self, text: str) -> bool:
        """Say whether `text` names the account, written as a name (with a capital, or as its domain)."""
        for name in (*self.names, *self.labels):
            for written in _written(name, text):
                if written == name or any(char.isupper() for char in written) or "." in written:
                    if written in self.labels and written.islower() and "." not in written:
                        continue  # "render" as a verb is not Render
                    return True
        long_names = [bare for bare in map(bare_letters, self.names) if len(bare) >= 6]
        return bool(long_names) and any(bare in bare_letters(text) for bare in long_names)


def _written(name: str, text: str) -> Iterator[str]:
    """Yield how a name is written wherever it stands alone in a text, in any case."""
    if not name or not (name.isascii() and text.isascii()):
        yield from (found.group() for found in _standing_alone(name).finditer(text))
        return
    lowered, wanted = text.lower(), name.lower()  # making a pattern for each account's names takes longer
    place = lowered.find(wanted)
    while place >= 0:
        end = place + len(wanted)
        alone = not (_in_a_word(lowered[place - 1 : place]) or _in_a_word(lowered[end : end + 1]))
        if alone:
            yield text[place:end]
        place = lowered.find(wanted, end if alone else place + 1)


def _in_a_word(sign: str) -> bool:
    return sign.isalnum() or sign == "_"


@lru_cache(maxsize=1_024)
def _standing_alone(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", _I)


@lru_cache(maxsize=1_024)  # several rules ask about one sentence
def bare_letters(text: str) -> str:
    """Return the letters and digits of a text, without case or accents, by which names are compared."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(filter(str.isalnum, folded))


def names_another(subject: str | None, identity: Identity) -> bool:
    """Say whether a claim's own `subject` names somebody other than the account."""
    if subject is None or not subject.strip():
        return False
    plain = subject.strip().casefold().removeprefix("the ")
    if plain in {
        "account",
        "company",
        "we",
        "us",
        "our",
        "our company",
        "this company",
        "firm",
        "self",
        "null",
        "none",
    }:
        return False
    return not identity.is_named(subject)
