"""Each operation has one address; what lies at no address is said so in the reader's words."""

import uuid

import pytest
from django.conf import settings

from tests.builders import a_post, sign_in
from tests.routes import routes
from tests.test_matrix import API, address, world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db


def test_no_address_has_a_twin_that_ends_in_a_format():
    assert not [path for path, _name, _view in routes() if path.startswith("api/") and "format" in path]


@pytest.mark.parametrize("ending", [".json", ".xml", ".json/"])
def test_an_address_with_a_format_at_its_end_is_not_there(client, world, ending):  # noqa: F811
    sign_in(client, world["posts"]["township_clerk"])
    client.raise_request_exception = False
    record, wrong = world["here"] | world["mine"]["township_clerk"], {}
    for path, name, _view in API:
        where = address(path, record, name).rstrip("/") + ending
        for method in ("GET", "POST"):
            answer = client.generic(method, where, "{}", content_type="application/json")
            if answer.status_code != 404:
                wrong[f"{method} {where}"] = answer.status_code
    assert len(API) > 70 and not wrong


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-hans", "没有找到，或您现在的岗位看不到。"), ("en", "Not found, or not visible to your present post.")],
)
def test_a_record_that_is_not_there_is_said_so_in_the_reader_s_language_without_the_model_s_name(
    client, village, language, words
):
    sign_in(client, a_post(village.township))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    for resource in ("children", "visits", "changes", "alerts", "transfers", "papers"):
        answer = client.get(f"/api/v1/{resource}/{uuid.uuid4()}/")
        assert (answer.status_code, answer.json()) == (404, {"detail": words}), resource
