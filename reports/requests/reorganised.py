"""What requests say of units that are to be reorganised."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from reports.requests.models import DataAnswer
from reports.requests.states import OPEN_STATES, RequestState


def answers_handed_on(units: Any) -> list[tuple[Words, int]]:
    """How many answers that closed units owe go to those that take over."""
    left = DataAnswer.objects.filter(unit__in=units, state__in=OPEN_STATES, request__state=RequestState.SENT)
    return [(_("没有答的要数（份数），由接续的单位填"), left.count())]
