"""A migrant child's file says whether the child has a residence permit; nobody asks it of the others."""

import pytest

from registry.child.models import ChildFile
from registry.quality import case_of, rules_found
from tests.builders import an_approved_file, sign_in

pytestmark = pytest.mark.django_db


def lacks_it(file) -> bool:
    found = rules_found(case_of(ChildFile.objects.get(pk=file.pk)))
    return "no_residence_permit" in {rule.key for rule in found}


def test_only_a_migrant_childs_file_lacks_it(village):
    file = an_approved_file(village)
    assert not lacks_it(file)
    file.memberships.update(category="migrant")
    assert lacks_it(file)
    ChildFile.objects.filter(pk=file.pk).update(residence_permit="none")
    assert not lacks_it(file)


def test_it_stands_on_the_page_of_who_has_said_something_of_it(client, post):
    file = an_approved_file(post.unit)
    sign_in(client, post)
    assert "居住证" not in client.get(f"/children/{file.pk}/").text
    ChildFile.objects.filter(pk=file.pk).update(residence_permit="applied")
    page = client.get(f"/children/{file.pk}/").text
    assert "居住证" in page and "办理中" in page
