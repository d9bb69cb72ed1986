"""What ties a registry entry to the account: its website, or its exact legal name."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tools.documents import Account
from tools.names import LEGAL_FORMS, name_words

_LOCALE_PATH = re.compile(
    r"/?(?:[a-z]{2,3}(?:[-_][a-z]{2,4})?)?/?(?:home|index(?:\.\w{2,5})?|global|worldwide)?/?", re.I
)


def host_of(url: str) -> str:
    """Return the lower-case host of a URL, or `""` where there is none."""
    try:
        return (urlsplit(url if "//" in url else f"//{url}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def speaks_for(account: Account, url: str) -> bool:
    """Tell whether `url` lies on one of the account's own domains."""
    host = host_of(url)
    return any(host == domain or host.endswith(f".{domain}") for domain in account.domains if domain)


def is_home_of(account: Account, url: str) -> bool:
    """Tell whether `url` is the front page of the account's own domain, whatever its language.

    A deeper path (`example.com/some-project`) is somebody or something under that roof, not the company.
    """
    if not speaks_for(account, url):
        return False
    host = host_of(url)
    plain = any(host in (domain, f"www.{domain}") for domain in account.domains)
    # A language may stand where `www` stands; any other subdomain is a product or a project.
    local = re.fullmatch(
        r"[a-z]{2}(?:-[a-z]{2})?|global|about|corporate|investors?|ir|group", host.split(".")[0]
    )
    try:
        path = urlsplit(url if "//" in url else f"//{url}").path
    except ValueError:
        return False
    return (plain or local is not None) and _LOCALE_PATH.fullmatch(path) is not None


def has_legal_form(name: str) -> bool:
    """Tell whether a name carries its legal form (`Example Freight GmbH`), so that it names one entity."""
    words = name_words(name)
    return len(words) > 1 and words[-1] in LEGAL_FORMS


def same_legal_name(left: str, right: str) -> bool:
    """Tell whether two names are the same legal name, their legal form included."""
    return has_legal_form(left) and _canonical(left) == _canonical(right)


def _canonical(name: str) -> tuple[str, ...]:
    same = {"incorporated": "inc", "corporation": "corp", "limited": "ltd", "company": "co"}
    return tuple(same.get(word, word) for word in name_words(name))


def legal_names(account: Account) -> tuple[str, ...]:
    """Return the account's names that carry a legal form, in their order."""
    return tuple(name for name in account.names if has_legal_form(name))
