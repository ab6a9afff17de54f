"""The watch over queries a row sees one, and says where it is."""

import pytest
from django.http import HttpResponse
from django.urls import path

from registry.child.models import ChildFile
from tests import nplusone
from tests.builders import a_village, an_approved_file

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def names(request):
    files = ChildFile.objects.select_related("village") if request.GET else ChildFile.objects.all()
    return HttpResponse("".join(file.village.name for file in files))


urlpatterns = [path("names/", names)]


def test_a_query_a_row_is_seen(client):
    village = a_village()
    for _number in range(nplusone.ROWS):
        an_approved_file(village)
    assert client.get("/names/?joined=1").status_code == 200 and not nplusone._found
    assert client.get("/names/").status_code == 200
    (said,) = nplusone._found
    nplusone._found.clear()  # it was meant
    assert "/names/" in said and "registry.ChildFile.village" in said
