"""What a run will cost, before it starts: pages, calls, tokens, money, and what the figures rest on."""

from __future__ import annotations

from typing import NamedTuple

from agent.llm.api import Usage
from agent.llm.budget import MAX_CALLS, MAX_INPUT_TOKENS
from agent.llm.prices import PRICES_AS_OF, Price, cost_of, half_price
from agent.report.view import counted
from agent.store.ledger import Ledger

_OUTPUT_TOKENS_A_CALL = 700
_PAGES_BESIDE_THE_SITE = 8
"""Boards, feeds, registries and look-ups of a usual account."""
_ENOUGH_HISTORY = 20


class Estimate(NamedTuple):
    """A forecast for the accounts that are left. `cost_usd` is `None` when the model's price is not known."""

    accounts: int
    pages: int
    calls: int
    input_tokens: int
    output_tokens: int
    cost_usd: float | None
    basis: str

    def describe(self, model: str | None) -> str:
        """Return the forecast as one line."""
        line = f"{counted(self.accounts, 'account')} to do: about {self.pages:,} pages"
        if model is None:
            return f"{line}, no model calls ({self.basis})"
        money = "cost unknown (no price known for this model)"
        if self.cost_usd is not None:
            money = "free (a model on this machine)" if self.cost_usd == 0 else f"about ${self.cost_usd:,.2f}"
        return (
            f"{line}, {self.calls:,} calls of {model}, {self.input_tokens:,} tokens in and "
            f"{self.output_tokens:,} out, {money} ({self.basis})"
        )


def estimate(
    ledger: Ledger,
    *,
    accounts: int,
    max_pages: int,
    model: str | None,
    price: Price | None,
    batched: bool = False,
) -> Estimate:
    """Return the forecast: from what finished accounts of this store took, else from the limits."""
    history = ledger.usual_account()
    if history.accounts >= _ENOUGH_HISTORY and (model is None or history.calls > 0):
        basis = f"as the last {history.accounts:,} accounts of this store took"
        pages, calls = history.documents, history.calls
        tokens_in, tokens_out = history.input_tokens, history.output_tokens
    else:
        basis = "at most: the limits of every account"
        pages, calls = float(max_pages + _PAGES_BESIDE_THE_SITE), float(MAX_CALLS)
        tokens_in, tokens_out = float(MAX_INPUT_TOKENS), float(MAX_CALLS * _OUTPUT_TOKENS_A_CALL)
    if model is None:
        calls = tokens_in = tokens_out = 0.0
    usage = Usage(input_tokens=round(accounts * tokens_in), output_tokens=round(accounts * tokens_out))
    if price is not None and (price.input or price.output):
        basis += f"; list prices as of {PRICES_AS_OF}"
    if batched:
        basis += "; at half price, through the Batch API, which answers within 24 hours"
        price = half_price(price)
    return Estimate(
        accounts,
        round(accounts * pages),
        round(accounts * calls),
        usage.input_tokens,
        usage.output_tokens,
        cost_of(usage, price) if model is not None else 0.0,
        basis,
    )
