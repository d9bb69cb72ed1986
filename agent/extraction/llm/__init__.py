"""Extraction by a model: untrusted claims about what rules left open."""

from agent.extraction.llm.convert import Question
from agent.extraction.llm.extract import PROMPT, ExtractionOutcome, LLMSession, extract_with_llm

__all__ = ["PROMPT", "ExtractionOutcome", "LLMSession", "Question", "extract_with_llm"]
