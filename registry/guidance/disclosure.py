"""What a guardian reads of the guidance and entrusted care in the copy of a file."""

from registry.child.models import ChildFile
from registry.disclosure.document import described
from registry.guidance.codes import Topic


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
