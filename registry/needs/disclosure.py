"""What a guardian reads of needs in the copy of a file."""

from registry.child.models import ChildFile
from registry.disclosure.document import described
from registry.needs.models import Need

# how this office works with it, and keys of this system
LEFT_OUT = {"sent_for", "source_id", "version", "holder", "owner", "held_since"}


def needs_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """What the child was found to need, what was done for it, and what came of it. What was recorded by mistake is
    there too, as that."""
    rows = []
    for need in file.needs.order_by("found_on", "id").prefetch_related("steps"):
        rows.append(described(need, LEFT_OUT))
        rows += [described(step, {"need"}) for step in need.steps.all()]
    return ("needs", str(Need._meta.verbose_name), rows)
