"""Backups of both databases, apart from each other and from the keys, and putting them back."""
