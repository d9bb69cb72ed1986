"""Tell whether a board or a posting belongs to the account, by the names it and the site use."""

from __future__ import annotations

from tools.documents import Account
from tools.domains import registrable
from tools.names import core, may_be_named

_SEARCHED = 20_000


def another_company(
    stated: str | None, website: str | None, account: Account, site_text: str = ""
) -> str | None:
    """Return why a stated employer is unmistakably not the account, or `None` when it may be.

    A board on the account's own website ties. Without any name of the site to compare with, no name is
    unmistakably another's; see `tools.names.may_be_named` for what a name must share otherwise.
    """
    domain = registrable(website) if website else None
    if (domain and domain in account.domains) or not stated or not core(stated):
        return None
    if not any(core(name) for name in account.names):
        return None
    labels = [known.split(".")[0] for known in account.domains]
    if may_be_named(stated, account.names, labels, site_text[-_SEARCHED:]):
        return None
    return f"names {stated!r} as the employer, which is none of this site's names"
