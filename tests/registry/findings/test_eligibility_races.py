"""Two clerks on one finding at once. On PostgreSQL alone: SQLite has one writer at a time and hides races."""

import pytest

from registry.findings.models import Finding
from registry.findings.services.decide import decide_finding
from tests.builders import a_finding, a_post, a_village, an_approved_file
from tests.threads import done_or_told

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_clerks_one_decides_and_the_other_is_told():
    village = a_village()
    file = an_approved_file(village)
    finding = a_finding(file, "ended", "left_behind")
    clerks = [a_post(village.township), a_post(village.township)]

    def decide(decision, clerk):
        mine = Finding.objects.select_related("child").get(pk=finding.pk)
        given = {"reason": "核实", "exit_reason": "not_eligible"}
        return lambda: decide_finding(mine, by=clerk, seen_version=1, decision=decision, **given)

    assert sorted(done_or_told(*map(decide, ("keep", "agree"), clerks))) == ["done", "told"]
    finding.refresh_from_db()
    assert finding.events.count() == 1
    assert (file.memberships.get().until is not None) == (finding.decision == "agree")
