"""What a page may ask of the device."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/accounts/login/", "/offline/", "/healthz"])
def test_only_the_place_may_be_asked_for_and_only_by_ourselves(client, path):
    policy = client.get(path)["Permissions-Policy"]
    assert "geolocation=(self)" in policy and "microphone=()" in policy and "camera=()" in policy
