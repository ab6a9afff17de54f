"""What the host of a stay may open and write, during the stay and after it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q

from childwelfare.uploads.photos import MAX_PHOTOS
from childwelfare.workflow.refusals import Refused
from orgs.audit.models import Audit
from registry.child.models import ChildFile
from registry.child.workbench import is_kept_in_reach
from registry.stays.models import Stay, is_hosted_in_reach
from tests.builders import (
    a_paper,
    a_post,
    a_stay,
    a_unit,
    a_village,
    a_visit,
    an_approved_file,
    answers,
    fresh,
    search_for,
    sign_in,
)
from tests.registry.stays.acts import DAY, ended, today, visited
from visits.visit.models import Visit
from visits.visit.services.log import correct_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db


def test_the_host_opens_the_file_and_visits_but_changes_nothing(client, file, there, host):
    stay = a_stay(file, there, host_name="张玉兰", host_phone="13800007788", address="西头三排", days=5)
    sign_in(client, host)
    page = client.get(f"/children/{file.pk}/")
    assert page.status_code == 200 and "暂住" in page.text and "张玉兰" in page.text and "13800007788" not in page.text
    assert there.short_name in page.text
    for name in ("change", "history", "papers", "edit", "print", "close", "transfer", "stay"):
        assert f"/children/{file.pk}/{name}/" not in page.text
        assert client.get(f"/children/{file.pk}/{name}/").status_code in (403, 404), name
    assert client.get(f"/children/{file.pk}/visit/").status_code == 200
    sent = answers(visited_on=str(today()), hazard="no")
    assert client.post(f"/children/{file.pk}/visit/", sent).status_code == 302
    visit = Visit.objects.get()
    assert (visit.village, visit.due.village) == (file.village, there)
    assert client.get(f"/visits/{visit.pk}/").status_code == 200
    assert client.post(f"/children/{file.pk}/reveal/", {"field": "phone"}).status_code == 200
    assert Audit.objects.filter(action="reveal", post=host).exists()
    assert not host.may("propose_change", file) and stay.in_force


@pytest.mark.both
def test_a_list_tells_the_name_of_whom_its_reader_may_open(file, there, host):
    """As a condition of a list's query and as the set of files, at home, at the host and elsewhere, it is the same."""
    a_stay(file, there, days=5)
    an_approved_file(there)
    for post in (host, a_post(file.village), a_post(there.county), a_post(there.city), a_post(a_village())):
        told = Q(is_kept_in_reach(post, "")) | Q(is_hosted_in_reach(post, ""))
        opened = ChildFile.objects.open_to(fresh(post), "view_child")
        assert set(ChildFile.objects.filter(told)) == set(opened), post


def test_after_the_end_the_host_reads_its_own_visits_and_nothing_else(client, file, there, host):
    stay = a_stay(file, there, days=10)
    before = a_visit(file, visited_on=today() - 20 * DAY, late_reason="补录")
    own = visited(file, host, today() - 5 * DAY)
    sign_in(client, host)
    assert client.get(f"/visits/{before.pk}/").status_code == 200
    ended(stay)
    assert client.get(f"/children/{file.pk}/").status_code == 404
    assert client.get(f"/api/v1/children/{file.pk}/").status_code == 404
    assert client.get(f"/visits/{before.pk}/").status_code == 404
    listed = client.get("/visits/", {"tab": "records"})
    assert [visit.pk for visit in listed.context["as_host"]] == [own.pk] and not list(listed.context["page"])
    page = client.get(f"/visits/{own.pk}/")
    assert page.status_code == 200 and "20" not in str(page.context["before"])


def test_papers_are_not_for_the_host(client, file, there, host, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    paper = a_paper(file)
    a_stay(file, there)
    sign_in(client, host)
    assert str(paper.pk) not in client.get(f"/children/{file.pk}/").text
    assert client.get(f"/children/{file.pk}/papers/{paper.pk}/").status_code == 404
    assert client.get(f"/api/v1/children/{file.pk}/papers/").status_code == 404


@pytest.mark.both
def test_the_host_finds_the_child_above_its_list_and_in_its_day(client, file, there, host):
    mine = an_approved_file(there, name="赵梦琪")
    stay = a_stay(file, there, address="西头三排", days=31)
    sign_in(client, host)
    page = client.get("/children/")
    assert "暂住在本辖区的孩子" in page.text and "欧阳文静" in page.text
    assert [row.pk for row in page.context["page"]] == [mine.pk], "the list itself is of files kept here"
    assert "欧阳文静" in search_for(client, "/children/", {"q": "欧阳"}).text
    assert "暂住在本辖区的孩子" not in search_for(client, "/children/", {"q": "赵"}).text
    day = client.get("/today/")
    assert "欧阳文静" in day.text and "西头三排" in day.text and day.context["day"].due_here == 2
    ended(stay)
    assert "欧阳文静" not in client.get("/children/").text + client.get("/today/").text


def test_many_who_stay_cost_no_query_each(client, here, there, host, django_assert_max_num_queries):
    for number in range(6):
        a_stay(an_approved_file(here, on=today() - 60 * DAY), there, days=31 + number)
    sign_in(client, host)
    with django_assert_max_num_queries(11):
        assert len(client.get("/children/").context["hosted"]) == 6
    with django_assert_max_num_queries(22):
        assert len(client.get("/today/").context["day"].overdue) == 6


def test_in_the_home_township_the_child_stands_in_the_list_alone(client, file, here):
    a_stay(file, a_unit(here.township))
    page = sign_in(client, a_post(here.township)).get("/children/")
    assert "暂住在本辖区的孩子" not in page.text and "欧阳文静" in page.text


def test_a_visit_of_the_host_is_reviewed_at_home_and_completed_where_it_was_made(client, file, here, there, host):
    stay = a_stay(file, there, days=10)
    visit = visited(file, host)
    VISIT.apply("return", visit, by=a_post(here.township), seen_version=1, reason="请写明实际照看人")
    ended(stay)
    sign_in(client, host)
    assert "请写明实际照看人" in client.get("/today/").text
    assert client.get(f"/visits/{visit.pk}/edit/").status_code == 200
    given = answers(carer_note="姑姑", visited_on=today())
    correct_visit(Visit.objects.get(), by=fresh(host), seen_version=2, answers=given, hazards_looked_at=True)
    assert Visit.objects.get().state == "submitted" and Visit.objects.get().due.village == there
    with pytest.raises(PermissionDenied):
        correct_visit(visit, by=a_post(a_village()), seen_version=3, answers=given, hazards_looked_at=True)


def test_a_visit_of_the_stay_that_comes_in_after_it_is_taken(client, file, there, host):
    ended(a_stay(file, there, days=10))
    Stay.objects.update(ended_on=today() - 3 * DAY)
    visit = visited(file, host, today() - 5 * DAY)
    assert visit.due.village == there
    with pytest.raises(Refused, match="结束"):
        visited(file, host, today() - DAY)
    page = sign_in(client, host).get(f"/children/{file.pk}/visit/")
    assert page.status_code == 200 and "临时居住已结束" in page.text and "李桂英" not in page.text
    assert f"最多 {MAX_PHOTOS} 张" in page.text
    with pytest.raises(PermissionDenied):
        visited(file, a_post(a_village()), today() - 5 * DAY)


def test_the_host_records_nothing_from_before_the_child_came(file, there, host):
    a_stay(file, there, days=5)
    with pytest.raises(ValidationError, match="才来这里暂住"):
        visited(file, host, today() - 8 * DAY)
