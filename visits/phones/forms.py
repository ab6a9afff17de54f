"""Forms of what phones send."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from visits.phones.services.files import LONGEST


class PhoneFileForm(forms.Form):
    """The file that a phone wrote: 存为文件."""

    file = forms.FileField(
        label=_("主任手机“存为文件”存下的文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        error_messages={"required": _("请先选文件。"), "empty": _("这个文件是空的，请让主任再存一次。")},
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LONGEST:
            raise ValidationError(_("文件太大，不是手机“存为文件”存下的。"))
        return file
