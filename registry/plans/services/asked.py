"""What a plan of help has to do with the child as it is now: which tier approves it, which plan it continues."""

from orgs.units.models import Level
from registry.assessments.models import Assessment
from registry.child.models import ChildFile
from registry.plans.models import GoalState, Plan, PlanState


def asked_by_level(child: ChildFile) -> tuple[str, int, Assessment | None]:
    """(level, tier that approves, assessment) of the child's newest assessment that counts; the file's own level and
    the station where there is none."""
    setting = Assessment.objects.setting_level().filter(child=child)
    assessment = setting.select_related("instrument").newest_first().first()
    if assessment is None:
        return child.risk, Level.TOWNSHIP, None
    asked = assessment.instrument.content.level(assessment.level)
    return assessment.level, Level.COUNTY if asked.plan_by == "county" else Level.TOWNSHIP, assessment


def plan_to_continue(child: ChildFile) -> Plan | None:
    """The plan whose open goals the next one carries on: the one that runs, or one that ended with the file before all
    its goals had their result."""
    plans = Plan.objects.filter(child=child).prefetch_related("goals__owner")
    left = plans.filter(state=PlanState.CLOSED, goals__state=GoalState.OPEN).distinct()
    return plans.running().first() or left.newest_first().first()
