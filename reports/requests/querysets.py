"""What is asked of requests and of their answers."""

from typing import Self

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from orgs.access.scope import ScopedQuerySet, lies_in
from orgs.posts.models import Appointment
from orgs.reorganisation.models import Succession
from orgs.units.models import OrgUnit
from reports.periods.models import due_before
from reports.requests.states import OPEN_STATES, RequestState
from reports.submissions.people import left_to, unmanned


class DataRequestQuerySet(ScopedQuerySet):
    via = "unit__"

    def of(self, unit: OrgUnit) -> Self:
        """What ``unit`` asks, or a unit that it alone took over from."""
        return self.filter(unit__in=unit.own_keys)

    def in_hands_of(self, unit: OrgUnit) -> Self:
        """What ``unit`` asks, or a unit that it alone took over from; what units below ask where nobody is in post, nor
        at any tier between. As ``workflow.asks`` says of one."""
        return self.filter(Q(unit__in=unit.own_keys) | left_to(unit))

    def readable(self, unit: OrgUnit) -> Self:
        """Without what other units have not decided to ask for yet, and do not leave to ``unit``."""
        return self.filter(~Q(state=RequestState.DRAFT) | Q(unit__in=unit.own_keys) | left_to(unit))

    def with_all(self) -> Self:
        """With what a page says of each; the frozen sheet is read by itself."""
        units = ("unit", "unit__city", "unit__county", "unit__township")
        return self.select_related("made_by", "made_in", *units).defer("figures")


def left_above() -> Q:
    """Of answers: they were sent, came back, and their unit was closed and has no successor."""
    succeeded = Succession.objects.filter(predecessor=OuterRef("unit"))
    came_back = Q(state__in=OPEN_STATES, made_in__isnull=False, unit__valid_to__isnull=False)
    return came_back & ~Q(Exists(succeeded))


class DataAnswerQuerySet(ScopedQuerySet):
    via = "unit__"

    def with_all(self) -> Self:
        tiers = ("", "__city", "__county", "__township")
        units = [f"{path}{tier}" for path in ("unit", "request__unit") for tier in tiers]
        return self.select_related("request", "made_by", "unit__parent", *units).defer("request__figures")

    def in_order(self) -> Self:
        """As the tables print the units."""
        return self.order_by(F("unit__code").asc(nulls_last=True), "unit__pinyin", "unit")

    def expected(self) -> Self:
        """Not sent, of requests that are open, at units that still stand; of one that was closed and has no successor
        what came back to it, for the tier above to mend."""
        open_here = self.filter(request__state=RequestState.SENT, state__in=OPEN_STATES)
        return open_here.filter(Q(unit__valid_to=None) | left_above())

    def late(self) -> Self:
        """Expected, though their day is over."""
        return self.expected().filter(due_before(timezone.now()))

    def vacant(self) -> Self:
        """Of units where nobody could answer, be they vacant or closed: the next above that has people does."""
        return self.filter(unmanned())

    def readable_by(self, post: Appointment) -> Self:
        """Of units within the scope of ``post``; and what its own unit asked, wherever who answers lies by now."""
        own = Q(request__unit__in=post.unit.own_keys) if post.holds("ask_figures") else Q(pk__in=[])
        here = lies_in(post.units_granting("submit_ledger"), self.via) if post.holds("submit_ledger") else Q(pk__in=[])
        return self.filter(here | own)
