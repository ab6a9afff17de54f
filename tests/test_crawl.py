"""Every link and search form, from where the day of each role begins: none leads to a page that does not open."""

import re

import pytest
from django.apps import apps
from django.conf import settings
from django.template import engines

from orgs.units.models import OrgUnit
from tests.builders import a_post, sign_in
from tests.crawl import crawl, typeset_nothing
from tests.roles import ROLES, unit_of

NOT_GIVEN = re.compile(r"⟦(.*?)⟧")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CUT = re.compile(r"[^\s·›]*…$")  # the last word of a line that is cut short: the rest of it would tell what it is
MASKED_NAME, DOCUMENT = r"[\u4e00-\u9fff]\*+", r"[\u4e00-\u9fff]+〔[0-9]{4}〕[0-9]+号"
ENGLISH_SENTENCE = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")

# what a page may do without, as Django's own ``default`` says of it; of anything else the page asks what nobody gives
MAY_BE_ABSENT = {
    "child.pk", "draft_key", "post.person.pk", "post.person.uid", "query", "reason", "row.person.name", "text",
}  # fmt: skip

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]


@pytest.fixture
def ways_of(client, monkeypatch, busy_village):
    """``ways_of(role, language)``: what each way from where somebody's day begins is answered with."""
    typeset_nothing(monkeypatch)
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "⟦%s⟧")  # else it shows nothing, and nobody sees

    def asked(role: str, language: str):
        sign_in(client, a_post(unit_of(role, busy_village), role))
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
        return list(crawl(client, of_a_kind=1))

    return asked


@pytest.mark.parametrize("role", ROLES)
def test_every_way_on_leads_to_a_page_that_opens_and_speaks_chinese(ways_of, role):
    asked = ways_of(role, "zh-hans")
    shut = [f"{path} from {came}: {got.status_code}" for path, came, got, _page in asked if got.status_code != 200]
    assert len(asked) > 3 and not shut, "\n".join(shut)
    asked_for = {(name, path) for path, _came, got, page in asked if page for name in NOT_GIVEN.findall(got.text)}
    unknown = {f"{name} ({path})" for name, path in asked_for if name not in MAY_BE_ABSENT}
    assert not unknown, "a template asks for what its view doesn't give:\n" + "\n".join(sorted(unknown))
    english = {f"{path}: {text}" for path, text in texts_in(asked, "zh") if ENGLISH_SENTENCE.search(text)}
    assert not english, "\n".join(sorted(english))


@pytest.mark.parametrize("role", ROLES)
def test_an_english_page_has_no_chinese_but_names_and_what_was_written(ways_of, role):
    asked = ways_of(role, "en")
    written = written_in_the_registry()
    texts = [(path, CUT.sub("", text)) for path, text in texts_in(asked, "en")]
    left = {(text, path) for path, text in texts if CHINESE.search(written.sub("", text))}
    assert len(asked) > 3 and not left, "\n".join(f"{text} ({path})" for text, path in sorted(left))


def texts_in(asked, language: str):
    """(address, text) of what stands on the pages in ``language``; a part in another one says so by ``lang``."""
    for path, _came, _got, page in asked:
        for said_in, text in page.texts if page else ():
            if said_in.startswith(language):
                yield path, text


def written_in_the_registry() -> re.Pattern:
    """The names of people and units and whatever else people wrote: a page shows them as they are."""
    found = set()
    for model in apps.get_models():
        for row in model._base_manager.values_list():
            found.update(text for text in row if isinstance(text, str) and CHINESE.search(text))
    for unit in OrgUnit.objects.all():
        found.update((unit.short_name, unit.centre_name))
    exact = "|".join(map(re.escape, sorted(found, key=len, reverse=True)))
    return re.compile(f"{exact}|{MASKED_NAME}|{DOCUMENT}")
