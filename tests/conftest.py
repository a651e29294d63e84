"""What holds for all tests.

Random tests run from fixed seeds, so that a run can be repeated. `nox -s fresh` runs them from new ones.
"""

import os
import signal

from hypothesis import HealthCheck, settings

_NO_CLOCK = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fixed", derandomize=True, database=None, **_NO_CLOCK)
settings.register_profile("fresh", derandomize=False, print_blob=True, **_NO_CLOCK)
settings.load_profile(os.environ.get("WHEELARCH_HYPOTHESIS", "fixed"))

if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # Background jobs of a shell ignore Ctrl-C, and so would the processes that tests start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
