"""What was typed into a form that can't be sent any more, as the page had called it: never a key."""

import uuid

import pytest
from django import forms

from childwelfare.pages.typed import typed_words
from orgs.units.models import OrgUnit
from registry.child.forms import ChildForm
from tests.builders import a_post, a_village, an_approved_file
from visits.alerts.forms import AlertForm

pytestmark = pytest.mark.django_db


def said(form: forms.BaseForm, name: str) -> str:
    return dict(typed_words(form))[form[name].label]


def test_the_village_of_a_report_is_said_by_its_name():
    village = a_village()
    form = AlertForm({"village": str(village.uid)}, post=a_post(village.township))
    assert said(form, "village") == village.path_label


def test_the_child_of_a_report_is_said_as_the_list_called_it():
    file = an_approved_file(a_village(), name="欧阳小满", address="三组 5 号")
    form = AlertForm({"child": str(file.pk)}, post=a_post(file.village))
    assert said(form, "child") == "欧阳小满 三组 5 号"


def test_the_village_of_a_new_file_is_said_by_its_name():
    village = a_village()
    form = ChildForm({"village": str(village.uid)}, post=a_post(village.township))
    assert said(form, "village") == village.short_name


def test_what_is_offered_no_longer_is_said_so():
    class AForm(forms.Form):
        village = forms.ModelChoiceField(queryset=OrgUnit.objects.none(), to_field_name="uid")
        kind = forms.ChoiceField(choices=[("school", "学校")])

    words = dict(typed_words(AForm({"village": str(uuid.uuid4()), "kind": "home_visit"})))
    assert set(words.values()) == {"您选的那一项，现在已不在可选的里面"}
    assert said(AForm({"village": "nonsense", "kind": "school"}), "kind") == "学校"


def test_one_record_is_read_whatever_the_length_of_the_list(django_assert_num_queries):
    villages = [a_village() for _ in range(3)]
    field = forms.ModelChoiceField(queryset=OrgUnit.objects.filter(level=4), to_field_name="uid")
    form = type("AForm", (forms.Form,), {"village": field})({"village": str(villages[1].uid)})
    with django_assert_num_queries(1):
        assert said(form, "village") == villages[1].name
