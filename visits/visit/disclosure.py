"""What a guardian reads of the visits in the copy of a file (registry.disclosed.DISCLOSED)."""

from registry.disclosed import described
from registry.models import ChildFile
from visits.codes import Hazard
from visits.guidance_codes import Topic


def visits_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """All visits, returned ones with their state; what the registry marked for itself stays out."""
    visits = file.visits.order_by("visited_on", "id").select_related("village")
    return (
        "visits",
        str(file.visits.model._meta.verbose_name),
        [described(visit, {"flags"}, {"hazards": Hazard}) for visit in visits],
    )


def guidance_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """What the guardian was told."""
    talks = file.guidance.order_by("given_on", "id")
    return (
        "guidance",
        str(file.guidance.model._meta.verbose_name),
        [described(t, words={"topics": Topic}) for t in talks],
    )


def entrustments_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """Agreements of entrusted care; the carer's phone is the carer's own."""
    agreements = file.entrustments.order_by("since", "id")
    rows = [described(agreement, {"carer_phone", "paper"}) for agreement in agreements]
    return ("entrustments", str(file.entrustments.model._meta.verbose_name), rows)
