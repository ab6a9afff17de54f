"""A visit that came back is completed by who made it, also after the child was handed on."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from childwelfare.workflow.refusals import Stale
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_post, a_village, a_visit, an_approved_file, answers, sign_in
from visits.phones.pull import pull
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def director():
    return a_post(a_village(), since=timezone.localdate() - 30 * DAY)


@pytest.fixture
def target():
    return a_village()


@pytest.fixture
def visit(director, target):
    """Made at the old place, handed on, and sent back by the new station."""
    day = timezone.localdate() - 2 * DAY
    file = an_approved_file(director.unit, by=director, on=day - 10 * DAY, address="三组12号")
    made = a_visit(file, by=director, visited_on=day)
    file.refresh_from_db()
    asked = ask_transfer(file, by=a_post(file.township), target=target, reason="迁居", seen_version=file.version)
    TRANSFER.apply("accept", asked, by=a_post(target.township), seen_version=1)
    made.refresh_from_db()
    VISIT.apply("return", made, by=a_post(target.township), seen_version=made.version, reason="请补照看人电话")
    return Visit.objects.get(pk=made.pk)


def test_who_made_it_finds_it_and_completes_it(client, director, visit, target):
    sign_in(client, director)
    assert f"/visits/{visit.pk}/edit/" in client.get("/today/").text
    assert str(visit.pk) in [row["visit"] for row in pull(director).returned]
    page = client.get(f"/visits/{visit.pk}/edit/")
    assert page.status_code == 200 and "请补照看人电话" in page.text and "已转到" in page.text
    assert "三组12号" not in page.text
    given = answers(visited_on=visit.visited_on, help_given="电话 13800004321")
    correct_visit(visit, by=director, seen_version=visit.version, answers=given, hazards_looked_at=True)
    visit.refresh_from_db()
    assert (visit.state, visit.village) == ("submitted", target)
    assert f"/visits/{visit.pk}/edit/" not in client.get("/today/").text


def test_nobody_else_of_elsewhere_does(visit):
    other = a_post(a_village())
    given = answers(visited_on=visit.visited_on)
    with pytest.raises(PermissionDenied):
        correct_visit(visit, by=other, seen_version=visit.version, answers=given, hazards_looked_at=True)
    assert not Visit.objects.open_to(other, "log_visit").exists()


def form_of(visit, **given) -> dict:
    said = {name: value for name, value in answers(visited_on=visit.visited_on).items() if value not in (None, "")}
    return said | {"hazard": "no", "version": str(visit.version)} | given


def test_once_it_was_sent_again_who_made_it_reads_it_and_hears_that_it_arrived(client, director, visit):
    sign_in(client, director)
    edit, sent = f"/visits/{visit.pk}/edit/", form_of(visit, help_given="电话 13800004321")
    assert client.post(edit, sent).status_code == 302
    assert client.get(f"/visits/{visit.pk}/").status_code == 200
    again = client.post(edit, sent, follow=True)
    assert again.status_code == 200 and "已改好，重新送到工作站" in again.text
    with pytest.raises(Stale, match="已不在退回或撤回修改"):
        given = {"answers": answers(visited_on=visit.visited_on), "hazards_looked_at": True}
        correct_visit(Visit.objects.get(pk=visit.pk), by=director, seen_version=visit.version, **given)
    assert Visit.objects.get(pk=visit.pk).help_given == "电话 13800004321"
    colleague = a_post(director.unit)
    other = client.post(edit, form_of(visit, help_given="另一个窗口里写的"))
    assert other.status_code == 409 and f"最近一步：{director.person.name}“修改后重报”" in other.text
    assert f'href="/visits/{visit.pk}/"' in other.text and other.context["returned"] is None
    assert not Visit.objects.open_to(colleague, "view_visit").exists(), "it is no business of theirs"


def test_without_having_been_completed_it_is_the_new_places_alone(director, visit):
    Visit.objects.filter(pk=visit.pk).update(state="submitted")
    assert not Visit.objects.open_to(director, "log_visit").exists()


def test_the_new_village_is_not_asked_for_a_visit_that_it_never_made(client, visit, target):
    theirs = a_post(target, since=timezone.localdate() - 30 * DAY)
    mine = a_visit(visit.child, by=theirs, visited_on=timezone.localdate())
    VISIT.apply("return", mine, by=a_post(target.township), seen_version=1, reason="请补照看人")
    sign_in(client, theirs)
    page = client.get("/today/").text
    assert f"/visits/{mine.pk}/edit/" in page and f"/visits/{visit.pk}/edit/" not in page
    assert [row["visit"] for row in pull(theirs).returned] == [str(mine.pk)]


def test_what_is_listed_can_be_sent_also_of_a_day_before_the_place_had_the_child(client, director, visit):
    visit.child.past_periods.update(since=visit.visited_on + DAY)
    sign_in(client, director)
    assert f"/visits/{visit.pk}/edit/" in client.get("/today/").text
    answer = client.post(f"/visits/{visit.pk}/edit/", form_of(visit))
    assert answer.status_code in (302, 422), "sent, or what is wrong with it stands at the field"
