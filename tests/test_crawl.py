"""Every link and search form, from where the day of each role begins: none leads to a page that does not open."""

import datetime

import pytest

from registry.closing.services import close_file
from registry.transfers.services import ask_transfer
from tests.builders import (
    a_finding,
    a_post,
    a_submitted_file,
    a_unit,
    a_village,
    a_visit,
    an_alert,
    an_approved_file,
    sign_in,
)
from tests.crawl import crawl
from tests.roles import ROLES


@pytest.fixture
def place():
    """A village where each kind of work waits."""
    village = a_village()
    clerk, director = a_post(village.township), a_post(village)
    file, handed_on, closed = (an_approved_file(village, by=director) for _n in range(3))
    a_submitted_file(village, by=director)
    a_visit(file, by=director)
    a_finding(file)
    an_alert(file=file)
    target = a_unit(a_unit(village.county))
    ask_transfer(handed_on, by=clerk, target=target, reason="搬家", seen_version=handed_on.version)
    close_file(closed, by=clerk, seen_version=closed.version, reason="other", note="去外地",
               on=closed.approved_on + datetime.timedelta(days=1))  # fmt: skip
    return village


@pytest.mark.django_db
@pytest.mark.exhaustive
@pytest.mark.parametrize("role", ROLES)
def test_every_way_on_leads_to_a_page_that_opens(client, monkeypatch, place, role):
    for module in ("registry.printing.views", "visits.schedule.views.plan"):  # typesetting takes seconds
        monkeypatch.setattr(f"{module}.as_pdf", lambda sheet: b"%PDF")
    tier = ROLES[role]
    sign_in(client, a_post(place.county.parent if tier == "city" else getattr(place, tier, place), role))
    asked = list(crawl(client, of_a_kind=1))
    shut = [f"{path} from {came}: {got.status_code}" for path, came, got, _page in asked if got.status_code != 200]
    assert len(asked) > 3 and not shut, "\n".join(shut)
