"""A list refuses what it is asked by its address and does not know: who asked would get everything and think that it
was narrowed."""

import pytest

from childwelfare.api.parameters import KnownParameters
from tests.api.test_any_body import OPERATIONS
from tests.builders import sign_in
from tests.test_matrix import API, address, world  # noqa: F401 (a fixture)

pytestmark = pytest.mark.django_db
WORDS = ["这个接口没有这个参数。"]
TWICE = ["这个参数写了不止一次。"]
NO_LIST = {"api-sync-list"}  # what a phone holds; an app of another version must still hear what it is told to do


def _is_list(path, name, view):
    """Read as a list or at an address of no record, or searched."""
    actions = getattr(view, "actions", None) or {}
    reads = "get" in actions and (actions["get"] == "list" or "(?P<" not in path)
    return "search" in actions.values() or (reads and name not in NO_LIST)


LISTS = [route for route in API if _is_list(*route)]


def ask(client, operation, where, query):
    return client.generic(operation.method.upper(), where, "{}", content_type="application/json", QUERY_STRING=query)


def operations_of(role):
    names = {name for _path, name, _view in LISTS}
    reading = [one for one in OPERATIONS if one.method == "get" or one.name.endswith("-search")]
    return [one for one in reading if one.role == role and one.name in names]


def test_every_list_asks_whether_it_knows_its_parameters():
    assert len(LISTS) > 20
    assert not [name for _path, name, view in LISTS if not issubclass(view.cls, KnownParameters)]


@pytest.mark.parametrize("role", sorted({operation.role for operation in OPERATIONS}))
def test_every_list_names_the_parameter_that_it_does_not_know(client, world, role):  # noqa: F811
    sign_in(client, world["posts"][role])
    record, wrong = world["here"] | world["mine"][role], {}
    for operation in operations_of(role):
        answer = ask(client, operation, address(operation.path, record, operation.name), "zzz=1")
        if (answer.status_code, answer.json()) != (400, {"zzz": WORDS}):
            wrong[str(operation)] = (answer.status_code, answer.text[:200])
    assert not wrong


@pytest.mark.parametrize("role", sorted({operation.role for operation in OPERATIONS}))
def test_every_list_names_the_parameter_that_is_given_twice(client, world, role):  # noqa: F811
    """Each that it is described with, by whichever backend it is read."""
    sign_in(client, world["posts"][role])
    paths = client.get("/api/schema/?format=json").json()["paths"]
    record, wrong = world["here"] | world["mine"][role], {}
    for operation in operations_of(role):
        where = address(operation.path, record, operation.name)
        described = paths[operation.template][operation.method].get("parameters", [])
        for name in (each["name"] for each in described if each["in"] == "query"):
            answer = ask(client, operation, where, f"{name}=1&{name}=")
            if (answer.status_code, answer.json()) != (400, {name: TWICE}):
                wrong[f"{operation} {name}"] = (answer.status_code, answer.text[:200])
    assert not wrong


@pytest.mark.parametrize("role", sorted({operation.role for operation in OPERATIONS}))
def test_every_list_knows_the_parameters_that_it_is_described_with(client, world, role):  # noqa: F811
    sign_in(client, world["posts"][role])
    paths = client.get("/api/schema/?format=json").json()["paths"]
    record, wrong = world["here"] | world["mine"][role], {}
    for operation in operations_of(role):
        where = address(operation.path, record, operation.name)
        described = paths[operation.template][operation.method].get("parameters", [])
        for name in (each["name"] for each in described if each["in"] == "query"):
            answer = ask(client, operation, where, f"{name}=")
            if answer.status_code == 400 and answer.json().get(name) == WORDS:
                wrong[f"{operation} {name}"] = answer.text[:200]
    assert not wrong


@pytest.mark.parametrize(
    ("where", "named"),
    [
        ("visits/?updated_since=2026-01-01", "updated_since"),
        ("children/?since=abc", "since"),
        ("visits/?since=abc", "since"),
        ("visits/?state=zz", "state"),
        ("stays/?open=maybe", "open"),
        ("stays/?open=1", "open"),
        ("changes/?station_made=perhaps", "station_made"),
        ("units/?level=abc", "level"),
        ("units/?parent=abc", "parent"),
        ("figures/?month=2026-10", "month"),
        ("holidays/?jahr=2026", "jahr"),
    ],
)
def test_a_filter_that_is_not_there_or_can_t_be_read_narrows_nothing_silently(client, clerk, where, named):
    sign_in(client, clerk)
    answer = client.get(f"/api/v1/{where}")
    assert answer.status_code == 400 and set(answer.json()) == {named}


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("changes/?state=bogus&state=approved", {"state": TWICE}),
        ("changes/?state=approved&state=approved", {"state": TWICE}),
        ("visits/?state=submitted&state=", {"state": TWICE}),
        ("visits/?page_size=2&page_size=1", {"page_size": TWICE}),
        ("visits/?zz=1&zz=2&state=&state=", {"zz": WORDS, "state": TWICE}),
    ],
)
def test_of_a_parameter_given_twice_none_is_taken(client, clerk, where, told):
    sign_in(client, clerk)
    answer = client.get(f"/api/v1/{where}")
    assert (answer.status_code, answer.json()) == (400, told)


@pytest.mark.parametrize(
    "where", ["visits/?state=", "stays/?open=true", "visits/?format=json&page_size=2", "units/?level=4"]
)
def test_what_a_list_knows_is_taken(client, clerk, where):
    sign_in(client, clerk)
    assert client.get(f"/api/v1/{where}").status_code == 200
