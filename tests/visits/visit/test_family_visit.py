"""One visit to brothers and sisters: what they have in common said once, a record each, all or none, once."""

import datetime
import uuid

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from childwelfare.uploads.photos import check_photos
from childwelfare.workflow.refusals import Refused, SentBefore
from registry.child.models import ChildFile
from tests.builders import (
    a_change,
    a_post,
    a_stay,
    a_unit,
    a_village,
    a_visit,
    an_approved_file,
    an_upload,
    answers,
    sign_in,
)
from visits.visit.models import Visit, VisitPhoto
from visits.visit.services.family import FamilyAnswers, log_family_visit, siblings_at_home
from visits.visit.workflow import VISIT

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def family(post):
    """Three of one family: the eldest first."""
    mark = uuid.uuid4()
    names = (("张子轩", 2012), ("张子涵", 2015), ("张子睿", 2018))
    born = [(name, datetime.date(year, 5, 1)) for name, year in names]
    files = [an_approved_file(post.unit, by=post, name=name, birth_date=day) for name, day in born]
    ChildFile.objects.filter(pk__in=[file.pk for file in files]).update(family_uid=mark)
    return [ChildFile.objects.get(pk=file.pk) for file in files]


def told(child, **given) -> FamilyAnswers:
    return FamilyAnswers(child, answers(**given))


def log(family, by, *others, pk=None, **given):
    return log_family_visit(
        told(family[0]), list(others), by=by, hazards_looked_at=True, pk=pk or uuid.uuid4(), **given
    )


def test_each_child_has_a_record_and_flags_of_its_own(family, post):
    visits = log(family, post, told(family[1], mood="low"), told(family[2], outcome="away"))
    assert [visit.child for visit in visits] == family and len({visit.family for visit in visits}) == 1
    assert [visit.flags for visit in visits] == [[], ["low_mood"], ["station_asked", "not_seen"]]
    assert family[2].dues.open().get().since < timezone.localdate(), "who was not met is still due"


@pytest.mark.both
def test_sent_twice_it_is_once(family, post):
    pk = uuid.uuid4()
    one = log(family, post, told(family[1]), pk=pk)
    two = log(family, post, told(family[1]), pk=pk)
    assert one == two and Visit.objects.count() == 2 and one[0].pk == pk


def test_what_is_wrong_with_one_saves_none_and_is_said_at_its_line(family, post):
    with pytest.raises(ValidationError) as error:
        log(family, post, told(family[1], outcome="refused", next_step=""), told(family[2], mood=""))
    assert set(error.value.message_dict) == {f"{family[1].pk}-next_step", f"{family[2].pk}-mood"}
    assert not Visit.objects.exists()


def test_sent_again_with_a_sister_ticked_it_is_one_door(family, post):
    pk = uuid.uuid4()
    log(family, post, pk=pk)
    visits = log(family, post, told(family[1]), pk=pk)
    assert Visit.objects.count() == 2 and {visit.family for visit in Visit.objects.all()} == {pk}
    assert [visit.family for visit in visits] == [pk, pk]


def test_one_who_stands_in_the_way_is_named(family, post):
    """A visit to one of them came back minutes ago: which of the three it is stands in the refusal."""
    visits = log(family, post, told(family[1]))
    VISIT.apply("return", visits[1], by=a_post(post.unit.township), seen_version=1, reason="请补充")
    with pytest.raises(Refused, match=f"{family[1].name}：.*已被退回"):
        log(family, post, told(family[1]))
    assert Visit.objects.count() == 2
    with pytest.raises(SentBefore, match=family[1].name) as refusal:
        log(family, post, told(family[1], mood="low"), pk=visits[0].pk)
    assert family[1].name in refusal.value.page_words()


def test_one_whom_the_post_does_not_visit_saves_none(family, post):
    foreign = an_approved_file(a_village())
    with pytest.raises(PermissionDenied):
        log(family, post, told(foreign))
    assert not Visit.objects.exists()


def test_a_child_alone_has_no_mark(family, post):
    (visit,) = log(family, post)
    assert visit.family is None


def test_only_who_lives_here_and_is_hers_may_be_ticked(family, post):
    assert siblings_at_home(family[0], post) == family[1:]
    a_stay(family[1], a_unit(post.unit.township))
    assert siblings_at_home(family[0], post) == family[2:]
    ChildFile.objects.filter(pk=family[2].pk).update(state="closed")
    assert siblings_at_home(family[0], post) == []
    assert siblings_at_home(an_approved_file(post.unit, by=post), post) == []


def test_a_new_address_holds_for_all_a_new_school_for_one(family, post):
    changes = {"address": {"base": "", "value": "五组 3 号"}, "school": {"base": "", "value": "高村乡中学"}}
    visits = log(family, post, told(family[1]), changes=changes)
    names = [[field.name for field in visit.noticed.get().fields.all()] for visit in visits]
    assert sorted(names[0]) == ["address", "school"] and names[1] == ["address"]


# --- through the page


def sent(family, *ticked, **given) -> dict:
    """The form with the children of ``ticked`` beside the first."""
    form = {name: value for name, value in answers().items() if name != "hazards"}
    form |= {"pk": str(uuid.uuid4()), "visited_on": timezone.localdate().isoformat(), "hazard": "no"}
    form["together"] = [str(child.pk) for child in ticked]
    for child in ticked:
        own = {"outcome": "seen", "attendance": "in_school", "health": "good", "mood": "cheerful"}
        form |= {f"{child.pk}-{name}": value for name, value in own.items()}
    return form | given


def test_the_receipt_names_all_and_each_visit_leads_to_the_others(client, family, post):
    sign_in(client, post)
    page = client.post(f"/children/{family[0].pk}/visit/", sent(family, *family[1:]), follow=True)
    assert "张子轩、张子涵、张子睿的走访已送到工作站" in page.text
    for visit in Visit.objects.all():
        assert visit.receipt in page.text
    detail = client.get(f"/visits/{Visit.objects.get(child=family[0]).pk}/").text
    assert "同一次走访" in detail and "张子涵" in detail and "张子睿" in detail


def test_a_sister_who_was_not_met_keeps_what_was_told_of_her(client, family, post):
    sign_in(client, post)
    own = {"outcome": "away", "next_step": "come_again", "whereabouts": "在外婆家",
           "next_on": (timezone.localdate() + 4 * DAY).isoformat()}  # fmt: skip
    given = sent(family, family[1], needs="棉被") | {f"{family[1].pk}-{name}": value for name, value in own.items()}
    client.post(f"/children/{family[0].pk}/visit/", given)
    brother, sister = (Visit.objects.get(child=child) for child in family[:2])
    assert (sister.outcome, sister.whereabouts, sister.next_on - timezone.localdate()) == ("away", "在外婆家", 4 * DAY)
    assert (sister.care, sister.needs, brother.needs, brother.next_on) == ("", "", "棉被", None)


def test_a_brother_who_was_not_met_does_not_hide_the_sister_who_was(client, family, post):
    sign_in(client, post)
    given = sent(family, family[1], outcome="not_found", next_step="ask_around")
    client.post(f"/children/{family[0].pk}/visit/", given)
    assert Visit.objects.get(child=family[1]).care == "good"


def test_a_gap_at_a_line_is_shown_there_and_nothing_is_saved(client, family, post):
    sign_in(client, post)
    page = client.post(f"/children/{family[0].pk}/visit/", sent(family, family[1], **{f"{family[1].pk}-mood": ""}))
    assert page.status_code == 422 and "张子涵：请选择一项" in page.text and not Visit.objects.exists()


def test_last_times_answers_stand_at_each_line(client, family, post):
    a_visit(family[1], by=post, mood="low", visited_on=timezone.localdate() - DAY)
    page = sign_in(client, post).get(f"/children/{family[0].pk}/visit/").text
    assert "一起走访的兄弟姐妹" in page and "上次：低落或异常" in page
    page = client.get(f"/children/{an_approved_file(post.unit, by=post).pk}/visit/").text
    assert "一起走访的兄弟姐妹" not in page


def test_a_stranger_cannot_be_ticked(client, family, post):
    foreign = an_approved_file(a_village())
    sign_in(client, post)
    page = client.post(f"/children/{family[0].pk}/visit/", sent(family, together=[str(foreign.pk)]))
    assert page.status_code == 422 and not Visit.objects.exists()


def test_a_visit_to_a_child_who_moved_away_is_not_shown_beside(client, family, post):
    visits = log(family, post, told(family[1]))
    there = a_unit(post.unit.township)
    ChildFile.objects.filter(pk=family[1].pk).update(village=there)
    Visit.objects.filter(pk=visits[1].pk).update(village=there)
    assert "同一次走访" not in sign_in(client, post).get(f"/visits/{visits[0].pk}/").text


def test_visits_of_a_family_over_the_api(client, family, post):
    sign_in(client, post)
    mark = str(uuid.uuid4())
    given = {"visited_on": timezone.localdate().isoformat(), "outcome": "seen", "hazards": [], "family": mark}
    given |= {name: answers()[name] for name in ("carer", "care", "living", "attendance", "health", "mood")}
    for child in family[:2]:
        said = given | {"child": str(child.pk)}
        made = client.post("/api/v1/visits/", said, content_type="application/json")
        assert made.status_code == 201 and made.json()["family"] == mark
    assert Visit.objects.filter(family=mark).count() == 2


def test_a_change_that_waits_stops_no_visit(family, post):
    a_change(family[0], by=post, address="九组 9 号")
    (visit,) = log(family, post, changes={"address": {"base": "", "value": "五组 3 号"}})
    assert visit.noticed.get().state == "submitted"


def test_a_photo_of_the_door_is_kept_once_from_whose_form_ever_it_comes(family, post):
    picture = check_photos([an_upload(size=(60, 40))])
    one = log(family, post, told(family[1]), photos=picture)
    two = log_family_visit(
        told(family[1]), [told(family[0])], by=post, hazards_looked_at=True, pk=uuid.uuid4(), photos=picture
    )
    assert {visit.pk for visit in one} == {visit.pk for visit in two}
    assert VisitPhoto.objects.count() == 1
