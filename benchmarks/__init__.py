"""What `make bench` runs: the real use cases on databases of their own, timed and counted."""
