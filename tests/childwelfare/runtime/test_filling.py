"""While the first start still loads the demo, pages say so, and open by themselves afterwards."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from childwelfare.runtime.filling import WhileFilling
from launcher.run import FILLING


@pytest.fixture
def mark(settings, tmp_path):
    settings.CWR_HOME = tmp_path
    (tmp_path / FILLING).touch()
    return tmp_path / FILLING


@pytest.fixture
def pages(mark):
    return WhileFilling(lambda request: HttpResponse("opened"))


def test_a_page_says_that_data_are_being_loaded_and_opens_by_itself(pages, mark):
    said = pages(RequestFactory().get("/visits/work/"))
    assert said.status_code == 503 and "正在载入演示数据" in said.content.decode()
    assert said["Refresh"] == "2" and said["Retry-After"] == "2"
    mark.unlink()
    assert pages(RequestFactory().get("/visits/work/")).content == b"opened"


def test_what_is_sent_meanwhile_is_not_sent_again_by_itself(pages):
    said = pages(RequestFactory().post("/accounts/login/", {"username": "demo_clerk"}))
    assert said.status_code == 503 and "Refresh" not in said


def test_a_program_is_told_in_its_own_form(pages):
    said = pages(RequestFactory().get("/api/v1/children/"))
    assert said.status_code == 503 and "application/json" in said["Content-Type"] and said["Retry-After"] == "2"


def test_whether_the_process_lives_can_be_asked_meanwhile(pages):
    assert pages(RequestFactory().get("/healthz")).content == b"opened"


def test_once_filled_it_is_not_asked_again(pages, mark):
    mark.unlink()
    pages(RequestFactory().get("/"))
    mark.touch()
    assert pages(RequestFactory().get("/")).content == b"opened"
