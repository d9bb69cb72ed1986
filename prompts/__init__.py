"""Versioned prompt files and the code that loads and renders them."""
