"""The background pass."""
