"""A form says to the API what JSON says: what it names as no field reads it is refused under its name, and what it does
not name is not there."""

from urllib.parse import urlencode

import pytest
from django.http import QueryDict
from rest_framework import serializers

from registry.changes.models import Change, ChangeState, Verdict
from registry.child.models import ChildFile
from tests.api.test_unknown_fields import WORDS, bodies
from tests.builders import a_change, an_approved_file, an_id_number, answers, sign_in
from visits.alerts.models import Alert
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db
TWICE = ["这一项写了不止一次，没有收下。"]
OF_A_LIST = ["{}[]", "{}[school]", "{}.0", "{}[0", "{}0]", "{}[00]", "{}[-1]", "{}[0]x", "{}[0].x", "{}[0][0]"]
OF_A_TEXT = ["{}[]", "{}[0]", "{}.x", "{}.", "{}[", "{}[x]"]
OF_A_PART = ["{}", "{}[]", "{}[name]", "{}[0]name", "{}.", "{}name"]
TYPES = ["multipart", "urlencoded"]


def send(client, where, said, media="multipart"):
    """``said``: (name, value) pairs."""
    if media == "multipart":
        named = {}
        for name, value in said:
            named.setdefault(name, []).append(value)
        return client.post(f"/api/v1/{where}", named)
    return client.post(f"/api/v1/{where}", urlencode(said), content_type="application/x-www-form-urlencoded")


@pytest.fixture
def change(village):
    return a_change(an_approved_file(village), address="五组", school="二小")


@pytest.mark.parametrize("media", TYPES)
@pytest.mark.parametrize("spelled", OF_A_LIST)
@pytest.mark.parametrize("move", ["approve", "return"])
def test_fields_named_as_no_list_is_read_decide_nothing(client, clerk, change, move, spelled, media):
    sign_in(client, clerk)
    name = spelled.format("fields")
    said = [("version", "1"), ("reason", "看不清"), (name, "school")]
    answer = send(client, f"changes/{change.pk}/{move}/", said, media)
    assert (answer.status_code, answer.json()) == (400, {name: WORDS})
    assert set(change.fields.values_list("verdict", flat=True)) == {Verdict.PENDING}


@pytest.mark.parametrize("media", TYPES)
@pytest.mark.parametrize("name", ["fields", "fields[0]"])
def test_fields_named_as_a_list_is_read_are_decided_alone(client, clerk, change, name, media):
    sign_in(client, clerk)
    answer = send(client, f"changes/{change.pk}/approve/", [("version", "1"), (name, "school")], media)
    assert answer.status_code == 200, answer.text
    verdicts = dict(change.fields.values_list("name", "verdict"))
    assert verdicts == {"address": Verdict.PENDING, "school": Verdict.APPROVED}


def test_a_list_is_named_in_one_way_at_a_time(client, clerk, change):
    sign_in(client, clerk)
    both = [("version", "1"), ("fields", "school"), ("fields[0]", "address")]
    answer = send(client, f"changes/{change.pk}/approve/", both)
    assert (answer.status_code, answer.json()) == (400, {"fields[0]": WORDS})
    together = [("version", "1"), ("fields", "school"), ("fields", "address")]
    assert send(client, f"changes/{change.pk}/approve/", together).status_code == 200
    assert Change.objects.get(pk=change.pk).state == ChangeState.DECIDED


def test_a_place_that_is_no_number_of_ours_is_refused(client, clerk, change):
    sign_in(client, clerk)
    client.raise_request_exception = False
    said = [("version", "1"), (f"fields[{'9' * 5000}]", "school")]
    answer = send(client, f"changes/{change.pk}/approve/", said, "urlencoded")
    assert answer.status_code == 400 and list(answer.json().values()) == [WORDS]


@pytest.mark.parametrize("spelled", OF_A_TEXT)
def test_a_text_has_nothing_inside(client, clerk, change, spelled):
    sign_in(client, clerk)
    name = spelled.format("reason")
    answer = send(client, f"changes/{change.pk}/return/", [("version", "1"), (name, "看不清")])
    assert (answer.status_code, answer.json()) == (400, {name: WORDS})
    assert Change.objects.get(pk=change.pk).state == ChangeState.SUBMITTED


def test_of_a_text_said_twice_none_is_taken(client, clerk, change):
    sign_in(client, clerk)
    twice = [
        ("version", "1"),
        ("version", "2"),
        ("reason", "看不清"),
        ("fields[0]", "school"),
        ("fields[0]", "address"),
    ]
    answer = send(client, f"changes/{change.pk}/return/", twice)
    assert (answer.status_code, answer.json()) == (400, {"version": TWICE, "fields[0]": TWICE})
    assert Change.objects.get(pk=change.pk).state == ChangeState.SUBMITTED


@pytest.mark.parametrize("name", ["settle", "settle[address]", "settle[0]", "settle.", "settle[0]address"])
def test_what_is_settled_is_named_behind_a_dot(client, clerk, village, name):
    change = a_change(file := an_approved_file(village), address="五组")
    ChildFile.objects.filter(pk=file.pk).update(address="九组")
    sign_in(client, clerk)
    where = f"changes/{change.pk}/approve/"
    answer = send(client, where, [("version", "1"), (name, "九组")])
    assert (answer.status_code, answer.json()) == (400, {name: WORDS})
    assert send(client, where, [("version", "1"), ("settle.address", "九组")]).status_code == 200
    assert ChildFile.objects.get(pk=file.pk).address == "五组"


# --- what a form does not name


def a_visit_by_form(file, *more):
    """Pairs of a visit's answers, without the list of hazards, and ``more``."""
    said = [("child", str(file.pk)), *more]
    for name, value in answers().items():
        said.extend((name, str(each)) for each in (value if isinstance(value, list) else [value]))
    return said


@pytest.mark.parametrize("media", TYPES)
def test_a_visit_by_form_that_says_nothing_of_hazards_is_refused_as_by_json(client, post, village, media):
    file = an_approved_file(village)
    sign_in(client, post)
    answer = send(client, "visits/", a_visit_by_form(file), media)
    by_json = client.post("/api/v1/visits/", dict(a_visit_by_form(file)), content_type="application/json")
    assert (answer.status_code, set(answer.json())) == (400, {"hazards"})
    assert "hazards" in by_json.json() and not Visit.objects.exists()


@pytest.mark.parametrize("spelled", ["{}[]", "{}[0]", "{}[water]", "{}.0", "{}[", "{}.x"])
def test_a_hazard_that_a_form_names_otherwise_is_not_lost(client, post, village, spelled):
    sign_in(client, post)
    name = spelled.format("hazards")
    answer = send(client, "visits/", a_visit_by_form(an_approved_file(village), (name, "water")))
    assert answer.status_code == 400 and answer.json()[name] == WORDS
    assert not Visit.objects.exists()


@pytest.mark.parametrize(("said", "kept"), [(["water", "fire"], ["fire", "water"]), ([""], [])])
def test_a_form_says_which_hazards_and_that_there_are_none(client, post, village, said, kept):
    sign_in(client, post)
    more = [("hazards", each) for each in said]
    answer = send(client, "visits/", a_visit_by_form(an_approved_file(village), *more))
    assert answer.status_code == 201, answer.text
    assert sorted(Visit.objects.get().hazards) == kept


@pytest.mark.parametrize("spelled", ["{}[]", "{}.0", "{}[burns]", "{}[0]x", "{}[0"])
def test_an_alert_by_form_names_its_situations_as_they_are_read(client, post, spelled):
    sign_in(client, post)
    name = spelled.format("situations")
    said = [("call", "busy"), ("child_words", "四五岁女孩"), ("where", "村东桥头")]
    answer = send(client, "alerts/", [*said, (name, "abandoned")])
    assert answer.status_code == 400 and answer.json()[name] == WORDS and "situations" in answer.json()
    assert "situations" in send(client, "alerts/", said).json() and not Alert.objects.exists()
    assert send(client, "alerts/", [*said, ("situations[0]", "abandoned")]).status_code == 201
    assert Alert.objects.get().situations == ["abandoned"]


def a_child_by_form(village, *more):
    return [("village", str(village.uid)), ("name", "刘雨欣"), ("id_number", an_id_number()),
            ("categories[0]category", "orphan"), *more]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    [
        *(spelled.format("guardian") for spelled in OF_A_PART),
        *("family", "family[]", "family[0]", "family.0", "family[x]name", "family[00]name", "family[0", "name.x"),
    ],
)
def test_a_part_of_a_file_is_named_as_it_is_read(client, post, village, name):
    before = ChildFile.objects.count()
    sign_in(client, post)
    answer = send(client, "children/", a_child_by_form(village, (name, "刘桂芳")))
    assert answer.status_code == 400 and answer.json() == {name: WORDS}
    assert ChildFile.objects.count() == before


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (
            [("guardian.name", "刘桂芳"), ("guardian.relation", "aunt"), ("guardian.zz", "1")],
            {"guardian": {"zz": WORDS}},
        ),
        ([("family[0]relation", "father"), ("family[0]zz", "1")], {"family": {"0": {"zz": WORDS}}}),
        ([("family[0]relation", "father"), ("family[0].name", "甲")], {"family": {"0": {".name": WORDS}}}),
    ],
)
def test_inside_a_part_a_form_is_asked_as_json_is(client, post, village, more, told):
    sign_in(client, post)
    answer = send(client, "children/", a_child_by_form(village, *more))
    assert (answer.status_code, answer.json()) == (400, told)


def test_a_file_by_form_has_its_parts(client, post, village):
    before = set(ChildFile.objects.values_list("pk", flat=True))
    sign_in(client, post)
    more = [("guardian.name", "刘桂芳"), ("guardian.relation", "aunt"), ("family[0]relation", "father"),
            ("family[0]name", "刘大军")]  # fmt: skip
    answer = send(client, "children/", a_child_by_form(village, *more))
    assert answer.status_code == 201, answer.text
    file = ChildFile.objects.exclude(pk__in=before).get()
    assert file.guardians.get().name == "刘桂芳" and file.family.get().name == "刘大军"


# --- every body that a form may be


def names_of(field):
    """(names that a form reads for ``field``, names that it does not)."""
    name = field.field_name
    if isinstance(field, serializers.ListSerializer):
        return [f"{name}[0]zz"], [name, f"{name}[]", f"{name}.zz", f"{name}[0]", f"{name}[x]zz"]
    if isinstance(field, (serializers.BaseSerializer, serializers.DictField)):
        return [f"{name}.zz"], [name, f"{name}[]", f"{name}[zz]", f"{name}[0]zz", f"{name}."]
    others = [f"{name}[]", f"{name}[zz]", f"{name}.0", f"{name}.", f"{name}[", f"{name}[0", f"{name}zz"]
    if isinstance(field, serializers.ListField):
        inside = "zz" if isinstance(field.child, serializers.DictField) else ""
        return [name, f"{name}[0]{inside}"], [*others, f"{name}[00]{inside}"]
    return [name], [*others, f"{name}[0]"]


def told_of(body, form):
    body = type(body)(data=form)
    body.is_valid()
    return body.errors


def test_every_field_of_every_body_is_read_of_a_form_by_its_own_names_alone():
    wrong, asked = [], 0
    for path, body in bodies():
        for field in list(body.fields.values()):
            if field.read_only:
                continue
            asked += 1
            read, unread = names_of(field)
            wrong += [(path, name) for name in read if told_of(body, QueryDict(f"{name}=1")).get(name) == WORDS]
            form = QueryDict(mutable=True)
            form.update(dict.fromkeys(unread, "1"))
            told = told_of(body, form)
            wrong += [(path, name) for name in unread if told.get(name) != WORDS]
    assert asked > 150 and not wrong


def test_what_no_body_may_lack_a_form_may_not_lack_either():
    """And what is left out has the same default: no field is read of a form that does not name it."""
    wrong = {}
    for path, body in bodies():
        by_form, by_json = told_of(body, QueryDict("")), told_of(body, {})
        if by_form != by_json:
            wrong[path] = (by_form, by_json)
        elif not by_json and type(body)(data=QueryDict("")).run_validation(QueryDict("")) != body.run_validation({}):
            wrong[path] = "another default"
    assert not wrong
