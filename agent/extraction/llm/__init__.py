"""Extraction by a model: untrusted claims about what rules left open."""

from agent.extraction.llm.convert import Question
from agent.extraction.llm.extract import ExtractionOutcome, extract_with_llm
from agent.llm.session import LLMSession

__all__ = ["ExtractionOutcome", "LLMSession", "Question", "extract_with_llm"]
