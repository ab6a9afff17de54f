"""All models of the app, for Django. The code imports them from their concept: ``childwelfare.jobs.models``."""

from childwelfare.jobs.models import BeatLease, Job
from childwelfare.security.models import KeyProof

__all__ = ["BeatLease", "Job", "KeyProof"]
