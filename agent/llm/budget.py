"""How much one account may ask of a model, and what it has asked so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from agent.llm.api import Completion, Message, Usage
from agent.llm.prices import Price, cost_of

MAX_CALLS = 5
MAX_INPUT_TOKENS = 40_000


@dataclass
class Budget:
    """One account's limits. A call is reserved before it is made, at its estimate, and settled after.

    `max_cost_usd` can only be kept when the price is known; with an unknown price no call is allowed.
    """

    max_calls: int = MAX_CALLS
    max_input_tokens: int = MAX_INPUT_TOKENS
    max_cost_usd: float | None = None
    price: Price | None = None
    calls: int = 0
    usage: Usage = field(default_factory=Usage)
    cost_usd: float | None = 0.0
    _reserved: int = 0

    def refusal(self, input_tokens: int, output_tokens: int) -> str | None:
        """Return why a call of this size is not allowed, or `None` when it is."""
        if self.calls >= self.max_calls:
            return f"{self.max_calls} model calls are used up"
        if self.usage.input_tokens + self._reserved + input_tokens > self.max_input_tokens:
            return f"{self.max_input_tokens} input tokens are used up"
        if self.max_cost_usd is not None:
            if self.price is None or self.cost_usd is None:
                return "the model's price is not known, so a cost limit cannot be kept"
            ahead = cost_of(
                Usage(input_tokens=self._reserved + input_tokens, output_tokens=output_tokens), self.price
            )
            if ahead is not None and self.cost_usd + ahead > self.max_cost_usd:
                return f"the cost limit of {self.max_cost_usd:g} USD is reached"
        return None

    def reserve(self, input_tokens: int) -> None:
        """Count a call as made, at its estimated size."""
        self.calls += 1
        self._reserved += input_tokens

    def settle(self, reserved: int, completion: Completion) -> None:
        """Replace a reservation by what the call really took."""
        self._reserved -= reserved
        self.calls += completion.calls - 1
        self.usage = self.usage + completion.usage
        if completion.cost_usd is None or self.cost_usd is None:
            self.cost_usd = None
        else:
            self.cost_usd = round(self.cost_usd + completion.cost_usd, 6)


def estimate_tokens(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few."""
    ascii_characters = len(text) if text.isascii() else len(text.encode("ascii", "ignore"))
    return ascii_characters // 3 + (len(text) - ascii_characters) + 4


def estimate_messages(messages: tuple[Message, ...]) -> int:
    """Return about how many input tokens a prompt has."""
    return sum(estimate_tokens(message.content) + 8 for message in messages)
