"""Invented people as a telephone network meets them: seeded, without a database, the same for everyone who asks."""
