"""What a contender in Python measures on itself: from its start, and from the first record on."""

import json
import resource
import sys
import time

SETTINGS = json.loads(sys.argv[1])


def _cpu_seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _peak_rss_bytes():
    """Not ru_maxrss, where there is /proc: that one starts with what the parent had."""
    try:
        with open("/proc/self/status") as status:
            return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class Meter:
    def __init__(self):
        self.started = time.monotonic()
        self.cpu_before = _cpu_seconds()
        self.first = None
        self.first_at_ms = None
        self.records = 0
        self.steps_back = 0
        self.latest = None

    def arrive(self):
        """Something is there: called before it is counted."""
        if self.first is None:
            self.first = time.monotonic()
            self.first_at_ms = time.time() * 1e3

    def step(self, timestamp):
        """With `check` only."""
        if self.latest is not None and timestamp < self.latest:
            self.steps_back += 1
        self.latest = timestamp

    def finish(self, **further):
        last = time.monotonic()
        figures = {
            "records": self.records,
            "first_at_ms": self.first_at_ms,
            "seconds_first_to_last": last - self.first,
            "seconds_total": last - self.started,
            "cpu_seconds": _cpu_seconds() - self.cpu_before,
            "peak_rss_bytes": _peak_rss_bytes(),
            **further,
        }
        if SETTINGS["check"]:
            figures["steps_back"] = self.steps_back
        print(json.dumps(figures), flush=True)
