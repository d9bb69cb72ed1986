"""Extractors: rules and, when a model is configured, an LLM. They make claims; grounding judges them."""
