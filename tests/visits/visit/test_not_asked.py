"""Answers to questions that a visit does not ask: not kept, and no flag comes of them."""

import datetime

import pytest
from django.utils import timezone

from tests.builders import a_post, an_approved_file, answers, sign_in
from tests.visits.offline.test_answers import answers_to, drawn
from visits.visit.models import Visit
from visits.visit.questions import VISIT_QUESTIONS
from visits.visit.services.log import correct_visit, log_visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
NOT_SEEN = {
    "outcome": "not_found", "whereabouts": "", "next_step": "come_again", "carer": "nobody", "carer_note": "外婆",
    "care": "poor", "living": "poor",
    "mood": "low", "attendance": "out", "hazards": ["water"], "lives_alone": True, "focus": True,
}  # fmt: skip


@pytest.fixture
def child(here):
    return an_approved_file(here, on=timezone.localdate() - datetime.timedelta(days=60))


def not_seen():
    return answers(**NOT_SEEN, next_on=timezone.localdate() + datetime.timedelta(days=3))


def test_of_a_child_that_was_not_seen_nothing_else_is_kept_or_flagged(child):
    visit = log_visit(child, by=a_post(child.village), answers=not_seen(), hazards_looked_at=True)
    visit.refresh_from_db()
    kept = (visit.carer, visit.care, visit.mood, visit.attendance, visit.hazards, visit.lives_alone, visit.focus)
    assert kept == ("", "", "", "", [], None, False)
    assert visit.flags == ["not_seen"] and visit.next_on and visit.method


def test_neither_when_it_is_written_anew(child, clerk):
    director = a_post(child.village)
    visit = log_visit(child, by=director, answers=answers(carer="other", carer_note="外婆"), hazards_looked_at=True)
    VISIT.apply("return", visit, by=clerk, seen_version=1, reason="请核对")
    correct_visit(visit, by=director, seen_version=2, answers=not_seen(), hazards_looked_at=True)
    visit.refresh_from_db()
    assert (visit.carer, visit.carer_note, visit.hazards, visit.flags) == ("", "", [], ["not_seen"])


def test_whatever_is_sent_what_is_kept_was_asked():
    today = timezone.localdate()

    def day(ago):
        return today - datetime.timedelta(days=ago)

    choices = {question.name: answers_to(question, day) for question in VISIT_QUESTIONS.questions}
    dropped = 0
    for case in drawn(choices):
        kept = VISIT_QUESTIONS.asked_answers(case, on=today)
        for question in VISIT_QUESTIONS.questions:
            if question.name not in case or kept[question.name] == question.blank:
                continue
            needed = any(condition.holds(kept, on=today) for condition in question.needed_when)
            assert needed or VISIT_QUESTIONS.is_shown(question, kept, on=today), (question.name, case)
        dropped += kept != case
        assert VISIT_QUESTIONS.flags(case, on=today) == VISIT_QUESTIONS.flags(kept, on=today)
        assert VISIT_QUESTIONS.asked_answers(kept, on=today) == kept
    assert dropped > 100


def test_an_accuracy_that_no_column_holds_is_refused_on_the_page(client, child):
    director = a_post(child.village)
    sign_in(client, director)
    for number in ("2147483648", "9" * 30):
        page = client.post(f"/children/{child.pk}/visit/", {"accuracy_m": number, "outcome": "seen"})
        assert page.status_code == 422 and "定位精度" in page.text and "数太大了" in page.text
    assert not Visit.objects.exists()
