"""What somebody wrote is kept whole or refused with its number of characters, never cut; a line break is one."""

import pytest
from django.core.exceptions import ValidationError

from childwelfare.text.cleaning import check_length
from childwelfare.workflow.refusals import Refused
from orgs.account_requests.services import _reason as reason_of_account_request
from registry.changes.services import return_change
from registry.child.codes import GROUNDS_LONGEST
from registry.child.parse import read_value
from registry.findings.services.decide import decide_finding
from registry.merging.services.merge import merge_files
from tests.builders import a_change, a_finding, a_post, a_village, an_approved_file, sign_in
from visits.phones.models import SyncPhone
from visits.phones.services.wipe import order_wipe

pytestmark = pytest.mark.django_db
LINES = "\r\n".join(["请补充这一项"] * 71)  # 496 characters to the browser, 566 bytes of text as it sends them
AS_KEPT = LINES.replace("\r\n", "\n")


def test_a_line_break_counts_once_as_the_browser_counts_it():
    assert check_length(LINES, len(AS_KEPT)) == AS_KEPT
    with pytest.raises(ValidationError, match=f"最多 495 字，现在有 {len(AS_KEPT)} 字"):
        check_length(LINES, 495)


def test_the_reason_of_a_return_is_whole_at_each_field(client):
    file = an_approved_file(a_village(), address="三组")
    change = a_change(file, address="五组")
    sign_in(client, a_post(file.township))
    said = {"version": 1, "reason": LINES}
    assert client.post(f"/review/change/{change.pk}/return/", said).status_code == 302
    assert change.fields.get().reason == AS_KEPT and change.events.last().reason == AS_KEPT


def test_a_reason_that_is_too_long_is_refused_with_its_number():
    file = an_approved_file(a_village(), address="三组")
    change = a_change(file, address="五组")
    with pytest.raises(Refused, match="现在有 501 字"):
        return_change(change, by=a_post(file.township), seen_version=1, reason="长" * 501)


def test_why_a_finding_was_agreed_is_whole_in_the_category():
    file = an_approved_file(a_village())
    finding = a_finding(file)
    decide_finding(
        finding, by=a_post(file.county), decision="agree", reason=AS_KEPT, on=finding.first_seen,
        difficulty="poverty", seen_version=finding.version,
    )  # fmt: skip
    assert file.memberships.get(category="difficulty").grounds == AS_KEPT


def test_grounds_of_a_category_note_of_a_merge_and_other_reasons_are_refused_rather_than_cut():
    with pytest.raises(ValidationError, match="现在有 501 字"):
        read_value("category_orphan", {"since": "2024-03-01", "grounds": "长" * (GROUNDS_LONGEST + 1)})
    one = an_approved_file(a_village())
    other, officer = an_approved_file(one.village), a_post(one.county)
    with pytest.raises(ValidationError, match="现在有 201 字"):
        merge_files(one, other, by=officer, seen_versions=(one.version, other.version), note="长" * 201)
    with pytest.raises(Refused, match="现在有 201 字"):
        reason_of_account_request("长" * 201)
    director = a_post(one.village)
    phone = SyncPhone.objects.create(post=director, device="d")
    with pytest.raises(ValidationError, match="现在有 201 字"):
        order_wipe(phone, by=a_post(one.township), reason="长" * 201)
