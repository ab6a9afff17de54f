"""What a guardian reads of the visits in the copy of a file (registry.disclosed.DISCLOSED)."""

from registry.disclosed import described
from registry.models import ChildFile
from visits.codes import Hazard


def visits_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """All visits, returned ones with their state; what the registry marked for itself stays out."""
    visits = file.visits.order_by("visited_on", "id").select_related("village")
    return (
        "visits",
        str(file.visits.model._meta.verbose_name),
        [described(visit, {"flags"}, {"hazards": Hazard}) for visit in visits],
    )
