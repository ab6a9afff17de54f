from childwelfare.models.beat import BeatLease
from childwelfare.models.job import Job, JobState

__all__ = ["BeatLease", "Job", "JobState"]
