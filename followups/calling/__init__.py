"""The call itself: claim, dial, reveal, outcome."""
