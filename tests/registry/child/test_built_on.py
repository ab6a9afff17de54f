"""An approval is not taken back once somebody built on it."""

import pytest

from childwelfare.workflow.refusals import Refused
from registry.child.built_on import BUILT_ON, NOT_BUILT_ON
from registry.child.models import ChildFile
from registry.child.workflow import FILE
from registry.transfers.services import ask_transfer
from tests.builders import (
    a_change,
    a_post,
    a_stay,
    a_submitted_file,
    a_unit,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    an_entrustment,
    an_extra_visit,
    sign_in,
)
from tests.models import models_pointing_to

pytestmark = pytest.mark.django_db
BUILDINGS = {
    "走访": a_visit,
    "档案变更": lambda file: a_change(file, address="五组"),
    "紧急报告": lambda file: an_alert(file=file),
    "临时居住": lambda file: a_stay(file, a_village()),
    "委托照护书": an_entrustment,
    "要求加访": an_extra_visit,
    "转出转入": lambda file: ask_transfer(
        file, by=a_post(file.township), target=a_village(), reason="搬家", seen_version=file.version
    ),
}


@pytest.fixture
def approved(client, here, clerk):
    file = a_submitted_file(here)
    sign_in(client, clerk)
    client.post(f"/review/file/{file.pk}/approve/", {"version": file.version})
    return ChildFile.objects.get(pk=file.pk)


@pytest.mark.parametrize("what", BUILDINGS)
def test_what_was_built_since_keeps_it_and_the_button_is_not_offered(client, clerk, approved, what):
    assert client.get("/review/").context["undo"] and FILE.may_undo(clerk, approved)
    BUILDINGS[what](approved)
    approved.refresh_from_db()
    assert not client.get("/review/").context["undo"]
    with pytest.raises(Refused, match=f"通过之后已有.*{what}|这一步不能撤销"):
        FILE.undo(approved, by=clerk, seen_version=approved.version)
    assert ChildFile.objects.get(pk=approved.pk).state == "approved"
    answer = client.post(
        f"/api/v1/reviews/file/{approved.pk}/decide/",
        {"action": "undo", "version": approved.version},
        content_type="application/json",
    )
    assert answer.status_code == 422, answer.json()


def test_nothing_built_it_is_taken_back(clerk, approved):
    FILE.undo(approved, by=clerk, seen_version=approved.version)
    assert approved.state == "submitted"


def test_what_others_built_elsewhere_does_not_keep_it(clerk, approved):
    a_visit(an_approved_file(a_unit(approved.township)))
    assert FILE.may_undo(clerk, approved)


def test_every_model_that_points_to_a_file_says_whether_it_is_built_on_it():
    named = {each.model._meta.label for each in BUILT_ON} | set(NOT_BUILT_ON)
    pointing = models_pointing_to(ChildFile).keys()
    assert pointing <= named, f"say in registry.child.built_on of {sorted(pointing - named)}"
