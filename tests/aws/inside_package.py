"""Starts the packed handler as Lambda does, from the unpacked package alone, and prints how long that took and why."""

import json
import sys
import time

sys.path.insert(0, ".")  # with -S nothing else than the package and the standard library is there
BEGAN = time.perf_counter()
import handler  # noqa: E402 - this import is what is timed

IMPORTED = time.perf_counter()
handler.LambdaHandler()
READY = time.perf_counter()
json.dump(
    {
        "import": IMPORTED - BEGAN,
        "django": READY - IMPORTED,
        "modules": sorted(sys.modules),
        "from": handler.__spec__.origin,
    },
    sys.stdout,
)
