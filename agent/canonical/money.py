"""Money as press releases write it: "$45M", "€30m", "USD 12 million", "12 Mio. €", "£1.2bn"."""

# ruff: noqa: SIM905 (word lists read better as words)

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from agent.canonical.numbers import DIGITS, MAGNITUDE, scale, to_int

_SYMBOLS: dict[str, str] = {
    "US$": "USD", "U.S.$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD", "NZ$": "NZD",
    "S$": "SGD", "HK$": "HKD", "R$": "BRL", "MX$": "MXN", "$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY",
    "₹": "INR", "₩": "KRW", "₪": "ILS", "₽": "RUB", "₺": "TRY", "₴": "UAH",
}  # fmt: skip
_CODES = (
    "USD EUR GBP CHF JPY CNY INR AUD CAD NZD SGD HKD BRL MXN SEK NOK DKK PLN CZK HUF RON ILS KRW ZAR AED SAR "
    "TRY TWD THB IDR MYR PHP VND CLP COP ARS UAH NGN KES EGP"
).split()
_WORDS: dict[str, str] = {
    "euros": "EUR", "euro": "EUR", "us dollars": "USD", "u.s. dollars": "USD", "dollars": "USD",
    "us-dollar": "USD", "dollar": "USD", "dólares": "USD", "dollari": "USD",
    "pounds": "GBP", "franken": "CHF", "swiss francs": "CHF", "rupees": "INR", "yen": "JPY",
    "kronor": "SEK", "reais": "BRL",
}  # fmt: skip


def _any_of(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_BEFORE = rf"(?:(?<![A-Za-z$])(?:{_any_of(list(_SYMBOLS))})|\b(?:{_any_of(_CODES)})(?![A-Za-z])\$?)"
_AFTER = rf"(?:[€£$](?![0-9])|(?:{_any_of(_CODES)})\b|(?:(?i:{_any_of(list(_WORDS))}))\b)"
_GAP = "[ \u00a0\u202f]?"
MONEY = re.compile(
    rf"(?P<before>{_BEFORE}){_GAP}(?P<digits>{DIGITS})(?:[ \u00a0\u202f-]?(?P<magnitude>(?i:{MAGNITUDE})))?"
    rf"|(?<![\w.,])(?P<digits2>{DIGITS})(?:[ \u00a0\u202f-]?(?P<magnitude2>(?i:{MAGNITUDE})))?"
    rf"(?:{_GAP}|-|\x20de\x20|\x20d['’])(?P<after>{_AFTER})"
)


class MoneyMention(NamedTuple):
    """An amount found in a text: characters `start` to `end`, whole units, ISO 4217 currency."""

    start: int
    end: int
    amount: int
    currency: str


def find_money(text: str) -> Iterator[MoneyMention]:
    """Yield every amount of money in `text`, in order; a bare dollar sign is read as USD."""
    for match in MONEY.finditer(text):
        before, after = match["before"], match["after"]
        digits = match["digits"] or match["digits2"]
        magnitude = match["magnitude"] or match["magnitude2"]
        if before and not magnitude and _is_plural_range(text, match.end()):
            continue
        value = scale(digits, magnitude)
        amount = None if value is None else to_int(value.to_integral_value())
        currency = _currency(before or after or "")
        if amount is not None and currency is not None:
            yield MoneyMention(match.start(), match.end(), amount, currency)


def parse_money(text: str) -> MoneyMention | None:
    """Return the amount `text` consists of, or `None`."""
    stripped = text.strip()[:80]
    mention = next(find_money(stripped), None)
    return mention if mention and (mention.start, mention.end) == (0, len(stripped)) else None


def _is_plural_range(text: str, end: int) -> bool:
    """Tell "$10-20 million": its first number borrows the magnitude of the second."""
    return (
        re.match(
            r"[ ]?[-–—][ ]?[$€£]?[0-9.,]{1,9}[ ]?(?i:m|b|bn|k|mio|million|billion)", text[end : end + 24]
        )
        is not None
    )


def _currency(mark: str) -> str | None:
    if mark in _SYMBOLS:
        return _SYMBOLS[mark]
    if mark.rstrip("$") in _CODES:
        return mark.rstrip("$")
    return _WORDS.get(mark.casefold())
