"""The scheduling engine: whom to call, when, and why not now. Values in, values out; no clock and no database."""
