"""Fields of what programs send about a sheet."""

from django.utils.translation import gettext as _
from rest_framework import serializers

from childwelfare.api.fields import PrintedText
from childwelfare.text.cleaning import clean_text
from reports.indicators.cross_checks import CHECKS
from reports.submissions.moves import EXPLANATION_LONGEST
from reports.submissions.sheets import TWICE

KNOWN = {TWICE, *(check.key for check in CHECKS)}


class Explanations(serializers.DictField):
    """{key of a relation: why it does not hold}. Whether it is one that does not hold is asked by the service."""

    child = PrintedText(max_length=EXPLANATION_LONGEST, allow_blank=True)

    def to_internal_value(self, data):
        if isinstance(data, dict):
            if unknown := [key for key in data if key not in KNOWN]:
                raise serializers.ValidationError(_("没有“%(key)s”这条关系。") % {"key": clean_text(unknown[0])[:40]})
            if not all(isinstance(text, str) for text in data.values()):
                raise serializers.ValidationError(_("说明要写成文字。"))
        return super().to_internal_value(data)
