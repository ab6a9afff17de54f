"""At any moment one village owes the visit, and it may open the file."""

from contextlib import suppress

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from childwelfare.workflow.refusals import Refused
from registry.child.models import ChildFile
from registry.closing.services import close_file, reopen_file
from registry.stays.models import Stay, may_open
from registry.stays.services import begin_stay, end_stay, settle_stays
from registry.transfers.services import ask_transfer
from registry.transfers.workflow import TRANSFER
from tests.builders import (
    a_post,
    a_unit,
    a_visit,
    an_approved_file,
)
from tests.depth import examples
from tests.registry.stays.acts import DAY, today

pytestmark = pytest.mark.django_db


ACTS = ("begin", "later", "end", "home", "host", "visit", "close", "reopen", "move", "night")


@pytest.mark.both
@settings(max_examples=examples(25), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.sampled_from(ACTS), st.integers(0, 2)), min_size=3, max_size=9))
def test_at_any_moment_one_village_owes_the_visit_and_may_open_the_file(here, acts):
    places = [here, a_unit(here.township), a_unit(a_unit(here.county))]
    directors = {place.pk: a_post(place) for place in places}
    clerks = {place.township_id: a_post(place.township) for place in places}
    file = an_approved_file(here, on=today() - 60 * DAY)
    for act, number in acts:
        file = ChildFile.objects.get(pk=file.pk)
        clerk, stay = clerks[file.township_id], file.stays.open().first()
        with suppress(Refused, ValidationError, PermissionDenied):
            _do(act, file, stay, places[number], clerk, clerks)
        file = ChildFile.objects.get(pk=file.pk)
        due = list(file.dues.open())
        assert len(due) == (file.state == "approved")
        hosted = file.stays.in_force().first()
        for each in due:
            assert each.village_id == (hosted or file).village_id
            owing = directors[each.village_id]
            assert may_open(owing, "view_child", file) and may_open(owing, "log_visit", file)
        opens = {pk for pk, post in directors.items() if may_open(post, "view_child", file)}
        assert opens == {file.village_id} | ({hosted.village_id} if hosted else set())
        assert opens == {
            pk for pk, post in directors.items() if ChildFile.objects.open_to(post, "view_child").filter(pk=file.pk)
        }
        rows = list(file.dues.order_by("since", "pk"))
        assert all(one.ended_on == two.since for one, two in zip(rows, rows[1:], strict=False) if one.visit_id is None
                   and two.since != file.counted_since)  # fmt: skip


def _do(act, file, stay, place, clerk, clerks) -> None:
    if act in ("begin", "later"):
        since = today() + (5 if act == "later" else 0) * DAY
        begin_stay(file, by=clerk, village=place, since=since, until=today() + 9 * DAY, reason="照看",
                   seen_version=file.version)  # fmt: skip
        if act == "begin":
            Stay.objects.filter(child=file, ended_on=None).update(begun_on=today() - 2 * DAY, since=today() - 2 * DAY)
    elif act in ("end", "host") and stay:
        side = clerks[stay.township_id] if act == "host" else clerk
        end_stay(stay, by=side, reason="回家", seen_version=stay.version)
    elif act == "visit":
        a_visit(file, by=a_post((stay if stay and stay.in_force else file).village))
    elif act == "close":
        close_file(file, by=clerk, seen_version=file.version, reason="moved", on=today())
    elif act == "reopen":
        reopen_file(file, by=clerk, seen_version=file.version, reason="回来", categories={"left_behind": {}})
    elif act == "move":
        transfer = ask_transfer(file, by=clerk, target=place, reason="迁居", seen_version=file.version)
        if transfer.state == "asked":
            TRANSFER.apply("accept", transfer, by=clerks[place.township_id], seen_version=1)
    elif act == "night":
        settle_stays(today() + 10 * DAY)
