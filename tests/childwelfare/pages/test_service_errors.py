"""What a service refuses stands at its field, or above the form where it names none."""

import pytest
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

from childwelfare.pages.forms import ServiceErrors
from childwelfare.workflow.refusals import messages_by_field


class AForm(ServiceErrors, forms.Form):
    name = forms.CharField()


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        ("不能办。", {NON_FIELD_ERRORS: ["不能办。"]}),
        (["不能办。", "明天再来。"], {NON_FIELD_ERRORS: ["不能办。", "明天再来。"]}),
        ({"name": ["太长。"]}, {"name": ["太长。"]}),
        ({"name": ["太长。"], "elsewhere": ["不对。"]}, {"name": ["太长。"], NON_FIELD_ERRORS: ["不对。"]}),
    ],
)
def test_a_service_may_refuse_with_a_field_or_without(said, stands):
    def refuse():
        raise ValidationError(said)

    form = AForm({"name": "张子涵"})
    assert form.attempt(refuse) is None
    assert form.errors == stands


def test_messages_are_given_by_field_whatever_they_were_raised_with():
    assert messages_by_field(ValidationError("最多 %(n)s 个", params={"n": 3})) == {NON_FIELD_ERRORS: ["最多 3 个"]}
    assert messages_by_field(ValidationError({"name": ["太长。"]})) == {"name": ["太长。"]}
