"""A NUL is refused by the API and harms no page and no form: PostgreSQL takes none."""

import pytest

from tests.builders import a_change, a_post, a_submitted_file, a_village, a_visit, an_approved_file, sign_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["post", "app", "device", "wiped", "cursor", "\x00"])
def test_a_phone_that_sends_one_with_its_question_gets_an_answer(client, name):
    sign_in(client, a_post(a_village()))
    answer = client.get("/api/v1/sync/", {"device": "phone-1", "app": "1", name: "a\x00b"})
    assert answer.status_code == 400 and "NUL" in answer.json()["detail"]


@pytest.mark.parametrize("address", ["/children/", "/visits/", "/alerts/", "/figures/", "/audit/", "/changes/"])
def test_a_list_asked_with_one_is_shown_all_the_same(client, address):
    sign_in(client, a_post(a_village().township))
    assert client.get(address, {"q": "张\x00", "tab": "\x00", "\x00": "1"}, follow=True).status_code in (200, 403)
    assert client.get(f"{address}%00").status_code == 404


@pytest.fixture
def cases(here):
    """(kind, key) of what waits on a station's desk."""
    file = an_approved_file(here)
    waiting = (("file", a_submitted_file(here)), ("visit", a_visit(file)), ("change", a_change(file, address="五组")))
    return [(kind, record.pk) for kind, record in waiting]


@pytest.mark.exhaustive
@pytest.mark.usefixtures("no_frame")
@pytest.mark.parametrize("name", ["reason", "version", "field", "settle", "ticks", "file_version"])
def test_one_in_what_a_form_sends_is_never_a_fault(client, here, cases, name):
    """Not everything goes through a form field; what is read as it came must stand it as well."""
    sign_in(client, a_post(here.township))
    for kind, pk in cases:
        for action in ("return", "accept" if kind == "visit" else "approve", "undo"):
            given = {"version": "1", "reason": "请补充"} | {name: "1\x00"}
            assert client.post(f"/review/{kind}/{pk}/{action}/", given).status_code < 500
