"""What a guardian reads of plans in the copy of a file."""

from registry.child.models import ChildFile
from registry.disclosure.document import described
from registry.plans.models import Plan, PlanState


def plans_disclosed(file: ChildFile) -> tuple[str, str, list[dict]]:
    """Plans that were approved, with their goals; drafts are not the guardian's yet."""
    approved = Plan.objects.filter(child=file, state__in=(PlanState.APPROVED, PlanState.CLOSED))
    rows = []
    left_out = {"assessment", "before", "version", "sent_for", "child_heard"}  # what the child said may turn against it
    for plan in approved.prefetch_related("goals").order_by("made_at", "id"):
        rows += [described(plan, left_out), *(described(goal) for goal in plan.goals.all())]
    return ("plans", str(Plan._meta.verbose_name), rows)
