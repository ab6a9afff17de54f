"""Facts by which indicators are computed: of many files at once, as on a day; what the file does not tell is asked."""

import datetime

import pytest
from django.utils import timezone

from registry.child.models import ChildFile
from registry.instruments.example import EXAMPLE
from registry.instruments.facts import FACTS, answer_by, facts_of
from tests.builders import a_village, a_visit, an_approved_file

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def today():
    return timezone.localdate()


@pytest.fixture
def file():
    return an_approved_file(a_village())


def told(key, file, on=None):
    file = ChildFile.objects.get(pk=file.pk)
    found = FACTS[key].of([file], on or today()).get(file.pk)
    return found.value if found else None


def carer(file, **given):
    guardian = file.guardians.current().get()
    for name, value in given.items():
        setattr(guardian, name, value)
    guardian.save()
    return guardian


@pytest.mark.parametrize(
    ("relation", "kind"),
    [("mother", "parents"), ("stepfather", "parents"), ("maternal_grandmother", "relative"), ("neighbour", "other")],
)
def test_who_cares_for_the_child(file, relation, kind):
    carer(file, relation=relation)
    assert told("carer_kind", file) == kind


def test_nobody_cares_only_where_the_file_says_so(file):
    carer(file, until=today() - DAY)
    assert told("carer_kind", file) is None
    ChildFile.objects.filter(pk=file.pk).update(guardianship_kind="nobody")
    assert told("carer_kind", file) == "none"


def test_it_is_the_carer_of_the_day_at_that_day_s_age(file):
    carer(file, birth_date=datetime.date(1959, 4, 20), since=None)
    assert told("carer_age", file, datetime.date(2026, 4, 19)) == 66
    assert told("carer_age", file, datetime.date(2026, 4, 20)) == 67
    carer(file, until=datetime.date(2026, 4, 20))
    assert told("carer_age", file, datetime.date(2026, 4, 19)) == 66
    assert told("carer_age", file, datetime.date(2026, 4, 20)) is None


def test_ill_and_disabled_are_counted_while_alive(file):
    file.family.all().delete()
    assert told("ill_at_home", file) is None
    file.family.create(relation="father", name="张建国", situation="ill")
    file.family.create(relation="mother", name="周梅", disability="4")
    file.family.create(relation="paternal_grandfather", name="张富", situation="ill", life="dead")
    file.family.create(relation="paternal_grandmother", name="李桂英")
    assert told("ill_at_home", file) == 2


@pytest.mark.parametrize(
    ("columns", "key", "value"),
    [
        ({"disability": "4", "disability_grade": "2", "health": "disabled"}, "disability_grade", "2"),
        ({"disability": "4", "disability_grade": "", "health": "disabled"}, "disability_grade", None),
        ({"disability": "", "disability_grade": "", "health": "healthy"}, "disability_grade", "none"),
        ({"disability": "", "disability_grade": "", "health": ""}, "disability_grade", None),
        ({"serious_illness": True, "health": "ill"}, "serious_illness", "yes"),
        ({"serious_illness": False, "health": "ill"}, "serious_illness", None),
        ({"serious_illness": False, "health": "healthy", "illness": ""}, "serious_illness", "no"),
        ({"insurance": "none"}, "insurance", "none"),
        ({"insurance": ""}, "insurance", None),
        ({"schooling": "primary"}, "schooling", "primary"),
        ({"schooling": "primary"}, "left_school", None),
        ({"schooling": "dropped_out"}, "left_school", "left"),
        ({"low_income": "marginal"}, "low_income", "marginal"),
        ({"low_income": ""}, "low_income", None),
    ],
)
def test_what_the_file_tells_of_itself(file, columns, key, value):
    ChildFile.objects.filter(pk=file.pk).update(**columns)
    assert told(key, file) == value


# --- visits


def test_days_since_the_parents_were_last_in_contact(file):
    carer(file, relation="paternal_grandmother")
    assert told("parent_contact_days", file) is None
    a_visit(file, parent_contact_on=today() - 40 * DAY)
    a_visit(file, parent_contact_on=today() - 3 * DAY)
    assert told("parent_contact_days", file) == 3
    assert told("parent_contact_days", file, today() + 27 * DAY) == 30


def test_who_lives_with_a_parent_is_in_contact(file):
    carer(file, relation="mother")
    assert told("parent_contact_days", file) == 0


def test_hazards_and_being_alone_are_those_of_the_last_visit(file):
    assert told("left_alone", file) is None
    a_visit(file, hazards=["water", "fire"], hazard_note="水塘没有围栏", lives_alone=True)
    assert (told("hazards", file), told("left_alone", file)) == (2, "yes")
    assert told("hazards", file, today() + 200 * DAY) is None


@pytest.mark.parametrize(("days", "told_it"), [(182, True), (183, False)])
def test_a_visit_tells_for_half_a_year(file, days, told_it):
    a_visit(file, lives_alone=True)
    assert (told("left_alone", file, today() + days * DAY) is not None) == told_it


@pytest.mark.parametrize(
    ("age", "said", "alone"),
    [
        (7, {"carer": "nobody"}, "yes"),
        (8, {"carer": "nobody"}, "no"),
        (15, {"lives_alone": True}, "yes"),
        (16, {"lives_alone": True}, "no"),
    ],
)
def test_who_is_left_alone_by_law(age, said, alone):
    """未成年人保护法 art. 21: under eight unattended, under sixteen living alone."""
    file = an_approved_file(a_village())
    visit = a_visit(file)
    type(visit).objects.filter(pk=visit.pk).update(**{"carer": "same", "lives_alone": False} | said)
    born = today().replace(year=today().year - age, day=1)
    ChildFile.objects.filter(pk=file.pk).update(birth_date=born)
    assert told("left_alone", file) == alone


def test_every_answer_of_the_example_falls_under_one_of_its_own():
    for indicator in EXAMPLE.indicators():
        source = FACTS.get(indicator.source)
        if source and source.codes is not None:
            assert all(answer_by(indicator, code) for code in source.codes)
        elif source:
            assert all(answer_by(indicator, number) for number in range(500))


def test_many_files_cost_what_one_costs(file, django_assert_num_queries):
    others = [an_approved_file(file.village) for _ in range(4)]
    for files in ([file], [file, *others]):
        with django_assert_num_queries(6):  # who cares three times, the family, visits twice
            facts_of(EXAMPLE, files, today())
