"""Background work: jobs with progress, the schedule, beat under a lease, the broker of files."""
