"""What the tests need from the machine: keys, PostgreSQL, Chromium."""
