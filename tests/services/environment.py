"""A pytest plugin that sets the environment of the tests before Django reads its settings."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

KEYS = Path(tempfile.mkdtemp(prefix="recontact-test-keys-"))
atexit.register(shutil.rmtree, KEYS, ignore_errors=True)

# Always ours: a key file named in a person's shell could be a real one.
os.environ["VAULT_KEY_PROVIDER"] = "file"
os.environ["VAULT_KEY_FILE"] = str(KEYS / "vault-keys.json")
os.environ["RECONTACT_DEMO"] = "0"
os.environ["DEMO_CLOCK_FILE"] = str(KEYS / "demo-clock.json")
os.environ["DEBUG"] = "0"
os.environ["SECURE"] = "0"
os.environ["SECRET_KEY"] = "only-for-tests-" + "0" * 50
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
