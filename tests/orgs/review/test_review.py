"""The station reviews visits: flagged ones one by one, the others in bulk, and only those on the screen."""

import pytest

from childwelfare.workflow.refusals import Stale
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import a_post, a_village, a_visit, an_approved_file, sign_in
from visits.visit.models import Visit
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk():
    return a_post(a_village().township)


@pytest.fixture
def village(clerk):
    return a_village(clerk.unit)


def ids(*visits):
    return [f"{visit.pk}:{visit.version}" for visit in visits]


@pytest.mark.both
def test_flagged_ones_come_first_with_their_reason(client, clerk, village):
    a_visit(an_approved_file(village, name="周雅婷"))
    a_visit(an_approved_file(village, name="赵梦琪"), hazards=["water"])
    sign_in(client, clerk)
    page = client.get("/review/").text
    assert page.index("赵梦琪") < page.index("周雅婷") and "有安全隐患" in page
    assert "批量通过无异常 1" in page


def test_bulk_touches_only_what_was_on_the_screen(client, clerk, village):  # D20
    shown, unseen = a_visit(an_approved_file(village)), a_visit(an_approved_file(village))
    sign_in(client, clerk)
    client.post("/review/accept/", {"visit": ids(shown)})
    states = dict(Visit.objects.values_list("pk", "state"))
    assert states == {shown.pk: "accepted", unseen.pk: "submitted"}


def test_bulk_leaves_flagged_own_and_other_places_and_names_them(client, clerk, village):
    flagged = a_visit(an_approved_file(village, name="赵梦琪"), hazards=["fire"])
    own = a_visit(an_approved_file(village, name="孙浩然"), by=clerk)
    elsewhere = a_visit(an_approved_file(a_village()))
    sign_in(client, clerk)
    page = client.post("/review/accept/", {"visit": ids(flagged, own, elsewhere) + ["nonsense", "x:y"]}, follow=True)
    assert set(Visit.objects.values_list("state", flat=True)) == {"submitted"}
    assert "赵梦琪：有异常" in page.text and "孙浩然：不能办理自己" in page.text


@pytest.mark.both
def test_bulk_skips_what_changed_since(client, clerk, village):
    visit = a_visit(an_approved_file(village))
    sign_in(client, clerk)
    page = client.post("/review/accept/", {"visit": [f"{visit.pk}:7"]}, follow=True)
    assert Visit.objects.get().state == "submitted" and "有过变动，请重新打开" in page.text


def test_answers_stand_beside_last_times(client, clerk, village):
    child, director = an_approved_file(village), a_post(village)
    import datetime

    from django.utils import timezone

    a_visit(child, by=director, care="good", visited_on=timezone.localdate() - datetime.timedelta(days=2))
    new = a_visit(child, by=director, care="fair")
    sign_in(client, clerk)
    page = client.get(f"/review/visit/{new.pk}/").text
    assert "<del>好</del>" in page


def test_a_reason_is_asked_for_and_kept_on_the_page(client, clerk, village):
    visit = a_visit(an_approved_file(village))
    sign_in(client, clerk)
    page = client.post(f"/review/visit/{visit.pk}/return/", {"version": 1, "reason": " "})
    assert page.status_code == 422 and "请写明原因" in page.text
    client.post(f"/review/visit/{visit.pk}/return/", {"version": 1, "reason": "请写清照看人"})
    director = visit.made_in
    sign_in(client, director)
    assert "请写清照看人" in client.get("/today/").text


def test_what_was_typed_about_a_case_that_somebody_else_decided_is_shown_with_its_name(client, clerk, village):
    """Beside no other case, to which the next press would go."""
    done, other = (a_visit(an_approved_file(village, name=name)) for name in ("田家豪", "赵梦琪"))
    VISIT.apply("accept", done, by=a_post(village.township), seen_version=1)
    sign_in(client, clerk)
    page = client.post(f"/review/visit/{done.pk}/return/", {"version": 1, "reason": "照看人电话没写"})
    assert page.status_code == 409 and "田家豪：这次没有办理" in page.text and "照看人电话没写" in page.text
    assert str(other.pk) not in page.text and "赵梦琪" not in page.text and "看其余待审核 1 条" in page.text


def test_a_reason_that_is_too_long_is_refused_whole(client, clerk, village):
    visit = a_visit(an_approved_file(village))
    sign_in(client, clerk)
    page = client.post(f"/review/visit/{visit.pk}/return/", {"version": 1, "reason": "长" * 501})
    assert page.status_code == 422 and "原因最多 500 字，现在有 501 字" in page.text and "长" * 501 in page.text
    assert Visit.objects.get().state == "submitted"


@pytest.mark.parametrize("path", ["review/visit/{pk}/resubmit/", "review/nothing/{pk}/accept/", "review/visit/{pk}/x/"])
def test_a_made_up_address_is_not_found(client, clerk, village, path):
    visit = a_visit(an_approved_file(village))
    sign_in(client, clerk)
    assert client.post("/" + path.format(pk=visit.pk), {"version": 1}).status_code == 404


def test_a_decision_is_not_made_or_taken_back_on_a_visit_that_lies_elsewhere_by_now():
    there, child = a_village(), an_approved_file(a_village())
    clerk, director = a_post(child.township), a_post(child.village)
    waiting, accepted = a_visit(child, by=director), a_visit(child, by=director)
    VISIT.apply("accept", accepted, by=clerk, seen_version=1)
    transfer = ask_transfer(child, by=clerk, target=there, reason="随父母迁居", seen_version=child.version)
    TRANSFER.apply("accept", transfer, by=a_post(there.township), seen_version=1)
    # both as the page read them, before the child was handed on
    with pytest.raises(Stale, match="不由您这里办理"):
        VISIT.apply("accept", waiting, by=clerk, seen_version=1)
    with pytest.raises(Stale, match="不由您这里办理"):
        VISIT.undo(accepted, by=clerk, seen_version=2)
    states = Visit.objects.values_list("pk", "state")
    assert dict(states) == {waiting.pk: "submitted", accepted.pk: "accepted"}
