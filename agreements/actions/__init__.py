"""Everything that changes an agreement. Each verb: keyword-only, by=, one transaction, its history row in the same."""
