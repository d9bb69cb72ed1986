"""What a run may ask of firmographic providers that cost money, and what it has asked."""

from __future__ import annotations

from dataclasses import dataclass

MOST_QUESTIONS = 100


@dataclass
class ProviderBudget:
    """A run's limits for paid questions; all accounts of a batch share one.

    `price_usd` is what one answer costs the user; `None` is unknown, and then no limit in dollars can be
    kept, so with one nothing is asked. A question without a matching company is free, and so is an answer
    that was kept from before. A question is taken before it is put, and settled after.
    """

    most_questions: int = MOST_QUESTIONS
    price_usd: float | None = None
    max_cost_usd: float | None = None
    questions: int = 0
    cost_usd: float | None = 0.0
    _under_way: int = 0

    def refusal(self, model_cost_usd: float | None) -> str | None:
        """Return why nothing may be asked, or `None` when it may; the model's cost counts against the limit."""
        if self.questions >= self.most_questions:
            return f"the limit of {self.most_questions:,} questions a run is reached (DOSSIER_PDL_REQUESTS)"
        if self.max_cost_usd is None:
            return None
        if self.price_usd is None:
            return "its price is not known, so --max-cost cannot be kept; set DOSSIER_PDL_PRICE"
        spent = self.spent_usd(model_cost_usd)
        if spent is None or spent + (self._under_way + 1) * self.price_usd > self.max_cost_usd + 1e-9:
            return f"the limit of {self.max_cost_usd:g} US dollars is reached (--max-cost)"
        return None

    def spent_usd(self, model_cost_usd: float | None) -> float | None:
        """Return what the run has spent, `None` when that is not known. `model_cost_usd` is this account's."""
        if self.cost_usd is None or model_cost_usd is None:
            return None
        return self.cost_usd + model_cost_usd

    def take(self) -> None:
        """Count a question as put."""
        self.questions += 1
        self._under_way += 1

    def settle(self, domain: str, question: str, *, answered: bool, kept: bool) -> float | None:
        """Note how a question ended and return what it cost; `None` is unknown.

        `answered` says that a company came back; `kept`, that it came from an earlier fetch.
        """
        self._under_way -= 1
        if kept:
            self.questions -= 1
        cost = self.price_usd if answered and not kept else 0.0
        self.cost_usd = None if cost is None or self.cost_usd is None else self.cost_usd + cost
        return cost
