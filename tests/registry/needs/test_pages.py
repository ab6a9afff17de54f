"""The pages of needs: the list, the board, the figures, one need, recording one; and what each tier sees of it."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from childwelfare.text.days import short_day
from orgs.audit.models import Audit
from registry.needs.models import Need
from registry.needs.services.handling import pass_up, settle
from tests.builders import a_need, a_post, a_unit, a_village, a_visit, an_alert, an_approved_file, sign_in
from tests.registry.needs.needs import read

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def text_of(answer) -> str:
    return answer.content.decode()


@pytest.fixture
def need(file, posts):
    return a_need(file, by=posts["village"], days=-1)


def up(need, by):
    pass_up(read(need), by=by, seen_version=read(need).version, reason="本级没有办法")


def form(**given):
    return {
        "pk": uuid.uuid4(), "kind": "health.treatment", "urgency": "soon", "words": "看黑板看不清", "source": "school",
        "found_on": timezone.localdate(),
    } | given  # fmt: skip


def test_a_director_records_a_need_from_the_childs_page(client, file, posts):
    sign_in(client, posts["village"])
    page = text_of(client.get(reverse("child-file", args=[file.pk])))
    assert reverse("need-new", args=[file.pk]) in page
    assert client.get(reverse("need-new", args=[file.pk])).status_code == 200
    answer = client.post(reverse("need-new", args=[file.pk]), form(), follow=True)
    assert "看黑板看不清" in text_of(answer)
    assert Need.objects.get().holder_id == file.village_id


def test_what_is_missing_is_told_and_what_was_typed_stays(client, file, posts):
    sign_in(client, posts["village"])
    answer = client.post(reverse("need-new", args=[file.pk]), form(kind="", words="只写了这句"))
    assert answer.status_code == 422
    assert "只写了这句" in text_of(answer)
    assert "请选择需要什么" in text_of(answer)
    assert not Need.objects.exists()


def test_found_twice_leads_to_the_other_and_may_be_recorded_all_the_same(client, file, posts):
    other = a_need(file, by=posts["village"], kind="health.treatment")
    sign_in(client, posts["village"])
    answer = client.post(reverse("need-new", args=[file.pk]), form())
    assert answer.status_code == 422
    assert reverse("need-detail", args=[other.pk]) in text_of(answer)
    client.post(reverse("need-new", args=[file.pk]), form(anyway="on"))
    assert Need.objects.count() == 2


def test_a_need_leads_back_to_the_visit_in_which_it_was_found(client, file, posts):
    visit = a_visit(file, by=posts["village"])
    sign_in(client, posts["village"])
    link = f"{reverse('need-new', args=[file.pk])}?source=visit&id={visit.pk}"
    assert f"?source=visit&amp;id={visit.pk}" in text_of(client.get(reverse("visit-detail", args=[visit.pk])))
    client.post(link, form(source=""))
    need = Need.objects.get()
    assert (need.source, need.source_id) == ("visit", visit.pk)
    assert reverse("visit-detail", args=[visit.pk]) in text_of(client.get(reverse("need-detail", args=[need.pk])))


def test_a_report_of_another_child_is_no_source(client, file, posts):
    alert = an_alert(file=an_approved_file(file.village), by=posts["village"])
    sign_in(client, posts["village"])
    link = f"{reverse('need-new', args=[file.pk])}?source=alert&id={alert.pk}"
    assert client.get(link).context["found_in"] is None


def test_a_report_of_the_child_is_one(client, file, posts):
    alert = an_alert(file=file, by=posts["village"])
    sign_in(client, posts["township"])
    assert "?source=alert" in text_of(client.get(reverse("alert-detail", args=[alert.pk])))
    client.post(f"{reverse('need-new', args=[file.pk])}?source=alert&id={alert.pk}", form(source=""))
    assert Need.objects.get().source_id == alert.pk


@pytest.mark.parametrize(
    "query",
    ["source=visit&id=nonsense", "source=visit", "source=nothing&id=00000000-0000-4000-8000-000000000001", "id="],
)
def test_a_link_that_nobody_made_opens_the_plain_form(client, file, posts, query):
    sign_in(client, posts["village"])
    assert client.get(f"{reverse('need-new', args=[file.pk])}?{query}").status_code == 200


def test_the_page_of_a_need_is_recorded_as_a_reading_of_the_child(client, need, posts):
    sign_in(client, posts["township"])
    client.get(reverse("need-detail", args=[need.pk]))
    assert Audit.objects.filter(action="view_need", person=posts["township"].person).count() == 1


@pytest.mark.parametrize("tier", ["village", "township", "county"])
def test_each_tier_of_the_line_finds_it_and_opens_it(client, need, posts, tier):
    sign_in(client, posts[tier])
    for view in ("list", "board", "figures"):
        answer = client.get(f"/needs/?view={view}")
        assert answer.status_code == 200
        assert ("欧阳小满" in text_of(answer)) == (view != "figures")
    assert "不愿说话" in text_of(client.get(reverse("need-detail", args=[need.pk])))


def test_a_neighbour_finds_nothing(client, need, file):
    for unit in (a_unit(file.township), a_village()):
        sign_in(client, a_post(unit))
        assert "欧阳小满" not in text_of(client.get("/needs/"))
        assert client.get(reverse("need-detail", args=[need.pk])).status_code == 404


def test_the_city_sees_figures_until_it_holds_one_and_then_a_masked_name(client, need, posts):
    sign_in(client, posts["city"])
    assert "欧" not in text_of(client.get("/needs/"))
    assert client.get(reverse("need-detail", args=[need.pk])).status_code == 404
    assert client.get("/needs/?view=figures").context["figures"][0].late == 1
    for tier in ("village", "township", "county"):
        up(need, posts[tier])
    page = text_of(client.get("/needs/"))
    assert "欧***" in page
    assert "欧阳小满" not in page
    detail = text_of(client.get(reverse("need-detail", args=[need.pk])))
    assert "欧***" in detail
    assert "欧阳小满" not in detail
    assert reverse("child-file", args=[need.child_id]) not in detail


@pytest.mark.parametrize(
    "query",
    ["state=void", "state=all", "state=nonsense", "whose=me", "whose=unit", "tier=4", "tier=9", "system=mind",
     "kind=mind.mood", "urgency=urgent", "late=yes", "age=30", "age=x", "page=nonsense", "view=nonsense"],
)  # fmt: skip
def test_each_filter_answers(client, need, posts, query):
    sign_in(client, posts["village"])
    assert client.get(f"/needs/?{query}").status_code == 200


def test_filters_narrow(client, file, posts, need):
    a_need(file, by=posts["township"], kind="living.food", urgency="urgent")
    sign_in(client, posts["township"])

    def found(query):
        return len(client.get(f"/needs/?{query}").context["page"].rows)

    assert [found(q) for q in ("", "whose=me", "tier=4", "system=living", "urgency=urgent", "late=yes", "age=30")] == [
        2, 1, 1, 1, 1, 1, 0,
    ]  # fmt: skip


def test_a_settled_need_leaves_the_open_list_and_stays_in_all(client, need, posts):
    settle(read(need), by=posts["village"], seen_version=1, outcome="met", satisfaction="satisfied")
    sign_in(client, posts["village"])
    assert len(client.get("/needs/").context["page"].rows) == 0
    assert len(client.get("/needs/?state=all").context["page"].rows) == 1


def test_a_settled_need_is_listed_with_its_last_day_and_the_day_it_was_settled(client, file, posts):
    need = a_need(file, by=posts["village"], days=14)
    settle(read(need), by=posts["village"], seen_version=1, outcome="met", satisfaction="satisfied")
    sign_in(client, posts["township"])
    row = text_of(client.get("/needs/?state=settled")).partition("<tbody>")[2]
    due, state = (row.partition(f'data-label="{label}"')[2].partition("</td>")[0] for label in ("期限", "状态"))
    assert short_day(need.due_on) in due and short_day(timezone.localdate()) in state


def test_a_director_is_not_told_the_one_village_in_every_row(client, need, posts):
    for tier, told in (("village", False), ("township", True)):
        sign_in(client, posts[tier])
        page = text_of(client.get("/needs/?view=list"))
        assert (f"› {need.village.short_name}</td>" in page) is told


def test_the_folded_filters_say_how_many_are_chosen(client, need, posts):
    sign_in(client, posts["township"])
    assert "filters-count" not in text_of(client.get("/needs/"))
    assert client.get("/needs/?urgency=normal&state=all").context["asked"].chosen == 2
    assert "filters-count" in text_of(client.get("/needs/?urgency=normal"))


def test_who_holds_it_moves_it_by_its_buttons(client, need, posts):
    sign_in(client, posts["village"])
    page = client.get(reverse("need-detail", args=[need.pk]))
    assert [move["action"] for move in page.context["moves"]] == ["assign", "pass_up", "move_due", "settle"]
    client.post(reverse("need-move", args=[need.pk, "pass_up"]), {"version": 1, "reason": "村里没有办法"})
    assert read(need).holder_id == posts["township"].unit_id
    sign_in(client, posts["township"])
    client.post(
        reverse("need-move", args=[need.pk, "settle"]),
        {"version": 2, "outcome": "partly", "words": "只配了眼镜", "satisfaction": "partly"},
    )
    assert read(need).state == "settled"
    page = client.get(reverse("need-detail", args=[need.pk]))
    assert [move["action"] for move in page.context["moves"]][-1] == "undo_settle"
    client.post(reverse("need-move", args=[need.pk, "undo_settle"]), {"version": 3})
    assert read(need).state == "open"


def test_a_move_that_is_refused_keeps_what_was_typed(client, need, posts):
    sign_in(client, posts["village"])
    url = reverse("need-move", args=[need.pk, "settle"])
    answer = client.post(url, {"version": 1, "outcome": "no_means", "words": "", "satisfaction": "not"})
    assert answer.status_code == 422
    assert "请写明为什么、还差什么" in text_of(answer)
    up(need, posts["village"])
    answer = client.post(url, {"version": 1, "outcome": "no_means", "words": "问过三家医院", "satisfaction": "not"})
    assert answer.status_code in (403, 409)


def test_who_was_first_is_named(client, need, posts, file):
    settle(read(need), by=a_post(file.village), seen_version=1, outcome="met", satisfaction="satisfied")
    sign_in(client, posts["village"])
    url = reverse("need-move", args=[need.pk, "settle"])
    answer = client.post(url, {"version": 1, "outcome": "met", "words": "问过三家医院", "satisfaction": "not"})
    assert answer.status_code == 409
    assert "王秀兰“办结”" in text_of(answer)
    assert "问过三家医院" in text_of(answer)


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "0"])
def test_a_version_that_nobody_sent_moves_nothing(client, need, posts, version):
    sign_in(client, posts["village"])
    url = reverse("need-move", args=[need.pk, "pass_up"])
    assert client.post(url, {"version": version, "reason": "没有办法"}).status_code in (409, 422)
    assert read(need).holder_id == posts["village"].unit_id


def test_a_move_that_there_is_not_is_not_found(client, need, posts):
    sign_in(client, posts["village"])
    for action in ("escalate", "end_with_file", "release", "delete"):
        assert client.post(reverse("need-move", args=[need.pk, action])).status_code == 404


def test_a_step_is_written_down_on_its_page(client, need, posts):
    sign_in(client, posts["township"])
    data = {"pk": uuid.uuid4(), "service": "contact", "text": "给奶奶打了电话", "done_on": timezone.localdate()}
    answer = client.post(reverse("need-step", args=[need.pk]), data, follow=True)
    assert "给奶奶打了电话" in text_of(answer)
    answer = client.post(reverse("need-step", args=[need.pk]), data | {"pk": uuid.uuid4(), "text": ""})
    assert answer.status_code == 422


def test_it_stands_on_the_workbench_and_in_the_directors_day(client, need, posts):
    sign_in(client, posts["village"])
    assert reverse("need-detail", args=[need.pk]) in text_of(client.get("/today/"))
    up(need, posts["village"])
    sign_in(client, posts["township"])
    assert reverse("need-detail", args=[need.pk]) in text_of(client.get(reverse("workbench")))


def test_a_list_asks_no_more_for_more_rows(client, file, posts, django_assert_max_num_queries):
    kinds = ("mind.mood", "living.food", "living.clothes", "health.chronic", "safety.internet", "living.income")
    for kind in kinds:
        a_need(an_approved_file(a_unit(file.township)), kind=kind, days=-3)
    sign_in(client, posts["township"])
    client.get("/needs/")
    for view, most in (("list", 9), ("board", 14), ("figures", 10)):
        with django_assert_max_num_queries(most):
            client.get(f"/needs/?view={view}")


def test_one_need_asks_few_questions(client, need, posts, django_assert_max_num_queries):
    for tier in ("village", "township"):
        up(need, posts[tier])
    sign_in(client, posts["county"])
    client.get(reverse("need-detail", args=[need.pk]))
    with django_assert_max_num_queries(16):
        client.get(reverse("need-detail", args=[need.pk]))
