"""Ordering that units are renamed, moved, merged, split, opened or closed; calling it off; having it take effect."""

import datetime
import logging
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from childwelfare.text.cleaning import clean_text
from childwelfare.workflow.refusals import Refused, Stale
from childwelfare.workflow.writing import created_once, first_sending, has_values
from orgs.audit.services import record_act
from orgs.inbox.services import Holders, notify
from orgs.posts.models import Appointment
from orgs.reorganisation.models import Reorganisation, ReorganisationOutcome, ReorganisationPart, Result
from orgs.reorganisation.posts import hand_over_posts
from orgs.reorganisation.registries import units_reorganised
from orgs.reorganisation.rules import Part, check, parts_of, root_of
from orgs.reorganisation.tree import Changed, change_tree
from orgs.stale_figures.services import mark_figures_stale
from orgs.units.models import OrgUnit

log = logging.getLogger(__name__)
DOCUMENT_LIMIT, REASON_LIMIT = 60, 200
LATER = gettext_lazy("这次没有存上，请刷新页面后再填一次。")


def order_reorganisation(
    *,
    by: Appointment,
    kind: str,
    parts: Sequence[Part],
    effective_on: datetime.date | None,
    document: str,
    reason: str = "",
    posts_follow: bool = True,
    pk: uuid.UUID | None = None,
) -> Reorganisation:
    """Keep the order, and have it take effect where its day has come; else the calendar does on that day.

    ``pk`` comes from the form: sent twice, it is the same order. Raises PermissionDenied, ValidationError by field,
    Refused; then nothing is changed.
    """
    pk, document, reason = pk or uuid.uuid4(), clean_text(document or ""), clean_text(reason or "")
    earlier = Reorganisation.objects.filter(pk=pk, made_by=by.person)
    says = has_values(kind=kind, effective_on=effective_on, document=document, reason=reason)
    if same := first_sending(earlier, says=says):
        return same
    concerned = [unit for part in parts for unit in (part.source, part.target, part.parent) if unit]
    if not by.holds("manage_units") or not all(by.may("manage_units", unit) for unit in concerned):
        raise PermissionDenied
    check_order(kind, parts, effective_on, document, reason)
    assert effective_on  # checked
    with created_once(earlier, says=says, refusal=LATER) as sending:
        order = Reorganisation(
            pk=pk, kind=kind, effective_on=effective_on, document=document, reason=reason, posts_follow=posts_follow,
            root=root_of(concerned[0]), made_by=by.person, made_in=by,
        )  # fmt: skip
        order.save(force_insert=True)
        ReorganisationPart.objects.bulk_create(
            ReorganisationPart(
                reorganisation=order, source=part.source, target=part.target, parent=part.parent,
                name=part.name, code=part.code, was_name=part.source.name if part.source else "",
            )
            for part in parts
        )  # fmt: skip
        record_act(by, "order_reorganisation", order, unit=concerned[0], kind=kind, effective_on=str(effective_on))
        if effective_on <= timezone.localdate():
            _take_effect(order, by=by)
    return sending.first or order


def check_order(
    kind: str, parts: Sequence[Part], effective_on: datetime.date | None, document: str, reason: str = ""
) -> None:
    """Raises ValidationError by field for an order that can't be given."""
    problems: dict[str, list[str]] = {}
    if not document.strip():
        problems["document"] = [_("请填写批文文号。")]
    elif len(document) > DOCUMENT_LIMIT:
        problems["document"] = [_("请写在 %(n)s 字以内。") % {"n": DOCUMENT_LIMIT}]
    if len(reason) > REASON_LIMIT:
        problems["reason"] = [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]
    if effective_on is None:
        problems["effective_on"] = [_("请填写生效日期。")]
    try:
        check(kind, parts, effective_on or timezone.localdate())
    except ValidationError as error:
        problems = {**error.message_dict, **problems}
    if problems:
        raise ValidationError(problems)


def cancel_reorganisation(order: Reorganisation, *, by: Appointment, reason: str) -> None:
    """Call off an order whose day has not come. Raises PermissionDenied, Stale, ValidationError (reason)."""
    if not by.may("manage_units", order.root):
        raise PermissionDenied
    if not reason.strip():
        raise ValidationError({"reason": [_("请写明为什么取消。")]})
    if len(reason) > REASON_LIMIT:
        raise ValidationError({"reason": [_("请写在 %(n)s 字以内。") % {"n": REASON_LIMIT}]})
    with transaction.atomic():
        _hold(order)
        _settle(order, Result.CANCELLED, by=by, reason=clean_text(reason))
        record_act(by, "cancel_reorganisation", order, unit=order.root)


def apply_due(today: datetime.date | None = None) -> int:
    """Have every order take effect whose day has come; return how many did. One that no longer can, for what it speaks
    of was altered meanwhile, says why and is over: who gave it is told."""
    applied = 0
    due = Reorganisation.objects.waiting().filter(effective_on__lte=today or timezone.localdate())
    for order in due.order_by("effective_on", "made_at", "pk"):
        try:
            with transaction.atomic():
                _take_effect(order, by=None)
            applied += 1
        except Stale:
            continue  # called off, or done, at this moment
        except (Refused, ValidationError) as error:
            _fail(order, " ".join(getattr(error, "messages", [str(error)])))
        except IntegrityError:
            # what no rule foresaw keeps none of the later orders waiting
            log.exception("order %s could not take effect", order.pk)
            _fail(order, _("与机构树里已有的名称或代码冲突，请核对后重新下达。"))
    return applied


def _take_effect(order: Reorganisation, *, by: Appointment | None) -> Changed:
    _hold(order)
    parts = parts_of(order)
    check(order.kind, parts, order.effective_on)
    _settle(order, Result.APPLIED, by=by)
    changed = change_tree(order, parts)
    heirs: dict[int, OrgUnit] = {}
    for before, after in changed.pairs:
        heirs.setdefault(before.pk, after)  # of several, the one that was named first
    went_on = hand_over_posts(order, changed.closed, heirs)
    touched = [*changed.closed, *changed.opened, *(after for _before, after in changed.pairs)]
    for county in sorted({unit.county_id for unit in touched if unit.county_id}):
        mark_figures_stale(county, order.effective_on)
    closed, opened = len(changed.closed), len(changed.opened)
    told: dict[str, Any] = {"kind": order.kind, "closed": closed, "opened": opened, "posts": went_on}
    record_act(by or order.made_in, "apply_reorganisation", order, unit=order.root, **told)
    units_reorganised.send(Reorganisation, reorganisation=order)
    _tell(order, changed)
    return changed


def _tell(order: Reorganisation, changed: Changed) -> None:
    """Who works where something changed, and in the tier above."""
    units = {unit.pk: unit for unit in (*changed.renamed, *changed.opened, *(after for _b, after in changed.pairs))}
    above = {unit.parent_id for unit in (*units.values(), *changed.closed) if unit.parent_id}
    for pk in sorted(units.keys() | above):
        notify("unit_changed", order, to=Holders(pk, "view_unit"), by=order.made_in)


def _hold(order: Reorganisation) -> None:
    """One order of a tree at a time: each is checked against what the one before it left."""
    OrgUnit.objects.select_for_update(no_key=True).get(pk=order.root_id)


def _settle(order: Reorganisation, result: str, *, by: Appointment | None, reason: str = "") -> None:
    if ReorganisationOutcome.objects.filter(reorganisation=order).exists():
        raise Stale(_("这项调整刚刚已经生效或取消，请刷新后再看。"))
    order.outcome = ReorganisationOutcome.objects.create(
        reorganisation=order, result=result, reason=reason, person=by.person if by else None, post=by
    )


def _fail(order: Reorganisation, why: str) -> None:
    log.warning("reorganisation %s could not take effect: %s", order.pk, why)
    with transaction.atomic():
        _hold(order)
        _settle(order, Result.FAILED, by=None, reason=why)
        record_act(order.made_in, "fail_reorganisation", order, unit=order.root)
        notify("unit_change_failed", order, to=Holders(order.made_in.unit_id, "manage_units"))
