"""Floor 2: may this module run? `verify` returns findings, `check` raises VerifyError; `rules.RULES` has the texts."""
