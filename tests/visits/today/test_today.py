"""The director's day with a network: who is late, who is next, who has time, and the way there."""

import datetime
from urllib.parse import unquote

import pytest
from django.utils import timezone

from registry.findings.services.decide import decide_finding
from tests.builders import a_finding, a_post, a_rule, an_approved_file, sign_in

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.mark.both
def test_everybody_in_care_stands_on_the_day_in_the_order_of_urgency(client, director):
    today = timezone.localdate()
    late = an_approved_file(director.unit, on=today - 40 * DAY)
    soon = an_approved_file(director.unit, on=today - 25 * DAY)
    calm = an_approved_file(director.unit, on=today - 2 * DAY)
    sign_in(client, director)
    shown = client.get("/today/").context
    assert [[due.child for due in shown[group]] for group in ("overdue", "week", "rest")] == [[late], [soon], [calm]]


def test_the_phone_s_map_is_asked_for_the_place_and_never_for_the_child(client, director):
    child = an_approved_file(director.unit, address="三组12号")
    sign_in(client, director)
    link = client.get("/today/").context["week"][0].map
    assert link.startswith("geo:0,0?q=") and unquote(link).endswith(f"{director.unit.name}三组12号")
    assert child.name not in unquote(link)


def test_a_category_agreed_to_on_a_finding_moves_the_day_at_once(director):
    a_rule(days=5, category="difficulty", risk="general")
    child = an_approved_file(director.unit)
    assert child.dues.open().get().days == 30
    finding, clerk = a_finding(child, "unregistered", "difficulty"), a_post(director.unit.township)
    decide_finding(
        finding, by=clerk, decision="agree", reason="已核实", seen_version=finding.version, difficulty="poverty"
    )
    assert child.dues.open().get().days == 5
