"""A field that an operation does not have is refused under its name: nothing of what was sent is dropped unseen."""

import pytest
from drf_spectacular.generators import SchemaGenerator
from rest_framework import serializers

from childwelfare.api.bodies import OnlyItsFields
from childwelfare.api.schema import Operation as DescribedOperation
from registry.changes.models import Change, ChangeState
from registry.child.models import ChildFile
from tests.api.test_any_body import OPERATIONS
from tests.builders import a_change, a_visit, an_approved_file, sign_in
from tests.test_matrix import address, world  # noqa: F401 (a fixture)
from visits.visit.models import Visit
from visits.visit.services.log import recall_visit

pytestmark = pytest.mark.django_db
WORDS = ["系统没有这一项，没有收下。"]
# of the world's records those that the first role that may act does not see
OF_OTHERS = ("api-alert-", "api-account-request-", "api-ledger-template-")
WRITING = [operation for operation in OPERATIONS if operation.method in ("post", "put", "patch")]


def parts_of(field):
    """A field and what it holds, however deep."""
    yield field
    inner = list(field.fields.values()) if isinstance(field, serializers.Serializer) else []
    child = getattr(field, "child", None)
    for each in [*inner, child] if child is not None else inner:
        yield from parts_of(each)


def send(client, where, body):
    return client.post(where, body, content_type="application/json")


def bodies():
    """(path, serializer) of all that an operation is sent, as the API describes itself."""
    read, plain = [], DescribedOperation._get_request_body

    def note(operation, *given):
        if operation.method in ("POST", "PUT", "PATCH"):
            asked = operation.get_request_serializer()
            of_media = list(asked.values()) if isinstance(asked, dict) else [asked]
            read.extend((str(operation.path), one) for each in of_media for one in getattr(each, "serializers", [each]))
        return plain(operation, *given)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DescribedOperation, "_get_request_body", note)
        SchemaGenerator().get_schema(request=None, public=True)
    return [(path, made() if isinstance(made, type) else made) for path, made in read if made is not None]


def test_all_that_any_operation_is_sent_is_read_by_what_refuses_the_unknown():
    sent = bodies()
    lax = {
        f"{path} {type(part).__name__}"
        for path, body in sent
        for part in parts_of(body)
        if isinstance(part, serializers.Serializer) and not isinstance(part, OnlyItsFields)
    }
    assert len(sent) > 50 and not lax


@pytest.mark.parametrize("role", sorted({operation.role for operation in WRITING}))
def test_every_operation_names_the_field_that_it_does_not_have(client, world, role):  # noqa: F811
    post, record, wrong = world["posts"][role], world["here"] | world["mine"][role], {}
    sign_in(client, post)
    for operation in WRITING:
        if operation.role == role:
            where = address(operation.path, record, operation.name)
            answer = client.generic(operation.method.upper(), where, '{"zz": 1}', content_type="application/json")
            if answer.status_code == 404 and operation.name.startswith(OF_OTHERS):
                continue
            if answer.status_code != 400 or answer.json().get("zz") != WORDS:
                wrong[str(operation)] = (answer.status_code, answer.text[:200])
    assert not wrong


def test_a_misspelled_list_of_fields_returns_nothing(client, clerk, village):
    change = a_change(an_approved_file(village), address="五组", school="二小")
    sign_in(client, clerk)
    given = {"version": change.version, "names": ["school"], "reason": "看不清"}
    answer = send(client, f"/api/v1/changes/{change.pk}/return/", given)
    assert (answer.status_code, answer.json()) == (400, {"names": WORDS})
    assert Change.objects.get(pk=change.pk).state == ChangeState.SUBMITTED


@pytest.mark.parametrize("move", ["undo", "withdraw"])
def test_a_move_of_the_whole_change_takes_no_list_of_fields(client, clerk, village, move):
    change = a_change(an_approved_file(village), address="五组")
    sign_in(client, clerk)
    answer = send(client, f"/api/v1/changes/{change.pk}/{move}/", {"version": 1, "fields": ["address"]})
    assert (answer.status_code, answer.json()) in ((400, {"fields": WORDS}), (403, answer.json()))


def test_a_visit_sent_again_under_a_misspelled_name_keeps_its_answers(client, post, village):
    visit = a_visit(an_approved_file(village), by=post)
    recall_visit(visit, by=post, seen_version=visit.version)
    before = Visit.objects.get(pk=visit.pk)
    sign_in(client, post)
    given = {"version": before.version, "visited_on": before.visited_on.isoformat(), "hazards": [], "need": ["study"]}
    answer = send(client, f"/api/v1/visits/{visit.pk}/resubmit/", given)
    assert answer.status_code == 400 and answer.json()["need"] == WORDS
    now = Visit.objects.get(pk=visit.pk)
    assert (now.version, now.needs) == (before.version, before.needs)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"state": "approved"}, {"state": WORDS}),
        (
            {"guardian": {"name": "刘桂芳", "relation": "aunt", "phone_number": "1"}},
            {"guardian": {"phone_number": WORDS}},
        ),
        ({"categories": [{"category": "orphan", "from": "2024-01-01"}]}, {"categories": {"0": {"from": WORDS}}}),
        ({"family": [{"relation": "father", "nickname": "甲"}]}, {"family": {"0": {"nickname": WORDS}}}),
    ],
)
def test_what_is_only_shown_and_what_stands_inside_a_part_is_refused_too(client, post, village, body, told):
    before = ChildFile.objects.count()
    sign_in(client, post)
    whole = {"village": str(village.uid), "name": "刘雨欣", "categories": [{"category": "orphan"}]} | body
    answer = send(client, "/api/v1/children/", whole)
    assert (answer.status_code, answer.json()) == (400, told)
    assert ChildFile.objects.count() == before


def test_a_change_says_old_and_new_by_their_names_alone(client, clerk, village):
    file = an_approved_file(village)
    sign_in(client, clerk)
    body = {"child": str(file.pk), "fields": {"address": {"base": "三组", "value": "五组", "old": "三组"}}}
    answer = send(client, "/api/v1/changes/", body)
    assert answer.status_code == 400 and answer.json() == {"fields": {"address": {"old": WORDS}}}


def test_what_is_wrong_besides_is_told_with_it(client, post):
    sign_in(client, post)
    told = send(client, "/api/v1/children/", {"nam": "刘雨欣"}).json()
    assert told["nam"] == WORDS and {"name", "village", "categories"} <= told.keys()


def test_a_form_names_what_it_sends_as_json_does(client, clerk, village):
    file = an_approved_file(village)
    sign_in(client, clerk)
    answer = client.post(f"/api/v1/children/{file.pk}/submit/", {"version": "1", "guardian.zz": "1"})
    assert answer.status_code == 400 and answer.json() == {"guardian.zz": WORDS}
