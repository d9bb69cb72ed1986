"""Made-up companies with a made-up web: labelled accounts whose truth is known because it was written first.

Every company, person-free press post, customer and partner here is invented; names of products in use
(Salesforce, Kubernetes ...) are real because technologies are what is looked for. Texts are composed from
phrase files by a seeded grammar; nothing here reads the extraction rules. `python -m evals.synthetic` writes
the accounts.
"""
