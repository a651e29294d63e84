"""Random tests run from fixed seeds, so that a run can be repeated. `nox -s fresh` runs them from new ones."""

import os

from hypothesis import HealthCheck, settings

_NO_CLOCK = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("fixed", derandomize=True, database=None, **_NO_CLOCK)
settings.register_profile("fresh", derandomize=False, print_blob=True, **_NO_CLOCK)
settings.load_profile(os.environ.get("WHEELARCH_HYPOTHESIS", "fixed"))
