"""One table has the fields of a file: nothing of the file stands outside it, and what reads it agrees with it."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from registry.child.field_table import NOT_CONTENT, TABLE
from registry.child.fields import RELATIVES, fields
from registry.child.form_fields import WIDGETS
from registry.child.form_steps import STEPS
from registry.child.headings import field_of_heading, heading_of, headings_of
from registry.child.models import ChildFile
from registry.child.services.files import make_file
from registry.family.models import FamilyMember, Guardian
from registry.quality import SECTIONS
from tests.builders import facts

MODELS = (ChildFile, FamilyMember, Guardian)


@pytest.mark.parametrize("model", MODELS)
def test_every_column_is_in_the_table_or_named_with_the_reason_why_not(model):
    content = {field.stored_column.name for field in fields().values() if field.model is model}
    others = NOT_CONTENT[model.__name__]
    columns = {column.name for column in model._meta.concrete_fields}
    assert not content & set(others), "both content and not"
    assert columns == content | set(others)
    assert all(others.values())


def test_no_field_is_there_twice_and_each_has_its_section():
    assert len(fields()) == sum(len(entry.holders) for entry in TABLE)
    assert {entry.section for entry in TABLE} <= set(SECTIONS)


def test_the_form_asks_for_every_field_once():
    asked = [name for _key, _question, groups in STEPS for _title, names in groups for name in names]
    assert sorted(name for name in asked if name in fields()) == sorted(fields())
    assert {entry.question.widget for entry in TABLE} <= {"", *WIDGETS}


def test_a_heading_means_one_field():
    meant: dict = {}
    for field in fields().values():
        assert headings_of(field) and len(headings_of(field)) == len(set(headings_of(field)))
        for heading in headings_of(field):
            meant.setdefault(heading, []).append(field.name)
    assert not {heading: names for heading, names in meant.items() if len(names) > 1}


@pytest.mark.parametrize(
    "heading, name",
    {
        "姓名": "name",
        " 儿童姓名* ": "name",
        "公民身份号码": "id_number",
        "身份证号码（18位）": "id_number",
        "现居住地": "address",
        "户籍所在地": "registered_at",
        "是否学校寄宿": "boarding",
        "患病类型": "illness",
        "父亲": "father_name",
        "父亲 姓名": "father_name",
        "母亲当前务工地点": "mother_away_at",
        "父亲的联系电话": "father_phone",
        "父联系电话": "father_phone",
        "爷爷": "paternal_grandfather_name",
        "外祖母出生日期": "maternal_grandmother_birth_date",
        "监护人姓名": "guardian_name",
        "委托监护人\n电话": "guardian_phone",
        "与被监护人关系": "guardian_relation",
        "监护类型": "guardianship_kind",
        "家庭经济来源": "incomes",
        "救助帮扶": "relief",
    }.items(),
)
def test_the_headings_of_the_national_form_and_of_counties_sheets_are_read(heading, name):
    assert field_of_heading(heading).name == name


@pytest.mark.parametrize("heading", ["", "序号", "备注", "*", "（必填）", "父亲母亲"])
def test_a_heading_that_names_no_field_is_none(heading):
    assert field_of_heading(heading) is None


def test_the_programs_own_headings_are_read_back():
    for field in fields().values():
        assert field_of_heading(heading_of(field)) == field


@pytest.mark.django_db
def test_no_date_of_the_past_lies_after_today_when_a_file_is_made(post):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    given, people = facts(), {holder: {"relation": holder} for holder in RELATIVES}
    past = [field for field in fields().values() if field.entry.past]
    for field in past:
        where = {"child": given["child"], "guardian": given["guardian"]} | people
        where[field.holder][field.column] = tomorrow
    with pytest.raises(ValidationError) as error:
        make_file(by=post, village=post.unit, **given | {"family": list(people.values())})
    assert {"here_since", "father_away_since", "guardian_briefed_on"} <= {field.name for field in past}
    assert set(error.value.message_dict) == {field.name for field in past}
