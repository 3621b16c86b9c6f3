"""The register of what is held, where, for what and until when; who holds the keys, who else gets to see something."""
