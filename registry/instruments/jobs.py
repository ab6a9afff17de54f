"""Background jobs: what a version would make of the children's levels."""

from childwelfare.jobs.services import job
from registry.instruments.try_out import TRY_OUT, count_try_out


@job(TRY_OUT)
def try_out(record, progress) -> None:
    count_try_out(record.params["try_out"], progress)
