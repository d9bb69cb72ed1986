"""A model for one account's run: the seam, the model's name, and what may still be spent."""

from __future__ import annotations

from dataclasses import dataclass

from agent.llm.api import LLM
from agent.llm.budget import Budget
from prompts import load_prompt

EXTRACTION_PROMPT = "extract/v2"
BRIEF_PROMPT = "brief/v1"
TOKENS_BESIDE_A_BRIEF = 7_000
"""Page text of one call where the brief takes the fifth: four such show about what five of 6,000 do."""
BRIEF_TOKENS = 6_000
"""What is kept of an account's input tokens for its brief."""


@dataclass
class LLMSession:
    """Everything extraction needs of a model.

    `tokens_a_call` bounds the page text of one call and `output_tokens` its answer; a small local context
    needs less of both. With a `brief_prompt` the last of the budget's calls is kept for the account brief.
    """

    llm: LLM
    model: str
    budget: Budget
    tokens_a_call: int = 6_000
    output_tokens: int = 2_000
    prompt: str = EXTRACTION_PROMPT
    side_by_side: bool = False
    """Whether calls do not wait for one another, as requests that go out in one batch."""
    brief_prompt: str | None = None
    """The prompt of the brief; `None` leaves the brief to the template."""
    writes_brief: bool = True
    """Whether the brief's call is made; in a replay its call is kept, as it was, but not always made."""

    @property
    def prompt_id(self) -> str:
        """Return the id of the extraction prompt."""
        return load_prompt(self.prompt).id

    @property
    def extractor(self) -> str:
        """Return how claims of this session are signed."""
        return f"llm:{self.model}:{self.prompt_id}"
