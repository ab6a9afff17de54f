"""Plans on pages, on the desk and over the API."""

import pytest
from django.urls import reverse

from orgs.audit.models import Audit
from registry.plans.models import Goal, Plan
from tests.builders import a_post, a_village, sign_in
from tests.registry.plans.plans import DAY, a_line, a_plan, a_running_plan, today

pytestmark = pytest.mark.django_db


def posted(director, **given):
    return {
        "lead": str(director.uid),
        "review_on": str(today() + 60 * DAY),
        "child_heard": "想妈妈",
        "guardian_heard": "愿意",
        "g0-goal": "睡得好",
        "g0-measure": "心理辅导",
        "g0-who": "张红梅",
        "g0-by_on": str(today() + 30 * DAY),
    } | given


def test_a_director_writes_a_plan_and_reads_where_it_is(client, file, director, need):
    sign_in(client, director)
    page = client.get(reverse("plan-new", args=[file.pk]))
    assert page.status_code == 200 and "情绪" in page.text
    answer = client.post(
        reverse("plan-new", args=[file.pk]), posted(director, **{"g0-need": str(need.pk)}), follow=True
    )
    plan = Plan.objects.get()
    assert answer.redirect_chain[-1][0] == reverse("plan-detail", args=[plan.pk])
    assert "待审批" in answer.text and "睡得好" in answer.text
    # told at once, and on the page until it is decided
    assert answer.text.count(f"等{file.township.centre_name}审批") == 2
    assert Audit.objects.filter(action="view_plan").exists()


def test_what_is_wrong_in_a_line_stands_in_that_line_and_nothing_is_lost(client, file, director):
    sign_in(client, director)
    given = posted(director, **{"g2-goal": "补上体检", "g2-by_on": "", "g2-measure": "陪着去", "g2-who": "王秀兰"})
    page = client.post(reverse("plan-new", args=[file.pk]), given)
    assert page.status_code == 422 and not Plan.objects.exists()
    assert "目标 3 有要改的地方" in page.text and "请写明何时前完成" in page.text and "补上体检" in page.text


def test_the_station_approves_on_the_desk(client, file, director, clerk):
    plan = a_plan(file, director)
    sign_in(client, clerk)
    assert "帮扶方案" in client.get(reverse("review")).text
    case = client.get(reverse("review-case", args=["plan", plan.pk]))
    assert case.status_code == 200 and "愿意说话" in case.text
    client.post(reverse("review-decide", args=["plan", plan.pk, "approve"]), {"version": plan.version})
    plan.refresh_from_db()
    assert plan.state == "approved"


def test_the_county_has_plans_of_the_highest_level_alone(client, file, director, officer):
    plan = a_plan(file, director)
    sign_in(client, officer)
    assert client.get(reverse("review-case", args=["plan_high", plan.pk])).status_code in (302, 404)
    Plan.objects.update(approver=2)
    assert client.get(reverse("review-case", args=["plan_high", plan.pk])).status_code == 200
    client.post(reverse("review-decide", args=["plan_high", plan.pk, "approve_high"]), {"version": plan.version})
    plan.refresh_from_db()
    assert plan.state == "approved"


def test_the_page_of_a_running_plan_takes_results_reviews_and_its_end(client, file, director, clerk):
    plan = a_running_plan(file, director, clerk)
    goal = plan.goals.get()
    sign_in(client, director)
    end = reverse("plan-goal-end", args=[plan.pk, goal.pk])
    refused = client.post(end, {"version": 2, "state": "done", "result": "", "done_on": str(today())})
    assert refused.status_code == 422 and "请写明结果" in refused.text
    client.post(end, {"version": 2, "state": "done", "result": "好了", "done_on": str(today())})
    again = client.post(end, {"version": 2, "state": "done", "result": "再写", "done_on": str(today())})
    assert again.status_code == 409 and Goal.objects.get().result == "好了"
    review = reverse("plan-review", args=[plan.pk])
    client.post(review, {"version": 3, "words": "都好", "review_on": str(today() + 30 * DAY)})
    done = client.post(reverse("plan-close", args=[plan.pk]), {"version": 4, "words": "达到了"}, follow=True)
    assert "已结束" in done.text and Plan.objects.get().state == "closed"
    assert client.get(reverse("plan-print", args=[plan.pk])).status_code == 200


def test_lists_show_what_waits_runs_and_is_late(client, file, director, clerk, django_assert_max_num_queries):
    plan = a_running_plan(file, director, clerk)
    Goal.objects.update(by_on=today() - 4 * DAY)
    sign_in(client, clerk)
    for tab in ("due", "waiting", "late", "running", "all"):
        with django_assert_max_num_queries(16):
            page = client.get(reverse("plan-list"), {"tab": tab})
        assert (plan.number in page.text) == (tab in ("late", "running", "all"))
    assert "逾期 1 条" in client.get(reverse("plan-list"), {"tab": "late"}).text


def test_another_villages_plan_is_not_there(client, file, director, clerk):
    plan = a_running_plan(file, director, clerk)
    sign_in(client, a_post(a_village()))
    for name in ("plan-detail", "plan-amend", "plan-print"):
        assert client.get(reverse(name, args=[plan.pk])).status_code == 404
    assert client.get(f"/api/v1/plans/{plan.pk}/").status_code == 404


def test_a_program_writes_a_plan_and_follows_it(client, file, director, clerk, need):
    sign_in(client, director)
    body = {
        "child": str(file.pk),
        "lead": str(director.uid),
        "review_on": str(today() + 60 * DAY),
        "child_heard": "想妈妈",
        "guardian_heard": "愿意",
        "goals": [a_line(need=str(need.pk), by_on=str(today() + 30 * DAY))],
    }
    made = client.post("/api/v1/plans/", body, content_type="application/json")
    assert made.status_code == 201 and made.json()["state"] == "submitted"
    wrong = body | {"goals": [a_line(by_on="2020-01-01")]}
    refused = client.post("/api/v1/plans/", wrong, content_type="application/json")
    assert refused.status_code == 409  # one waits already
    Plan.objects.all().update(state="withdrawn")
    refused = client.post("/api/v1/plans/", wrong, content_type="application/json")
    assert refused.status_code == 400 and "goals.0.by_on" in refused.text
