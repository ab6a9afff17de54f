"""Local readings of the rules: added and ended, never rewritten, so that an old verdict can be explained."""

import datetime
from typing import cast

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from childwelfare.text.days import short_day
from childwelfare.workflow.refusals import Stale
from orgs.audit.services import record_act
from orgs.posts.models import Appointment
from orgs.units.models import OrgUnit
from registry.eligibility.rules import PARAMETERS
from registry.variants.models import RuleVariant


def add_variant(
    *,
    by: Appointment,
    category: str,
    parameters: dict,
    since: datetime.date | None,
    until: datetime.date | None = None,
    document: str = "",
) -> RuleVariant:
    """Let ``parameters`` (of ``registry.eligibility.rules.PARAMETERS``) replace the nation's values at the unit of
    ``by`` from ``since`` to before ``until``. Findings follow with the next recount.

    Raises PermissionDenied, or ValidationError by field; then nothing is saved.
    """
    if not by.may("manage_variants", by.unit):
        raise PermissionDenied
    variant = RuleVariant(
        unit=by.unit,
        category=category,
        parameters=parameters,
        since=cast(datetime.date, since),
        until=until,
        document=document.strip(),
    )
    if since and until and until <= since:
        raise ValidationError({"until": [_("废止日期应晚于施行日期。")]})
    variant.full_clean(validate_constraints=False)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=by.unit_id)  # one at a time: two may not say different things
        _refuse_second_word(variant)
        variant.save()
        record_act(by, "add_variant", variant, category=category, document=variant.document)
    return variant


def end_variant(variant: RuleVariant, *, by: Appointment, until: datetime.date | None) -> RuleVariant:
    """Let it hold no longer from ``until`` on. Raises PermissionDenied, Stale, or ValidationError by field."""
    if not by.may("manage_variants", variant.unit) or by.unit_id != variant.unit_id:
        raise PermissionDenied
    with transaction.atomic():
        variant = RuleVariant.objects.select_for_update().get(pk=variant.pk)
        if variant.until and variant.until <= timezone.localdate():
            raise Stale(_("这条规定已经停止施行。"))
        if until is None:
            raise ValidationError({"until": [_("请填从哪天起停止施行。")]})
        if until <= variant.since:
            text = _("废止日期应晚于施行日期 %(day)s。")
            raise ValidationError({"until": [text % {"day": short_day(variant.since)}]})
        variant.until = until
        variant.save(update_fields=["until"])
        record_act(by, "end_variant", variant, until=until)
    return variant


def _refuse_second_word(variant: RuleVariant) -> None:
    """At one time, one unit says one thing about a parameter."""
    others = RuleVariant.objects.filter(unit=variant.unit, category=variant.category)
    others = others.filter(Q(until=None) | Q(until__gt=variant.since))
    if variant.until:
        others = others.filter(since__lt=variant.until)
    for other in others:
        if twice := other.parameters.keys() & variant.parameters.keys():
            said = {
                "labels": "、".join(str(PARAMETERS[name].label) for name in sorted(twice)),
                "document": other.document,
                "day": short_day(other.since),
            }
            text = _("“%(document)s”（%(day)s 起施行）已规定：%(labels)s。请先写明它从哪天起停止。")
            raise ValidationError({"since": [text % said]})
