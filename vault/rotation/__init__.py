"""Changing epoch keys: a new one comes, everything is wrapped under it, the old one is destroyed."""
