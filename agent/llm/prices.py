"""What a model costs. Small and dated; a model that is not here costs *unknown*, never a guess."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import urlsplit

from agent.llm.api import Usage

PRICES_AS_OF = "2026-11"
"""When every list price below (standard tier, short context) was last compared with copies of the vendor's list.

Left out, because an unknown price is said and a wrong one is not: models whose copies disagree, and the GPT-5.6
family, which also charges for writing to its cache, of which an answer's usage says nothing.
"""


class Price(NamedTuple):
    """US dollars per million tokens."""

    input: float
    cached_input: float
    output: float


_OPENAI = {
    "gpt-4o": Price(2.50, 1.25, 10.00),
    "gpt-4o-mini": Price(0.15, 0.075, 0.60),
    "gpt-4.1": Price(2.00, 0.50, 8.00),
    "gpt-4.1-mini": Price(0.40, 0.10, 1.60),
    "gpt-4.1-nano": Price(0.10, 0.025, 0.40),
    "gpt-5": Price(1.25, 0.125, 10.00),
    "gpt-5-mini": Price(0.25, 0.025, 2.00),
    "gpt-5-nano": Price(0.05, 0.005, 0.40),
    "gpt-5.1": Price(1.25, 0.125, 10.00),
    "gpt-5.2": Price(1.75, 0.175, 14.00),
    "gpt-5.4": Price(2.50, 0.25, 15.00),
    "gpt-5.4-mini": Price(0.75, 0.075, 4.50),
    "gpt-5.4-nano": Price(0.20, 0.02, 1.25),
    "gpt-5.5": Price(5.00, 0.50, 30.00),
}
FREE = Price(0.0, 0.0, 0.0)
"""The price of a model on this machine."""


PriceOf = Callable[[str, str], Price | None]
"""Tells the price of a model at an endpoint, or `None`."""


def price_of(model: str, base_url: str) -> Price | None:
    """Return the price of `model` at an endpoint, or `None` when it is not known.

    Prices are the vendor's own: the same name at another host may cost anything. A loopback server is free.
    """
    host = (urlsplit(base_url).hostname or "").lower()
    if host in ("localhost", "::1") or host.startswith("127."):
        return FREE
    return _OPENAI.get(model) if host == "api.openai.com" else None


def half_price(price: Price | None) -> Price | None:
    """Return what the Batch API costs: half of everything."""
    return Price(price.input / 2, price.cached_input / 2, price.output / 2) if price is not None else None


def cost_of(usage: Usage, price: Price | None) -> float | None:
    """Return the cost in US dollars of some usage, or `None` when the price is not known."""
    if price is None:
        return None
    fresh = max(0, usage.input_tokens - usage.cached_input_tokens)
    total = (
        fresh * price.input
        + usage.cached_input_tokens * price.cached_input
        + usage.output_tokens * price.output
    )
    return round(total / 1_000_000, 6)
