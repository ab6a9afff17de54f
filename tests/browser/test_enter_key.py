"""Enter in a field of a form that has a search in it: in the search it searches, elsewhere it sends the form."""

import datetime

import pytest
from django.utils import timezone

from registry.stays.models import Stay
from tests.browser.acts import enter
from tests.builders import a_post, a_unit, an_approved_file

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def there(here):
    return a_unit(here.township)


@pytest.fixture(params=[True, False], ids=["script", "no script"])
def stay_page(request, here, there, open_page):
    """The form of a stay at ``there``, found by its search and by Enter."""
    file = an_approved_file(here, on=timezone.localdate() - datetime.timedelta(days=60))
    page = open_page("desktop", java_script_enabled=request.param)
    enter(page, a_post(here.township), f"/children/{file.pk}/stay/")
    page.fill("[name=reason]", "祖母住院")
    page.fill("[name=q]", there.name)
    with page.expect_navigation():
        page.press("[name=q]", "Enter")
    return page


def test_enter_in_the_search_searches_and_keeps_what_was_typed(stay_page, there):
    assert not page_errors(stay_page) and not Stay.objects.exists()
    assert there.name in stay_page.inner_text("#act")
    assert stay_page.input_value("[name=reason]") == "祖母住院"


def test_enter_elsewhere_sends_the_form(stay_page, there):
    page = stay_page
    page.locator("#act [name=village]").first.check()
    page.fill("[name=since]", f"{timezone.localdate():%Y-%m-%d}")
    page.fill("[name=address]", "二组")
    with page.expect_navigation():
        page.press("[name=address]", "Enter")
    assert Stay.objects.get().village == there


def test_enter_elsewhere_says_what_is_missing(stay_page):
    stay_page.press("[name=address]", "Enter")
    stay_page.locator("#act .field-error:visible").first.wait_for()
    assert page_errors(stay_page) and not Stay.objects.exists()
    assert stay_page.input_value("[name=reason]") == "祖母住院"


def page_errors(page) -> bool:
    return page.locator("#act .errors, #act .field-error").count() > 0
