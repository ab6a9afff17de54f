"""What phones send of help: an assessment made without a network, and a need."""

import datetime
import uuid

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from childwelfare.demo.examples import CHILD, POST
from orgs.drafts.services import drop_drafts
from orgs.posts.models import Appointment
from registry.assessments.api import AnswersIn
from registry.assessments.models import Assessment
from registry.assessments.services.answers import Given
from registry.assessments.services.assess import assess_child
from registry.child.models import ChildFile
from registry.needs.api import NeedIn
from registry.needs.models import Need
from registry.needs.services.recording import record_need
from visits.help.examples import example_assessment
from visits.phones.kinds import ITEM_KINDS, Kind, child_of


class AssessmentItem(AnswersIn):
    """An assessment as a phone sends it; its id is the item's. ``instrument``: the version that the phone asked by."""

    child = serializers.UUIDField()


class NeedItem(NeedIn):
    """A need as a phone sends it; its id is the item's."""

    id = None


def _file_of(data: dict) -> ChildFile:
    """The file that the item names; the services ask whether it is the sender's, and find where it was merged."""
    try:
        return ChildFile.objects.get(pk=data.pop("child"))
    except ChildFile.DoesNotExist:
        raise PermissionDenied from None


def _take_assessment(post: Appointment, pk: uuid.UUID, data: dict, _clock_off: bool) -> Assessment:
    file = _file_of(data)
    try:
        assessment = assess_child(file, by=post, pk=pk, given=Given(**data))
    except ValidationError as error:
        raise _with_way_to_update(error) from None
    drop_drafts(post, f"child-assess-{assessment.child_id}", {}, sent=True)  # what a page has of it is old
    return assessment


def _with_way_to_update(error: ValidationError) -> ValidationError:
    """Of an assessment by another version than held on its day: how the phone gets that one."""
    told = error.message_dict if hasattr(error, "error_dict") else {}
    if "instrument" not in told:
        return error
    how = _("手机有网络时打开一次，会换成现在用的评估体系；答过的都留着，看一遍再存。")
    return ValidationError(told | {"instrument": [*told["instrument"], how]})


def _take_need(post: Appointment, pk: uuid.UUID, data: dict, _clock_off: bool) -> Need:
    file = _file_of(data)
    need = record_need(file, by=post, pk=pk, **data)
    drop_drafts(post, f"need-new-{need.child_id}", {}, sent=True)
    return need


def _note_holder(need: Need, by: Appointment, since: datetime.datetime) -> None:
    """Who brought the need in from a phone's file stands in its chain without becoming its holder."""
    need.events.filter(action="bring_in", post=by, at__gte=since).update(
        holder=need.holder, owner=need.owner, due_on=need.due_on
    )


ITEM_KINDS.add(
    Kind(
        "assessment", 1, AssessmentItem, _take_assessment, child_of, label=gettext_lazy("评估"),
        example={"post": str(POST), "child": str(CHILD), **example_assessment()},
    ),
    order=40,
)  # fmt: skip
ITEM_KINDS.add(
    Kind(
        "need", 1, NeedItem, _take_need, child_of, label=gettext_lazy("需求"), bring_in=_note_holder,
        example={"post": str(POST), "child": str(CHILD), "kind": "education.study", "urgency": "normal",
                 "words": "数学跟不上，想有人辅导", "source": "child", "anyway": True},
    ),
    order=50,
)  # fmt: skip
