"""What follows for requests that are open when units are reorganised: whoever takes over answers."""

from typing import Any

from django.db.models import F, Q
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from childwelfare.text.words import Words
from orgs.inbox.services import Holders, notify
from orgs.reorganisation.models import Reorganisation, Succession
from orgs.reorganisation.registries import units_reorganised
from reports.requests.models import OPEN_STATES, DataAnswer, DataRequest, RequestState
from reports.requests.workflow import ANSWER


def answers_handed_on(units: Any) -> list[tuple[Words, int]]:
    """How many answers that closed units owe go to those that take over."""
    left = DataAnswer.objects.filter(unit__in=units, state__in=OPEN_STATES, request__state=RequestState.SENT)
    return [(_("没有答的要数（份数），由接续的单位填"), left.count())]


@receiver(units_reorganised, dispatch_uid="who_answers")
def hand_on(sender: Any, reorganisation: Reorganisation, **_signal: Any) -> None:
    """What closed units have not answered goes to those that stand in their place. What they answered stays."""
    heirs: dict[int, list[int]] = {}
    for before, after in Succession.objects.filter(reorganisation=reorganisation).values_list(
        "predecessor", "successor"
    ):
        heirs.setdefault(before, []).append(after)
    left = DataAnswer.objects.filter(unit__in=heirs, state__in=OPEN_STATES, request__state=RequestState.SENT)
    asked = DataRequest.objects.filter(pk__in=left.values("request"), state=RequestState.SENT).order_by("pk")
    # held as every answer holds it
    for request in asked.select_for_update(of=("self",), no_key=True).defer("figures"):
        for answer in left.filter(request=request).select_related("unit").order_by("unit__level", "unit"):
            for unit in sorted(heirs[answer.unit_id]):
                _give(answer, unit, reorganisation, alone=len(heirs[answer.unit_id]) == 1)
        closed = Q(state__in=OPEN_STATES, unit__valid_to__isnull=False)
        DataRequest.objects.filter(pk=request.pk).update(asked_units=request.answers.exclude(closed).count())


def _give(answer: DataAnswer, unit: int, order: Reorganisation, *, alone: bool) -> None:
    """``unit`` speaks for what ``answer`` was to speak for: in the same row where it ``alone`` took over and has none,
    else in its own."""
    taking = DataAnswer.objects.with_all().filter(request=answer.request_id, unit=unit).first()
    if taking is None and alone:
        moved = {"unit": unit, "covers": answer.covered, "version": F("version") + 1}
        DataAnswer.objects.filter(pk=answer.pk).update(**moved)
        taking = answer
    elif taking is None:
        taking = DataAnswer.objects.create(
            request_id=answer.request_id,
            unit_id=unit,
            covers=answer.covered,
            due_on=answer.due_on,
            moved_from=answer.moved_from,
        )
    else:
        covers = list(dict.fromkeys([*taking.covered, *answer.covered]))
        DataAnswer.objects.filter(pk=taking.pk).update(covers=covers)
        if taking.is_answered:
            ANSWER.follow("extend", taking, by=order.made_in, reason=order.document)
        else:
            DataAnswer.objects.filter(pk=taking.pk).update(version=F("version") + 1)
    notify("data_asked", taking, to=Holders(unit, "submit_ledger"), key=str(order.pk))
