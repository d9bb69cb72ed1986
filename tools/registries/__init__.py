"""Public registries: entries whose website, identifier or legal name is the account's."""
