"""A model with sealed fields, for the vault's own tests."""
