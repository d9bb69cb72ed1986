"""Versioned prompt files and the code that loads and renders them."""

from prompts.catalogue import Prompt, PromptError, load_prompt, published

__all__ = ["Prompt", "PromptError", "load_prompt", "published"]
