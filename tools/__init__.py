"""Gatherers and readers: they return documents or failures and know no ICP and no model."""
