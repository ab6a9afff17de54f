"""What a place does differently from the national rules."""

import datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from registry.child import codes
from registry.eligibility.rules import PARAMETERS


class RuleVariant(models.Model):
    """A province's or county's reading of a rule: replaces parameters (``registry.eligibility.rules.PARAMETERS``) from
    ``since`` to before ``until``, at a county or at the city that stands for its province."""

    unit = models.ForeignKey("orgs.OrgUnit", models.PROTECT, related_name="+")
    category = models.CharField(_("类别"), max_length=12, choices=codes.Category)
    parameters = models.JSONField(_("参数"))
    since = models.DateField(_("施行日期"))
    until = models.DateField(_("废止日期"), null=True, blank=True)
    document = models.CharField(_("文件名称或文号"), max_length=120)

    class Meta:
        verbose_name = _("本地规定")
        constraints = [
            models.CheckConstraint(condition=Q(until=None) | Q(until__gt=F("since")), name="variant_ends_after"),
        ]

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)

    def clean(self) -> None:
        """Only declared parameters of this category, each with a value that it accepts."""
        if self.unit_id and self.unit.level not in (1, 2):
            raise ValidationError({"unit": [_("本地规定只能由市或县（市、区）制定。")]})
        if not isinstance(self.parameters, dict) or not self.parameters:
            raise ValidationError({"parameters": [_("请至少写一个参数。")]})
        for name, value in self.parameters.items():
            known = PARAMETERS.get(name)
            if known is None or self.category not in known.categories:
                message = _("“%(name)s”不是这个类别的参数。") % {"name": name}
                raise ValidationError({"parameters": [message]})
            if not known.accepts(value):
                message = _("参数“%(name)s”（%(label)s）的值不对。") % {"name": name, "label": known.label}
                raise ValidationError({"parameters": [message]})
