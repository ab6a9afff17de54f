"""Uploading papers: one kind and note for all that is chosen at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from childwelfare.pages.forms import ServiceErrors
from childwelfare.text.cleaning import clean_text
from registry.child import codes
from registry.papers.models import PaperKind
from registry.papers.services import MAX_PDF, MB, REASON_LIMIT

NOBODY = [("", _("孩子本人"))]


class PaperForm(ServiceErrors, forms.Form):
    """``pk`` makes the sending of one file the same paper when it is sent again."""

    pdf_megabytes = MAX_PDF // MB
    pk = forms.UUIDField(required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("材料种类"), choices=[("", _("请选择")), *PaperKind.choices])
    of = forms.ChoiceField(label=_("谁的材料"), choices=[*NOBODY, *codes.Relation.choices], required=False)
    note = forms.CharField(label=_("说明，可不填"), max_length=100, required=False)

    def clean_note(self):
        return clean_text(self.cleaned_data["note"])


class VoidForm(ServiceErrors, forms.Form):
    reason = forms.CharField(label=_("作废原因"), max_length=REASON_LIMIT)
