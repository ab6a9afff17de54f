"""The station reviews a file: approve gives a number, return gives a reason, of two clerks one wins."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied

from childwelfare.workflow.refusals import Refused, Stale
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.child.services.files import complete_file
from registry.child.workflow import FILE, Entering, Leaving
from tests.builders import a_file, a_post, a_submitted_file, a_township, a_unit, a_village, facts, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.both
def test_approval_gives_a_number_that_is_never_used_again(village):
    clerk = a_post(village.township)
    numbers = []
    for _ in range(3):
        file = a_submitted_file(village)
        FILE.apply("approve", file, by=clerk, seen_version=file.version)
        numbers.append(file.file_number)
    assert [number[-4:] for number in numbers] == ["0001", "0002", "0003"]
    assert len(set(numbers)) == 3


def test_approval_makes_the_first_visit_due(village):
    file = a_submitted_file(village)
    FILE.apply("approve", file, by=a_post(village.township), seen_version=file.version)
    due = file.dues.get()
    assert (due.since, due.days) == (file.approved_on, 30)


def test_no_reason_no_return(village):
    file, clerk = a_submitted_file(village), a_post(village.township)
    with pytest.raises(Refused, match="原因"):
        FILE.apply("return", file, by=clerk, seen_version=file.version, reason="  ")
    assert ChildFile.objects.get().state == "submitted"


def test_both_reasons_stay_with_their_names(village):  # D29
    post, clerk = a_post(village), a_post(village.township)
    file = a_submitted_file(village, by=post)
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="请补充照看人电话")
    FILE.apply("submit", file, by=post, seen_version=file.version)
    FILE.apply("return", file, by=clerk, seen_version=file.version, reason="号码少一位")
    reasons = list(file.events.filter(action="return").values_list("reason", "person__name"))
    assert reasons == [("请补充照看人电话", clerk.person.name), ("号码少一位", clerk.person.name)]


@pytest.mark.both
def test_an_approval_of_something_older_than_the_file_is_refused(village):  # D22
    post, clerk = a_post(village), a_post(village.township)
    file = a_submitted_file(village, by=post)
    opened = file.version
    FILE.apply("return", file, by=a_post(village.township), seen_version=file.version, reason="请补充")
    complete_file(file, by=post, seen_version=file.version, **facts(id_number=file.id_number, address="五组"))
    FILE.apply("submit", file, by=post, seen_version=file.version)
    with pytest.raises(Stale):
        FILE.apply("approve", ChildFile.objects.get(), by=clerk, seen_version=opened)
    assert ChildFile.objects.get().state == "submitted"


def test_nobody_approves_what_he_made_himself(village):
    clerk = a_post(village.township)
    file = a_submitted_file(village, by=clerk)
    with pytest.raises(Refused, match="自己"):
        FILE.apply("approve", file, by=clerk, seen_version=file.version)


def test_the_next_township_and_the_county_do_not_approve(village):
    file = a_submitted_file(village)
    for unit in (a_township(village.county), village.county):
        with pytest.raises(PermissionDenied):
            FILE.apply("approve", file, by=a_post(unit), seen_version=file.version)


def test_a_file_without_a_guardian_is_not_sent(village):
    post = a_post(village)
    file = a_file(village, by=post)
    file.guardians.update(name="")
    with pytest.raises(Refused, match="实际监护人"):
        FILE.apply("submit", file, by=post, seen_version=1)


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved", "closed"])
@pytest.mark.parametrize("role", ["director", "clerk", "county", "city", "other"])
@pytest.mark.parametrize("action", list(FILE.transitions))
def test_every_state_role_and_action_by_the_table(village, state, role, action):
    """What the table does not allow is refused, and nothing moves."""
    file = a_submitted_file(village)
    closed = {"closed_on": "2026-01-02", "approved_on": "2026-01-01"} if state == "closed" else {}
    ChildFile.objects.filter(pk=file.pk).update(state=state, **closed)
    file = ChildFile.objects.get()
    unit = {"director": village, "clerk": village.township, "county": village.county, "city": village.city}
    post = a_post(unit[role]) if role in unit else a_post(a_unit(a_township(village.county)))
    payload = {"close": Leaving(datetime.date(2026, 1, 2), "moved"), "reopen": Entering(datetime.date(2026, 1, 2))}
    move = FILE.transitions[action]
    is_whose = move.only is None or move.only[1](post, file)
    allowed = state in move.source and post.may(move.permission, file) and is_whose
    assert (action in [m.action for m in FILE.open_to(post, file)]) == allowed
    try:
        FILE.apply(action, file, by=post, seen_version=file.version, reason="理由", payload=payload.get(action))
        assert allowed and ChildFile.objects.get().state == move.target
    except (PermissionDenied, Refused):
        assert not allowed and ChildFile.objects.get().state == state


def test_the_desk_returns_with_a_reason_and_goes_on_to_the_next(client, village):
    first, second = a_submitted_file(village, name="张子涵"), a_submitted_file(village, name="李明轩")
    sign_in(client, a_post(village.township))
    page = client.get(f"/review/file/{first.pk}/")
    assert "张子涵" in page.text and "李明轩" in page.text
    decided = client.post(f"/review/file/{first.pk}/return/", {"version": first.version, "reason": "请补充电话"})
    assert decided.url == f"/review/file/{second.pk}/"
    assert Audit.objects.filter(action="return_file").exists()


def test_the_desk_says_when_somebody_was_first(client, village):
    file, other = a_submitted_file(village), a_post(village.township)
    sign_in(client, a_post(village.township))
    FILE.apply("return", file, by=other, seen_version=file.version, reason="先退回了")
    page = client.post(f"/review/file/{file.pk}/approve/", {"version": 2}, follow=True)
    assert page.status_code == 409 and "状态已变" in page.text and "这次没有办理" in page.text


def test_the_desk_asks_few_queries(client, village, django_assert_max_num_queries):
    for _ in range(10):
        a_submitted_file(village)
    sign_in(client, a_post(village.township))
    with django_assert_max_num_queries(24):
        assert client.get("/review/").status_code == 200


def test_the_list_asks_eleven_queries_whatever_its_length(client, village, django_assert_max_num_queries):
    post = a_post(village.township)
    for _ in range(12):
        a_submitted_file(village)
    sign_in(client, post)
    with django_assert_max_num_queries(11):  # villages to choose from, saved lists, who stays here, two for the trail
        page = client.get("/children/")
    assert page.status_code == 200 and page.text.count("<tr>") == 13


def test_the_city_sees_masked_rows_and_opens_no_file(client, village):
    file = a_submitted_file(village, name="欧阳子涵")
    FILE.apply("approve", file, by=a_post(village.township), seen_version=file.version)
    sign_in(client, a_post(village.city))
    page = client.get("/children/")
    assert "欧***" in page.text and "欧阳子涵" not in page.text and str(file.pk) not in page.text
    assert client.get(f"/children/{file.pk}/").status_code == 403
    assert client.post(f"/children/{file.pk}/reveal/", {"field": "id_number"}).status_code == 403


def test_a_file_of_another_place_is_not_found_and_tells_nothing(client, village):
    file = a_submitted_file(a_village(), name="欧阳子涵")
    sign_in(client, a_post(village))
    page = client.get(f"/children/{file.pk}/")
    assert page.status_code == 404 and "欧阳" not in page.text


@pytest.mark.both
def test_pages_further_on_miss_and_repeat_nobody(client, village):
    files = {str(a_submitted_file(village).pk) for _ in range(7)}
    from childwelfare.tables.keyset import page_of

    seen, cursor = [], ""
    while True:
        page = page_of(ChildFile.objects.within(village), ("updated_at", "id"), cursor, size=3)
        seen += [str(file.pk) for file in page]
        if not page.older:
            break
        cursor = page.older
    assert len(seen) == 7 and set(seen) == files
    back = page_of(ChildFile.objects.within(village), ("updated_at", "id"), page.newer, size=3)
    assert [str(file.pk) for file in back] == seen[3:6]
    assert len(page_of(ChildFile.objects.within(village), ("updated_at", "id"), "nonsense", size=3)) == 3
