"""What a guardian reads of the assessments in the copy of a file."""

from registry.child.models import ChildFile
from registry.disclosure.document import described


def assessments_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    found = file.assessments.order_by("assessed_on", "id")
    rows = [
        described(each, {"instrument", "sent_for", "second_of", "urgent_report", "first_estimate", "computed"})
        for each in found
    ]
    return ("assessments", str(file.assessments.model._meta.verbose_name), rows)
