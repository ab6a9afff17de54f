"""What phones send of visits: a visit, the correction of a returned one, a photo that follows its visit."""

import base64
import binascii
import datetime
import json

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import UUIDField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from childwelfare.api.bodies import Body
from childwelfare.demo.examples import CHILD, POST, VISIT
from childwelfare.tables.prepared import Parameter, Prepared
from childwelfare.workflow.refusals import Stale
from orgs.posts.models import Appointment
from registry.changes.services import bring_in_change
from registry.child.models import ChildFile
from visits.phones.examples import PICTURE, envelope_id, example_answers
from visits.phones.kinds import ITEM_KINDS, ItemConflict, Kind, NotYet, child_of
from visits.phones.models import SyncItem
from visits.visit.answers import answers_in, answers_of
from visits.visit.api.answers import CorrectedIn, VisitIn
from visits.visit.codes import NextStep
from visits.visit.models import Visit, VisitPhoto
from visits.visit.questions import NEXT_STEPS
from visits.visit.services.log import correct_visit, log_visit
from visits.visit.services.photos import add_late_photo

CHILD_FILE = Prepared(lambda: ChildFile.objects.filter(pk=Parameter("pk", UUIDField())))
PHOTO_LONGEST = 600_000  # characters of base64: phones make photos of 300 KB at most


class CorrectionIn(CorrectedIn):
    """A returned visit, completed on the phone. ``version``: as it was read there."""

    visit = serializers.UUIDField()

    class Meta(CorrectedIn.Meta):
        fields = ["visit", *CorrectedIn.Meta.fields]


class PhotoIn(Body):
    """A photo of a visit from the same phone. ``visit``: the id of the visit's or correction's item, sent before."""

    visit = serializers.UUIDField()
    child = serializers.UUIDField()
    data = serializers.RegexField(r"^[A-Za-z0-9+/]+={0,2}$", max_length=PHOTO_LONGEST, help_text="JPEG，base64")


def _take_visit(post: Appointment, pk, data: dict, clock_off: bool) -> Visit:
    try:
        child = CHILD_FILE.one(pk=data.pop("child"))  # whether it is hers the service asks
    except ChildFile.DoesNotExist:
        raise PermissionDenied from None
    return log_visit(child, by=post, pk=pk, family=data.get("family"), clock_off=clock_off, **answers_of(data))


def _take_correction(post: Appointment, pk, data: dict, clock_off: bool) -> Visit:
    key = data.pop("visit")
    visit = Visit.objects.open_to(post, "log_visit").filter(pk=key).first()
    if visit is None and not Visit.objects.filter(pk=key).exists():
        raise NotYet  # the visit is on its way: its correction came first
    if visit is None:
        raise PermissionDenied
    seen = data.pop("version")
    try:
        return correct_visit(visit, by=post, seen_version=seen, clock_off=clock_off, **answers_of(data))
    except Stale as stale:
        now = Visit.objects.get(pk=visit.pk)
        server = {"version": now.version, "state": now.state, "answers": answers_in(now)}
        raise ItemConflict(str(stale), now, server) from None


def _bring_in_changes(visit: Visit, by: Appointment, since: datetime.datetime) -> None:
    for change in visit.noticed.filter(made_at__gte=since):
        bring_in_change(change, by=by)


def _take_photo(post: Appointment, pk, data: dict, _clock_off: bool) -> VisitPhoto:
    """Goes to the visit that its item became; where that was handed over, so is the photo."""
    item = SyncItem.objects.filter(pk=data["visit"], person=post.person).first()
    if item is None:
        raise NotYet
    visit = Visit.objects.filter(pk=item.record).first() if item.record else None
    if visit is None:
        raise PermissionDenied
    return add_late_photo(visit, by=post, pk=pk, content=photo_of(data))


def photo_of(data: dict) -> bytes:
    """The bytes of a photo's payload. Raises ValidationError."""
    try:
        return base64.b64decode(data["data"], validate=True)
    except (binascii.Error, ValueError):
        raise ValidationError({"data": [_("照片在路上变了，没有收下。")]}) from None


def _with_a_next_step(data: dict) -> dict:
    """Before schema 2 nobody asked what comes next where the child was not met: the station finds out."""
    if str(data.get("outcome", "seen")) not in NEXT_STEPS:  # be it a list
        return data
    step = NextStep.TOGETHER if data["outcome"] == "refused" else NextStep.TELL_STATION
    heard = data.get("guardian_words") or data.get("family_change") or _("没有记录")
    return data | {"next_step": step, "whereabouts": heard}


def _child_of_visit(data: dict) -> ChildFile | None:
    return ChildFile.objects.filter(visits=data["visit"]).first()


VISITED = {
    "post": str(POST), "child": str(CHILD), "family": None, **example_answers(),
    "changes": {"address": {"base": "三组", "value": "五组3号"}},
}  # fmt: skip

ITEM_KINDS.add(
    Kind(
        "visit", 2, VisitIn, _take_visit, child_of, label=gettext_lazy("走访"), upcasts={1: _with_a_next_step},
        example=VISITED, bring_in=_bring_in_changes,
    ),
    order=10,
)  # fmt: skip
ITEM_KINDS.add(
    Kind(
        "correction", 2, CorrectionIn, _take_correction, _child_of_visit, label=gettext_lazy("走访的修改补充"),
        upcasts={1: _with_a_next_step},
        example={"post": str(POST), "visit": str(VISIT), "version": 2, **example_answers()},
        bring_in=_bring_in_changes,
    ),
    order=20,
)  # fmt: skip
ITEM_KINDS.add(
    Kind(
        "photo", 1, PhotoIn, _take_photo, child_of, label=gettext_lazy("照片"),
        example={"post": str(POST), "visit": str(envelope_id("visit", json.dumps(VISITED, ensure_ascii=False))),
                 "child": str(CHILD), "data": PICTURE},
        longest=PHOTO_LONGEST + 1000,
    ),
    order=40,
)  # fmt: skip
