"""Who hears of what was not answered: each once, those above of all together, the station of whom it stands in for."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from childwelfare.workflow.refusals import Refused
from orgs.inbox.models import Message
from orgs.inbox.reading import page_for
from orgs.inbox.reminders import remind_all
from orgs.posts.models import Appointment
from orgs.posts.services import end_appointment
from reports.requests.models import DataAnswer
from reports.requests.notices import tell_left
from reports.requests.services import answering, asking
from reports.requests.workbench import request_to_answer, to_answer, to_close
from tests.builders import a_data_request, a_post, a_village, fresh, sign_in, the_answer
from tests.reports.requests.world import an_asking_county, fill

pytestmark = [pytest.mark.django_db, pytest.mark.both]
D = datetime.date


@pytest.fixture
def place():
    """Asked on Monday, the 2nd of November 2026, to be answered until Thursday, the 5th."""
    with time_machine.travel(datetime.datetime(2026, 11, 2, 4, tzinfo=datetime.UTC), tick=False) as clock:
        place = an_asking_county()
        place.clock = clock
        place.clerk = a_post(place.townships[0])
        yield place


def to_day(place, day: int) -> None:
    place.clock.move_to(datetime.datetime(2026, 11, day, 4, tzinfo=datetime.UTC))
    remind_all()


def titles(post) -> list[str]:
    return [line.title for line in page_for(fresh(post), kind="", unread_first=False, part="", cursor="").lines]


def ask(place, **given):
    return place.asked(due_on=D(2026, 11, 5), **given)


def test_those_above_hear_once_of_all_that_is_late_and_find_the_list(client, place):
    request, lead = ask(place), place.officer
    fill(request, place.directors[1])
    for day in range(3, 14):
        to_day(place, day)
    late = f"{place.county.short_name}要的“防溺水排查”，下面有单位逾期未答"
    assert titles(place.clerk).count(late) == 1 and titles(lead).count(late) == 1
    assert not [title for title in titles(place.clerk) if "还没有答" in title], "of no village by itself"
    assert len([title for title in titles(place.directors[0]) if "还没有答" in title]) == 3  # T-3, T, T+1
    assert "已经逾期" in request_to_answer(fresh(place.directors[0])).text
    sign_in(client, place.clerk)
    page = client.get(f"/requests/{request.pk}/late/")
    village = place.villages[0].short_name
    assert village in page.text and place.directors[0].person.name in page.text and "逾期 8 天" in page.text
    assert place.villages[1].short_name not in page.text and place.villages[2].short_name not in page.text
    sign_in(client, a_post(an_asking_county().townships[0]))
    assert client.get(f"/requests/{request.pk}/late/").status_code == 404
    fill(request, place.directors[0])
    sign_in(client, place.clerk)
    assert "都答了" in client.get(f"/requests/{request.pk}/late/").text


def test_of_two_last_days_those_above_hear_once_a_day(place):
    request = ask(place)
    DataAnswer.objects.filter(request=request, unit=place.villages[1]).update(due_on=D(2026, 11, 4))
    place.clock.move_to(datetime.datetime(2026, 11, 6, 4, tzinfo=datetime.UTC))  # nothing ran since
    remind_all()
    remind_all()
    behind = Message.objects.filter(kind="data_behind", recipient=place.clerk)
    assert behind.count() == 1


def test_a_station_that_asks_is_told_itself_and_not_the_county(place):
    officer = place.officer
    a_data_request(place.townships[0], by=fresh(place.clerk), title="站里要的", due_on=D(2026, 11, 5))
    for day in range(3, 14):
        to_day(place, day)
    assert "站里要的" in " ".join(titles(place.clerk)) and "站里要的" not in " ".join(titles(officer))


def test_who_asks_reminds_each_once_a_day_and_nobody_who_was_reminded_that_day(place):
    request = ask(place)
    fill(request, place.directors[0])
    assert asking.remind(request, by=place.officer) == 3
    with pytest.raises(Refused, match="同一天不重复"):
        asking.remind(request, by=place.officer)
    reminded = Message.objects.filter(kind="data_due")
    assert reminded.count() == 3 and not reminded.filter(recipient=place.directors[0]).exists()
    remind_all()  # three days before: who was reminded today is not told again
    assert reminded.count() == 3
    to_day(place, 5)
    assert reminded.count() == 6
    with pytest.raises(Refused, match="同一天不重复"):
        asking.remind(request, by=place.officer)
    with pytest.raises(PermissionDenied):
        asking.remind(request, by=a_post(place.city))
    for director in place.directors[1:]:
        fill(request, director)
    with pytest.raises(Refused, match="都已经答了"):
        asking.remind(request, by=place.officer)


def test_villages_without_a_director_are_one_message_to_their_station(place):
    left = [a_village(place.townships[0]) for _ in range(3)]
    request = ask(place)
    of_station = Message.objects.filter(kind="data_in_place", recipient=place.clerk)
    assert of_station.count() == 1 and "由本单位代填" in " ".join(titles(place.clerk))
    assert {row.unit_id for row in to_answer(fresh(place.clerk))} == {each.pk for each in left}
    for day in range(3, 6):
        to_day(place, day)
    assert of_station.count() == 3  # asked, three days before, on the day
    with pytest.raises(Refused, match="同一天不重复"):
        asking.remind(request, by=place.officer) and asking.remind(request, by=place.officer)


def test_who_leaves_after_being_asked_leaves_it_to_the_station_which_is_told(place):
    request, village = ask(place), place.villages[0]
    assert not to_answer(fresh(place.clerk)).exists()
    end_appointment(Appointment.objects.get(pk=place.directors[0].pk))
    tell_left()
    tell_left()
    told = Message.objects.get(kind="data_left", recipient=place.clerk)
    answer = the_answer(request, village)
    assert told.record == answer.pk and f"{village.short_name}没有人在岗了" in " ".join(titles(place.clerk))
    assert [row.pk for row in to_answer(fresh(place.clerk))] == [answer.pk]
    to_day(place, 5)
    assert Message.objects.filter(kind="data_in_place", recipient=place.clerk).count() == 1
    values = {request.questions.get().field: "4"}
    answering.submit(answer, by=fresh(place.clerk), seen_version=1, given=values)
    assert the_answer(request, village).state == "answered"


def test_where_the_station_is_empty_too_the_county_answers(place):
    village = a_village(place.townships[1])
    request = ask(place)
    answer = the_answer(request, village)
    answering.submit(answer, by=fresh(place.officer), seen_version=1, given={request.questions.get().field: "4"})
    assert the_answer(request, village).state == "answered"


def test_what_is_answered_is_on_the_desk_of_whoever_closes_it_today(client, place, django_assert_max_num_queries):
    """Told was who held the post then; that she has gone, or somebody came, leaves no request lying."""
    county, township = place.officer, place.townships[0]
    asked = [a_data_request(township, by=fresh(place.clerk), title=title) for title in ("会游泳的孩子", "留守儿童")]
    first, second = asked
    for director in place.directors[:2]:
        assert not to_close(fresh(place.clerk)).exists(), "somebody is left to answer"
        fill(first, director)
    assert list(to_close(fresh(place.clerk))) == [first] and not to_close(fresh(county)).exists()
    sign_in(client, place.clerk)
    page = client.get("/workbench/").text
    assert "“会游泳的孩子”已经答齐，可以收结" in page and f'href="/requests/{first.pk}/"' in page
    end_appointment(Appointment.objects.get(pk=place.clerk.pk))
    assert list(to_close(fresh(county))) == [first], "left to the county, which nobody told"
    for director in place.directors[:2]:
        fill(second, director)
    sign_in(client, county)
    client.get("/workbench/")
    with django_assert_max_num_queries(13):
        page = client.get("/workbench/").text
    assert "2 个要数已经答齐，可以收结" in page and 'href="/requests/"' in page
    place.clock.shift(datetime.timedelta(days=1))
    newcomer = a_post(township)
    assert set(to_close(newcomer)) == {first, second} and not to_close(fresh(county)).exists(), "hers from today"
    assert not to_close(a_post(place.townships[1])).exists()
    answering.take_back(the_answer(first, place.directors[0].unit), by=place.directors[0], seen_version=2)
    asking.close(second, by=newcomer, seen_version=second.version)
    assert not to_close(newcomer).exists()
