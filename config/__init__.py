"""The project: settings, addresses, processes."""

import os

# One thread of arithmetic a process: several processes share the cores, and small sums only lose by threads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
