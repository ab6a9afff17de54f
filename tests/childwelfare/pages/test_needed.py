"""What a form marks as needed is what the server would miss: no fault comes only after sending."""

import uuid

import pytest
from django import forms
from django.utils import timezone

from childwelfare.pages.needed import needed_of
from registry.changes.forms import ChangeForm
from registry.child.forms import ChildForm
from registry.child.services.files import make_file
from visits.alerts.forms import AlertForm
from visits.alerts.services.raising import raise_alert
from visits.visit.forms.visit import VisitForm
from visits.visit.questions import VISIT_QUESTIONS

pytestmark = pytest.mark.django_db


def rules_of(form) -> dict[str, str]:
    """{field: on which answers it is needed, "" for always}"""
    return {name: needed.rule for name, field in form.fields.items() if (needed := needed_of(field))}


@pytest.mark.parametrize(
    "said, missing",
    [
        ({}, {"id_number", "birth_date", "categories"}),
        ({"no_id_reason": "unregistered"}, {"birth_date", "sex", "categories"}),
        ({"categories": ["difficulty"], "no_id_reason": "unregistered"}, {"birth_date", "sex", "difficulty"}),
        (
            {"categories": ["left_behind"], "schooling": "dropped_out"},
            {"id_number", "birth_date", "out_of_school_since"},
        ),
    ],
)
def test_the_form_of_a_child_marks_what_the_server_would_miss(post, said, missing):
    given = {"pk": str(uuid.uuid4()), "name": "刘雨欣", "nation": "01", "village": str(post.unit.uid)}
    given |= {"guardian_name": "刘桂芳", "guardian_relation": "paternal_grandmother"}
    form = ChildForm(given | said, post=post)
    assert form.is_valid(), form.errors
    data = form.cleaned_data
    form.attempt(make_file, by=post, village=data["village"], pk=data["pk"], **form.service_arguments())
    assert set(form.errors) == missing
    marked = set()
    for name, rule in rules_of(form).items():
        other, _sign, wanted = rule.partition("=")
        answers = form.data.get(other) or ""
        if not rule or (wanted in answers if isinstance(answers, list) else wanted == answers):
            marked.add(name)
    assert missing <= marked <= missing | {"birth_date", "sex", *given, *said}


def test_a_change_needs_no_new_category_but_the_end_of_one_that_ends(director, child):
    rules = rules_of(ChangeForm(post=director, file=child))
    assert "categories" not in rules and rules["end_on"] == rules["end_reason"] == "ending=*"
    assert "id_number" not in rules, "the number on file stays when the field is blank"


def test_the_form_of_a_visit_marks_what_its_table_calls_needed():
    form = VisitForm()
    rules = rules_of(form)
    for question in VISIT_QUESTIONS.questions:
        asked = question.opener.name if question.opener else question.name
        assert (asked in rules) == bool(question.needed or question.needed_when), question.name
    assert rules["hazard"] == "" and rules["next_on"] == "next_step=come_again"


def test_the_form_of_a_report_marks_what_the_server_would_miss(director):
    form = AlertForm({"pk": str(uuid.uuid4()), "found_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}"}, post=director)
    assert form.is_valid(), form.errors
    form.attempt(raise_alert, by=director, **form.arguments())
    rules = rules_of(form)
    assert set(form.errors) == {name for name, rule in rules.items() if rule in ("", "child=")}
    assert rules["called_at"] == "call=made|others"


def test_what_is_said_of_a_missing_field_names_it():
    name, kind = forms.CharField(label="姓名"), forms.ChoiceField(label="关系", choices=[("a", "甲")])
    said = [needed_of(field).missing for field in (name, kind, forms.CharField(label="谁在照看？"))]
    assert said == ["请填写：姓名。", "请选择：关系。", "这一项要填。"]
