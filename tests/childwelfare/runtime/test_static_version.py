"""Addresses of static files change with the files, in the embedded mode too: no browser takes a kept one for new."""

import pytest
from django.conf import settings
from django.templatetags.static import static

from childwelfare.runtime.static_version import static_version


def test_it_changes_with_every_content_and_name_and_with_nothing_else(tmp_path):
    (tmp_path / "js").mkdir()
    script = tmp_path / "js" / "app.js"
    script.write_text("one")
    first = static_version(tmp_path)
    assert static_version(tmp_path) == first
    script.write_text("two")
    second = static_version(tmp_path)
    script.rename(tmp_path / "js" / "other.js")
    assert len({first, second, static_version(tmp_path)}) == 3


@pytest.mark.django_db
def test_every_address_carries_it_and_is_served(client):
    address = static("js/app.js")
    assert address == f"/static/{static_version(settings.ROOT / 'static')}/js/app.js"
    assert client.get(address).status_code == 200
    assert client.get("/static/js/app.js").status_code == 404, "the address of earlier versions"
