"""News about an account: its own posts first, filings, then what others wrote."""
