"""Two clerks on one finding at once. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import threading

import pytest
from django.db import connection

from childwelfare.workflow.refusals import Stale
from registry.findings.models import Finding
from registry.findings.services.decide import decide_finding
from tests.builders import a_finding, a_post, a_village, an_approved_file

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_clerks_one_decides_and_the_other_is_told():
    village = a_village()
    file = an_approved_file(village)
    finding = a_finding(file, "ended", "left_behind")
    clerks = [a_post(village.township), a_post(village.township)]
    outcomes, start = [], threading.Barrier(2)

    def decide(decision, clerk):
        mine = Finding.objects.select_related("child").get(pk=finding.pk)
        start.wait()
        try:
            decide_finding(mine, by=clerk, seen_version=1, decision=decision, reason="核实", exit_reason="not_eligible")
            outcomes.append("won")
        except Stale:
            outcomes.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=decide, args=pair) for pair in zip(("keep", "agree"), clerks, strict=True)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert sorted(outcomes) == ["told", "won"]
    finding.refresh_from_db()
    assert finding.events.count() == 1
    assert (file.memberships.get().until is not None) == (finding.decision == "agree")
