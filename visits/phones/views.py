"""Who has not sent: the directors' phones, and what came from phones of people who no longer have the child."""

import datetime
import io
import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from rest_framework import serializers

from childwelfare.security.sealing import Unsealable
from childwelfare.tables.beginning import Beginning, beginning_of
from childwelfare.tables.columns import column_of
from childwelfare.uploads.pictures import NoPicture, small_picture
from childwelfare.workflow.refusals import Refused
from orgs.access.declarations import needs, picture_of
from orgs.audit.readings import note_reading
from orgs.posts.models import Appointment, Role
from visits.phones.forms import PhoneFileForm
from visits.phones.kinds import ITEM_KINDS
from visits.phones.models import SyncItem, SyncPhone
from visits.phones.services.files import bring_in
from visits.phones.services.sync import settle_handed_over
from visits.phones.services.wipe import WHO_MAY, order_wipe
from visits.visit.answers import ANSWERS
from visits.visit.models import Visit
from visits.visit.observed_changes import in_words
from visits.visit.sync import photo_of

SHOWN = 400  # directors of the largest county
QUIET_DAYS = 7  # from here on a phone is called quiet


@needs(*WHO_MAY, reads="view_handed_over")
def phones(request):
    """Each director in scope with the last sign of its phone, the quietest first."""
    permission = "accept_visit" if request.post.holds("accept_visit") else "settle_station_work"
    handed_over = beginning_of(_items_waiting(request.post).select_related("person", "village"), SHOWN)
    for item in handed_over:
        item.lines = _lines(item)
    note_reading(request, rows=len(handed_over))
    context = {
        "posts": _directors(request.post, permission),
        "handed_over": handed_over,
        "quiet": QUIET_DAYS,
        "may_settle": request.post.holds("accept_visit"),
        "form": PhoneFileForm(),
    }
    return render(request, "visits/phones/list.html", context)


@needs("accept_visit")
@require_POST
def bring_in_file(request):
    """The file that a director's phone wrote of what it could not send. Sent again it is answered the same."""
    form = PhoneFileForm(request.POST, request.FILES)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            post, brought = bring_in(form.cleaned_data["file"].read(), by=request.post)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            context |= {"director": post, "brought": brought}
    return render(request, "visits/phones/brought.html", context, status=200 if form.is_valid() else 422)


@needs("accept_visit")
@require_POST
def settle(request, pk):
    item = get_object_or_404(SyncItem.objects.visible_to(request.post, "accept_visit"), pk=pk)
    try:
        settle_handed_over(item, by=request.post)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已办结，回执 %(receipt)s。") % {"receipt": item.receipt})
    return redirect("phones")


@needs(*WHO_MAY)
@require_POST
def wipe(request, pk):
    """A phone that was lost: it wipes itself at its next contact."""
    posts = [Appointment.objects.visible_to(request.post, permission) for permission in WHO_MAY]
    phone = get_object_or_404(SyncPhone.objects.filter(Q(post__in=posts[0]) | Q(post__in=posts[1])), pk=pk)
    try:
        order_wipe(phone, by=request.post, reason=request.POST.get("reason", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已要求清除：这部手机下次联系时先送出没有发送的记录，再清除名单和草稿。"))
    return redirect("phones")


@needs("accept_visit", reads=picture_of("view_handed_photo"))
def handed_photo(request, pk):
    """A photo that was handed over; never kept by a browser; who opened it is recorded."""
    item = get_object_or_404(_items_waiting(request.post), pk=pk, kind="photo")
    try:
        picture = small_picture(io.BytesIO(photo_of(json.loads(item.payload))))
    except (Unsealable, ValueError, ValidationError, NoPicture):
        raise Http404 from None
    note_reading(request, item)
    headers = {"Cache-Control": "no-store, private"}
    return HttpResponse(picture.content, content_type="image/jpeg", headers=headers)


def _items_waiting(post):
    return SyncItem.objects.visible_to(post, "accept_visit").waiting()


def _directors(post, permission: str) -> Beginning[Appointment]:
    latest = SyncPhone.objects.filter(post=OuterRef("pk")).order_by("-sent_at", "-pulled_at", "-pk")
    visits = Visit.objects.filter(made_in=OuterRef("pk")).order_by("-made_at")
    posts = Appointment.objects.visible_to(post, permission).current().with_unit().filter(role=Role.VILLAGE_DIRECTOR)
    posts = posts.annotate(
        **{name: Subquery(latest.values(name)[:1]) for name in ("app", "pulled_at", "sent_at", "unsent", "refused")},
        visited_at=Subquery(visits.values("made_at")[:1]),
    )
    posts = posts.prefetch_related(Prefetch("phones", SyncPhone.objects.order_by("pk")))
    rows, today = beginning_of(posts, SHOWN), timezone.localdate()
    for row in rows:
        heard = [at for at in (row.pulled_at, row.sent_at) if at]
        row.days = (today - timezone.localdate(max(heard))).days if heard else None
    quietest = sorted(rows, key=lambda row: (not row.unsent, row.days is None, -(row.days or 0), row.unit.code or ""))
    return Beginning(quietest, rows.number)


def _lines(item: SyncItem) -> list[tuple[str, str]]:
    """What was handed over, in words: the answers by the labels of their kind."""
    try:
        said = json.loads(item.payload)
    except (Unsealable, ValueError):
        return []
    lines: list[tuple[Any, list[str]]] = []
    for name, field in ITEM_KINDS[item.kind].reader().fields.items():
        value = said.get(name)
        if name in KEYS or value in (None, "", [], False):
            continue
        if name == "changes":
            lines.append((_("有变化"), [in_words(value)]))
            continue
        words_of_values = [_in_words(field, one) for one in (value if isinstance(value, list) else [value])]
        lines.append((column_of(Visit, name).verbose_name if name in ANSWERS else field.help_text, words_of_values))
    return [(label, _("、").join(words_of_values)) for label, words_of_values in lines]


def _in_words(field: serializers.Field, value: Any) -> str:
    """A code by its label, a day as the reader's language writes it."""
    words = dict(getattr(field, "choices", None) or getattr(getattr(field, "child", None), "choices", {}))
    if isinstance(field, serializers.DateField | serializers.DateTimeField):
        try:
            day = field.to_internal_value(value)
        except serializers.ValidationError:
            return str(value)
        if isinstance(day, datetime.datetime):
            return date_format(timezone.localtime(day), "SHORT_DATETIME_FORMAT")
        return date_format(day, "DATE_FORMAT")
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return str(words.get(value, value))


KEYS = ("id", "child", "visit", "village", "version", "data")
