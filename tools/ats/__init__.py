"""Job boards: which board a site uses, what it lists, and the openings of a plain careers page."""
