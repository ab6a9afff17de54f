"""Where the database gives up because two wrote the same rows, who reads is told to try again: nothing lost."""

import pytest
from django import forms
from django.db import OperationalError
from django.utils import timezone
from psycopg2.errors import DeadlockDetected

from childwelfare.pages.errors import BusyDatabase
from childwelfare.pages.forms import ServiceErrors
from childwelfare.runtime.database import is_busy
from tests.builders import a_post, a_village, an_approved_file, answers, sign_in
from visits.visit.models import Visit

pytestmark = pytest.mark.django_db


class Deadlock(DeadlockDetected):
    pgcode = "40P01"


def gives_up(*args, **given):
    try:
        raise Deadlock("deadlock detected")
    except Deadlock as cause:
        raise OperationalError("deadlock detected") from cause


def broken(*args, **given):
    raise OperationalError("could not connect to server")


class AForm(ServiceErrors, forms.Form):
    pass


def test_a_form_says_try_again_and_keeps_what_was_typed(client, monkeypatch):
    post = a_post(a_village())
    child = an_approved_file(post.unit)
    sign_in(client, post)
    monkeypatch.setattr("visits.visit.views.form.log_family_visit", gives_up)
    said = {name: value for name, value in answers().items() if value not in (None, "")}
    form = said | {"hazard": "no", "met": "李桂英", "visited_on": timezone.localdate().isoformat()}
    page = client.post(f"/children/{child.pk}/visit/", form)
    assert page.status_code == 409 and "请再提交一次" in page.text and "李桂英" in page.text
    assert not Visit.objects.exists()


def test_a_button_without_a_form_answers_503_with_a_page_in_words(client, monkeypatch):
    post = a_post(a_village().township)
    sign_in(client, post)
    monkeypatch.setattr("registry.child.models.ChildFile.objects.visible_to", gives_up)
    page = client.get("/children/")
    assert page.status_code == 503 and "过几秒再试" in page.text and page["Retry-After"] == "2"
    assert "再提交一次" not in page.text and 'href="/children/"' in page.text, "nothing was sent"
    answer = client.get("/api/v1/children/")
    assert answer.status_code == 503 and "请过几秒再试" in answer.json()["detail"]


def test_a_broken_database_is_not_called_busy(rf):
    with pytest.raises(OperationalError) as fault:
        broken()
    assert not is_busy(fault.value) and BusyDatabase(broken).process_exception(rf.get("/"), fault.value) is None
    with pytest.raises(OperationalError):
        AForm({}).attempt(broken)
    assert is_busy(OperationalError("database is locked"))
