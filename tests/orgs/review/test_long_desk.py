"""A desk with more than it shows: what is asked for by its address opens, the API pages through all of it."""

import pytest

from orgs.review import queue
from orgs.review.queue import queue_of
from tests.builders import a_change, a_post, a_submitted_file, a_visit, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(monkeypatch):
    monkeypatch.setattr(queue, "SHOWN", 2)


@pytest.fixture
def files(here, shown):
    director = a_post(here)
    return [a_submitted_file(here, by=director, name=f"第{number}个") for number in "一二三四五"]


def test_a_case_beyond_the_first_is_opened_by_its_address(client, clerk, files):
    last, seen = files[-1], {item.pk for item in queue_of(clerk)}
    assert last.pk not in seen
    sign_in(client, clerk)
    page = client.get(f"/review/file/{last.pk}/")
    assert page.status_code == 200 and page.context["current"].pk == last.pk
    assert page.context["previous_url"] == page.context["queue"][1].url
    assert page.context["next_url"] == page.context["queue"][0].url and "下一条" in page.text
    assert page.context["waits"] == 5 and "待审核 5\n" in page.text
    badge = next(entry["count"] for entry in page.context["nav"] if entry["url"] == "/review/")
    assert badge == 5


def test_after_the_last_of_a_queue_nothing_comes_next(client, here, clerk):
    first, last = (a_submitted_file(here) for _ in range(2))
    sign_in(client, clerk)
    assert client.get(f"/review/file/{first.pk}/").context["next_url"] == f"/review/file/{last.pk}/"
    assert not client.get(f"/review/file/{last.pk}/").context["next_url"]


def test_a_refused_decision_on_it_keeps_what_was_typed(client, clerk, files):
    sign_in(client, clerk)
    where = f"/review/file/{files[-1].pk}"
    refused = client.post(f"{where}/return/", {"version": 99, "reason": "请补充照看人电话"})
    assert refused.status_code == 409 and 'data-reason-text="请补充照看人电话"' in refused.text
    passed = client.post(f"{where}/approve/", {"version": files[-1].version})
    assert passed.url in {item.url for item in queue_of(clerk)}


def test_the_api_counts_all_and_pages_through_all(client, here, clerk, files):
    file = an_approved_file(here)
    for text in "甲乙丙":
        a_change(file, address=text)
    a_visit(file)
    sign_in(client, clerk)
    found, where = [], "/api/v1/reviews/?page_size=2"
    while where:
        answer = client.get(where).json()
        assert answer["count"] == 9
        found += [(row["kind"], row["id"]) for row in answer["results"]]
        where = answer["next"]
    assert len(found) == len(set(found)) == 9
    assert found[:5] == [(item.kind, str(item.pk)) for item in queue_of(clerk)], "as on the desk"


def test_the_heading_counts_what_may_be_decided_and_names_ones_own_apart(client, here, clerk):
    a_submitted_file(here)
    a_submitted_file(here, by=clerk)
    sign_in(client, clerk)
    page = client.get("/review/")
    badge = next(entry["count"] for entry in page.context["nav"] if entry["url"] == "/review/")
    assert (badge, page.context["waits"], page.context["own"]) == (1, 1, 1)
    assert "另有自己填报或送出 1" in page.text


def test_head_and_foot_of_the_desk_count_the_same(client, here, clerk):
    """The number to decide, as the badge has it; what is the reader's own is neither in it nor at a place of it."""
    own, others = a_submitted_file(here, by=clerk), [a_submitted_file(here), a_submitted_file(here)]
    sign_in(client, clerk)
    for narrowed in ("", "?only=file"):
        for place, case in enumerate(others, start=1):
            page = client.get(f"/review/file/{case.pk}/{narrowed}")
            assert (page.context["position"], page.context["number"]) == (place, 2)
            assert "待审核 2\n" in page.text and f"{place} / 2" in page.text
        page = client.get(f"/review/file/{own.pk}/{narrowed}")
        assert "/ 2" not in page.text.split('id="decide"')[1]


def test_it_goes_back_to_who_wrote_last(client, here, clerk):
    file = a_submitted_file(here)
    colleague = a_post(here)
    file.events.create(action="complete", was="submitted", now="submitted", person=colleague.person, post=colleague)
    visit = a_visit(an_approved_file(here))
    visit.events.create(action="resubmit", was="returned", now="submitted", person=colleague.person, post=colleague)
    colleague.person.name = "后写的人"
    colleague.person.save()
    sign_in(client, clerk)
    for where in (f"/review/file/{file.pk}/", f"/review/visit/{visit.pk}/"):
        page = client.get(where)
        assert "退回给后写的人" in page.text


def test_a_return_that_was_taken_back_is_not_shown(client, here, clerk):
    from registry.changes.services import return_change, undo_decision

    director = a_post(here)
    change = a_change(an_approved_file(here), by=director, address="五组")
    return_change(change, by=clerk, seen_version=1, reason="缺门牌号")
    undo_decision(change, by=clerk, seen_version=2)
    sign_in(client, clerk)
    page = client.get(f"/review/change/{change.pk}/")
    assert "“缺门牌号”" not in page.text and not page.context["returned_column"]


def test_a_decided_case_offers_its_undoing_alone(client, here, clerk):
    file = a_submitted_file(here)
    sign_in(client, clerk)

    def decide(**said):
        where = f"/api/v1/reviews/file/{file.pk}/decide/"
        return client.post(where, said, content_type="application/json").json()

    done = decide(action="approve", version=file.version)
    assert (done["state"], done["actions"]) == ("approved", ["undo"])
    again = decide(action="undo", version=done["version"])
    assert (again["state"], again["actions"]) == ("submitted", ["approve", "return"])
