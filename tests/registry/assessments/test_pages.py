"""The pages of assessments: the form asks, names last time's answers, shows the result before it is sent; lists, paper,
two assessors, and what the child's page says."""

import datetime
import uuid

import pytest
from django.utils import timezone

from orgs.audit.models import Audit
from registry.assessments.models import Assessment, AssessmentDue
from registry.assessments.panel import level_lanes, next_assessment, waiting_at_exit
from registry.assessments.services.assess import assess_child
from registry.assessments.services.dues import fill_dues
from registry.assessments.workflow import ASSESSMENT
from registry.child.models import ChildFile
from registry.disclosure.document import document
from tests.builders import (
    HIGH,
    a_post,
    a_small_instrument,
    a_village,
    an_approved_file,
    an_assessment,
    found,
    fresh,
    sign_in,
)
from visits.alerts.models import Alert

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def file():
    file = an_approved_file(a_village(), name="张子涵", risk="unknown")
    a_small_instrument(file.city)
    return file


@pytest.fixture
def director(file):
    return a_post(file.village)


def confirmed(file, **given) -> Assessment:
    assessment = an_assessment(file, **given)
    ASSESSMENT.apply("confirm", assessment, by=a_post(file.township), seen_version=assessment.version)
    return assessment


def said(file, **given) -> dict:
    answers = {"answer_duty": "good", "answer_conflict": "no", "answer_hazards": "none_of_these", "answer_mood": "good"}
    screen = {"screen_harm": "no", "screen_alone": "no"}
    about = {"pk": uuid.uuid4(), "occasion": "first", "assessed_on": timezone.localdate().isoformat()}
    return screen | answers | about | {"instrument": file.city.instruments.get().pk} | given


def test_the_form_asks_and_chooses_nothing(client, file, director):
    confirmed(file, answers={"hazards": ["water"]})
    sign_in(client, director)
    page = client.get(f"/children/{file.pk}/assess/")
    assert page.status_code == 200 and "照料人照看得怎么样？" in page.text and "不清楚" in page.text
    assert "checked" not in page.text.split('id="end"')[0] and "上次" in page.text
    assert "紧急报告" in page.text and 'data-show-when="answer_duty=weak|none"' in page.text


def test_the_result_is_shown_before_it_is_sent(client, file, director):
    sign_in(client, director)
    given = said(file, answer_conflict="yes", answer_hazards=["water", "fire"])
    page = client.post(f"/children/{file.pk}/assess/", given | {"preview": "1"})
    assert page.status_code == 200 and "总分 50" in page.text and not Assessment.objects.exists()
    sent = client.post(f"/children/{file.pk}/assess/", given)
    assessment = Assessment.objects.get()
    assert sent.url == f"/assessments/{assessment.pk}/" and assessment.answers["hazards"] == ["water", "fire"]
    client.post(f"/children/{file.pk}/assess/", given)
    assert Assessment.objects.count() == 1


def test_what_is_missing_is_said_at_its_question(client, file, director):
    sign_in(client, director)
    page = client.post(f"/children/{file.pk}/assess/", said(file, answer_mood="", answer_duty="weak"))
    assert page.status_code == 422
    assert set(page.context["form"].errors) == {"answer_mood", "answer_contact"}


def test_a_reason_is_asked_where_it_is_worse(client, file, director):
    confirmed(file)
    sign_in(client, director)
    worse = said(file, answer_mood="low", answer_hazards=["water"])
    page = client.post(f"/children/{file.pk}/assess/", worse)
    assert set(page.context["form"].errors) == {"why_mood", "why_hazards"}
    client.post(f"/children/{file.pk}/assess/", worse | {"why_mood": "妈妈走了", "why_hazards": "新挖了塘"})
    assert Assessment.objects.newest_first().first().reasons_given == {"mood": "妈妈走了", "hazards": "新挖了塘"}


def test_a_yes_of_the_screen_leads_to_the_report(client, file, director):
    sign_in(client, director)
    answer = client.post(f"/children/{file.pk}/assess/", said(file, screen_harm="yes", screen_alone=""))
    assert answer.url == f"/alerts/{Alert.objects.get().pk}/"
    assert client.get(answer.url).status_code == 200


def test_without_a_system_nobody_is_led_into_a_form(client):
    file = an_approved_file(a_village())
    sign_in(client, a_post(file.village))
    page = client.get(f"/children/{file.pk}/assess/", follow=True)
    assert page.redirect_chain and "发布评估体系" in page.text


def test_it_is_corrected_on_its_page(client, file, director):
    assessment = an_assessment(file, by=director, answers={"hazards": ["water"]}, child_view="想妈妈")
    ASSESSMENT.apply("return", assessment, by=a_post(file.township), seen_version=assessment.version, reason="请再问清")
    sign_in(client, director)
    page = client.get(f"/assessments/{assessment.pk}/correct/")
    assert "请再问清" in page.text and "想妈妈" in page.text
    assert page.context["form"].initial["answer_hazards"] == ["water"]
    given = said(file, version=assessment.version, occasion="regular", child_view="想爸爸")
    assert client.post(f"/assessments/{assessment.pk}/correct/", given).status_code == 302
    assert Assessment.objects.get().child_view == "想爸爸"
    assert client.post(f"/assessments/{assessment.pk}/correct/", given).status_code == 409


def test_the_second_assessor_does_not_see_the_first_ones_answers(client, file, director):
    first = confirmed(file, by=director, answers={"hazards": ["water"]})
    clerk = a_post(file.township)
    sign_in(client, clerk)
    page = client.get(f"/children/{file.pk}/assess/?second=1")
    assert page.context["before"] is None and "上次" not in page.text.split("<form id")[1]
    given = said(file, occasion="second", answer_conflict="yes")
    assert client.post(f"/children/{file.pk}/assess/", given).status_code == 302
    second = Assessment.objects.get(second_of=first)
    assert (second.level, second.proposed, second.next_on) == ("", "raised", None)
    page = client.get(f"/assessments/{second.pk}/")
    assert "一致 50%" in page.text and page.context["comparison"].number == 4
    ASSESSMENT.apply("confirm", second, by=a_post(file.township), seen_version=1)
    assert ChildFile.objects.get(pk=file.pk).risk == "general"  # the first one's
    sign_in(client, a_post(file.city))
    figures = client.get("/assessments/agreement/")
    assert figures.status_code == 200 and "家庭冲突" in figures.text and file.name not in figures.text


def test_the_county_assesses_as_the_second_only(client, file, director):
    officer = a_post(file.county)
    with pytest.raises(Exception, match="对照"):
        assess_child(file, by=officer, given=found(occasion="second"))
    an_assessment(file, by=director)
    assert assess_child(file, by=officer, given=found(occasion="second")).is_second


def test_lists_paper_and_the_childs_page(client, file, director, django_assert_max_num_queries):
    for days in (40, 20, 1):
        confirmed(file, by=director, assessed_on=timezone.localdate() - days * DAY)
    for _ in range(8):
        an_assessment(an_approved_file(file.village))
    fill_dues()
    assessment = Assessment.objects.filter(child=file).newest_first().first()
    sign_in(client, a_post(file.township))
    client.get("/assessments/")
    with django_assert_max_num_queries(12):
        page = client.get("/assessments/?tab=all")
    assert len(page.context["page"].rows) == 11
    for tab in ("overdue", "due", "later", "waiting", "county", "returned", "x"):
        assert client.get(f"/assessments/?tab={tab}&level=high&unit={file.village.uid}").status_code == 200
    page = client.get(f"/children/{file.pk}/assessments/")
    assert page.context["chart"].points and "历次得分" in page.text
    for where in ("", "print/", "letter/"):
        assert client.get(f"/assessments/{assessment.pk}/{where}").status_code == 200
    letter = client.get(f"/assessments/{assessment.pk}/letter/").text
    assert (
        "分" not in letter.split("letter-to")[1].split("</article>")[0] and "风险" not in letter.split("letter-to")[1]
    )
    assert client.get(f"/children/{file.pk}/assess/letter/").status_code == 200
    page = client.get(f"/children/{file.pk}/")
    assert "关注风险" in page.text and "3 次" in page.text
    assert Audit.objects.filter(action="view_assessment").exists() or Audit.objects.exists()


def test_an_unassessed_child_says_so(client, file, director):
    sign_in(client, director)
    assert "未评估" in client.get(f"/children/{file.pk}/").text


def test_what_is_next_is_told_with_who_holds_it(file, director):
    post, today = fresh(director), timezone.localdate()
    fill_dues()
    (step,) = next_assessment(post, file)
    assert step.url == f"/children/{file.pk}/assess/" and step.due_on
    assessment = an_assessment(file, by=director, answers=HIGH)
    (step,) = next_assessment(post, file)
    assert "工作站" in str(step.holder)
    assert [each.becomes for each in waiting_at_exit(file)] == ["随结案作废"]
    ASSESSMENT.apply("confirm", assessment, by=a_post(file.township), seen_version=1)
    (lane,) = level_lanes(post, file, today - 90 * DAY, today + 90 * DAY)
    assert [bar.is_to_come for bar in lane.bars] == [False, True]
    assert "县级" in str(next_assessment(post, file)[0].holder)
    assert level_lanes(a_post(a_village()), file, today, today) == []


def test_the_guardian_reads_it_in_the_copy_of_the_file(file):
    made = an_assessment(file, guardian_view="愿意多陪着")
    assert "愿意多陪着" not in str(document(file)["assessments"])  # not confirmed yet
    ASSESSMENT.apply("confirm", made, by=a_post(file.township), seen_version=made.version)
    assert "愿意多陪着" in str(document(file)["assessments"])


def test_in_the_queue_an_estimate_is_told_from_an_assessed_level(client, file, director):
    estimated = an_approved_file(file.village, name="高志远", risk="watch")
    unjudged = an_approved_file(file.village, name="李明轩", risk="unknown")
    confirmed(file, by=director)
    fill_dues()
    dues = AssessmentDue.objects.filter(child__in=[file, estimated, unjudged])
    dues.update(due_on=timezone.localdate() - DAY)
    sign_in(client, director)
    page = client.get("/assessments/?tab=overdue")
    estimates = {due.child.name: due.is_estimate for due in page.context["page"]}
    assert estimates == {"张子涵": False, "高志远": True, "李明轩": False}
    assert page.text.count("未评估，初步判断") == 1


def test_a_directors_day_leads_to_assessments_needs_and_plans(client, director):
    sign_in(client, director)
    links = client.get("/today/").text.partition('class="pills')[2].partition("</nav>")[0]
    assert [path in links for path in ("/assessments/", "/needs/", "/plans/")] == [True] * 3
