"""An administrator's or auditor's post is ended by two administrators."""

import pytest
from django.utils.translation import override

from childwelfare.workflow.refusals import Refused
from orgs.account_requests import services
from orgs.account_requests.models import AccountRequest, State
from orgs.posts.models import Appointment
from tests.builders import a_post, sign_in

pytestmark = pytest.mark.django_db


def runs(post) -> bool:
    return Appointment.objects.current().filter(pk=post.pk).exists()


def test_the_auditor_s_post_ends_when_a_second_administrator_agrees(client, city_admin, second, auditor):
    sign_in(client, city_admin)
    page = client.post(f"/posts/{auditor.uid}/end/", follow=True)
    assert "还没有生效" in page.text and runs(auditor)
    assert "已经有人提出" in client.post(f"/posts/{auditor.uid}/end/", follow=True).text
    asked = AccountRequest.objects.get()
    client.post(f"/account-requests/{asked.pk}/confirm/")
    assert runs(auditor), "not by who asked"
    sign_in(client, second)
    page = client.get("/account-requests/").text
    assert "结束岗位" in page and "这个岗位立即结束" in page and "一次性密码" not in page
    page = client.post(f"/account-requests/{asked.pk}/confirm/", follow=True)
    assert "已离任" in page.text and not runs(auditor)
    sign_in(client, city_admin)
    assert client.post(f"/posts/{auditor.uid}/end/", follow=True).status_code == 200


def test_nobody_agrees_to_the_end_of_the_own_post(city_admin, second):
    asked = services.ask_end(second, by=city_admin).request
    with pytest.raises(Refused, match="与您本人有关"):
        services.confirm(asked.pk, by=second)
    third = a_post(city_admin.unit, "city_admin")
    services.confirm(asked.pk, by=third)
    assert not runs(second)
    assert services.has_news(second.person), "who lost the post is told"


def test_what_was_refused_or_ended_by_other_means_ends_nothing(city_admin, second, auditor):
    asked = services.ask_end(auditor, by=city_admin).request
    services.refuse(asked.pk, by=second, reason="在查账")
    assert runs(auditor)
    asked = services.ask_end(auditor, by=city_admin).request
    Appointment.objects.filter(pk=auditor.pk).update(valid_to=auditor.valid_from)
    with pytest.raises(Refused, match="已经离任"):
        services.confirm(asked.pk, by=second)
    asked.refresh_from_db()
    assert asked.state == State.TO_CONFIRM


def test_a_clerk_s_post_ends_at_once_and_the_own_one_not_at_all(city_admin, clerk):
    assert services.ask_end(clerk, by=city_admin) is None and not runs(clerk)
    with pytest.raises(Refused, match="自己正在使用"):
        services.ask_end(city_admin, by=city_admin)


def test_in_english_the_line_of_an_account_matter_is_written_in_english(city_admin, auditor):
    asked = services.ask_end(auditor, by=city_admin).request
    with override("en"):
        assert asked.title == "End of a post: 李卫东"
