"""Since when a visit waits for the station: one clock for the desk, the workbench and the months of oversight."""

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from childwelfare.workflow.history import last_at
from visits.visit.models import Visit, VisitEvent

SENDING = ("resubmit",)  # besides the first, which is ``made_at``
# in a query of visits: one that came back and was completed waits since it was sent again
SENT_AT = Coalesce(last_at(Visit, SENDING), F("made_at"))


def with_sent_at(decisions: QuerySet) -> QuerySet:
    """Events of visits, with ``sent_at``: when the visit was last sent before each. The station isn't late for what lay
    with the sender."""
    before = VisitEvent.objects.filter(record=OuterRef("record"), action__in=SENDING, at__lte=OuterRef("at"))
    sent_again = Subquery(before.order_by("-at", "-pk").values("at")[:1])
    return decisions.annotate(sent_at=Coalesce(sent_again, F("record__made_at")))
