"""Rules that the source itself keeps, read with ast: every list begins with its scope, and every act of the audit trail
is declared and written."""

import ast
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps

from orgs.access.scope import Placed, ScopedQuerySet
from orgs.audit.readings import as_reads
from orgs.audit.words import AUDIT_ACTS
from registry.transfers.workflow import TRANSFER
from reports.amendments.workflow import AMENDMENT
from reports.requests.workflow import ANSWER, REQUEST
from reports.submissions.workflow import SUBMISSION
from tests.mistakes import MISTAKES
from tests.routes import routes
from visits.alerts.workflow import ALERT

APPS = ("childwelfare", "orgs", "registry", "visits", "reports")
ROOT = Path(__file__).parent.parent


@cache
def sources() -> dict[str, ast.Module]:
    """{module: its tree} of all the apps' code, each node with its ``parent``."""
    trees = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" in path.parts:
                continue
            tree = ast.parse(path.read_text())
            for node in ast.walk(tree):
                for child in ast.iter_child_nodes(node):
                    child.parent = node
            trees[".".join(path.relative_to(ROOT).with_suffix("").parts)] = tree
    return trees


# --- scope

# methods of querysets that take the reader's post and leave what it may see
SCOPES = {"visible_to", "open_to", "listed_to", "made_as_host", "returned_from_elsewhere", "hosted_at"}
# read without a scope, each for a reason: (module, function, model)
WITHOUT_SCOPE = {
    ("orgs.account_requests.views", "account", "Appointment"): "one's own posts",
    ("orgs.accounts.api", "post", "Appointment"): "whoever signs in chooses among his own posts",
    ("orgs.accounts.views", "_posts", "Appointment"): "whoever signs in chooses among his own posts",
    ("reports.requests.api", "visible_records", "DataAnswer"): "readable_by(post) begins with its scope",
    ("reports.requests.views.answering", "_visible", "DataAnswer"): "readable_by(post) begins with its scope",
    (
        "reports.submissions.api.periods",
        "visible_records",
        "ReportingPeriod",
    ): "the months of one's own city",
    ("registry.child.api.children", "transfer", "OrgUnit"): "a child may be handed on to any village",
    ("registry.child.api.children", "stay", "OrgUnit"): "a child may stay in any village",
    ("registry.child.views.detail", "file_context", "Audit"): "how often a file that is open was read: a number",
    ("registry.instruments.api", "visible_records", "Instrument"): "readable_by(post) begins with its scope",
    ("registry.instruments.views.reading", "instrument_list", "Instrument"): "readable_by(post) begins with its scope",
    ("registry.instruments.views.reading", "readable", "Instrument"): "readable_by(post) begins with its scope",
    ("registry.instruments.views.reading", "version_before", "Instrument"): "of the unit of one that may be read",
    ("registry.instruments.views.publishing", "instrument_new", "Instrument"): "whether one's own unit published one",
    ("registry.lists.views.listing", "_hosted", "ChildFile"): "by the keys that hosted_at found",
    ("visits.phones.views", "_directors", "Visit"): "a subquery of posts that begin with their scope",
    ("visits.schedule.api", "visible_records", "ExtraVisit"): "by the children that may be ordered for",
    ("visits.schedule.views.extra_visits", "extra_withdraw", "ExtraVisit"): "by the children that may be ordered for",
    ("visits.schedule.views.rules", "_counties", "OrgUnit"): "the counties that a rule of the city reaches",
    ("visits.visit.views.form", "_visits_to_mend", "Visit"): "returned_to(post) begins with its scope",
    ("visits.visit.views.form", "_last_visits", "ChildFile"): "by the keys of children who may be visited",
    ("visits.visit.views.form", "_last_visits", "Visit"): "by the keys of children who may be visited",
}


def scoped_models() -> set[str]:
    return {
        model.__name__
        for model in apps.get_models()
        if issubclass(model, Placed)
        or any(isinstance(manager.get_queryset(), ScopedQuerySet) for manager in model._meta.managers)
    }


def methods_after(node: ast.AST) -> set[str]:
    """The names called one after the other on ``node``: of ``X.objects.current().first()`` current and first."""
    names = set()
    while True:
        outer = node.parent
        if isinstance(outer, ast.Attribute):
            names.add(outer.attr)
        elif not (isinstance(outer, ast.Call) and outer.func is node):
            return names
        node = outer


def function_of(node: ast.AST) -> str:
    while not isinstance(node, ast.FunctionDef | ast.Module):
        node = node.parent
    return getattr(node, "name", "")


def lists_without_scope() -> set[tuple[str, str, str]]:
    models, found = scoped_models(), set()
    for module, tree in sources().items():
        if not {"views", "api"} & set(module.split(".")):
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Name) and node.id in models):
                continue
            outer = node.parent
            if isinstance(outer, ast.Attribute) and outer.attr in ("objects", "arriving", "away", "_base_manager"):
                scoped = methods_after(outer) & (SCOPES | {"none"})
            else:  # get_object_or_404(Model, …) asks all rows
                scoped = not (isinstance(outer, ast.Call) and ast.unparse(outer.func).startswith("get_"))
            if not scoped:
                found.add((module, function_of(node), node.id))
    return found


def test_every_list_of_a_view_or_an_api_begins_with_its_scope():
    """Those that don't: begin with visible_to(post, permission), or say in WITHOUT_SCOPE why not."""
    assert len(scoped_models()) > 15
    found = lists_without_scope()
    assert sorted(found - set(WITHOUT_SCOPE)) == []
    assert sorted(set(WITHOUT_SCOPE) - found) == []  # excused and there no more


# --- refusals

ASKED = {"may", "holds", "may_open"}


def asks_who_may(test: ast.AST) -> bool:
    called = (node.func for node in ast.walk(test) if isinstance(node, ast.Call))
    return any(getattr(each, "attr", getattr(each, "id", "")) in ASKED for each in called)


def test_who_may_not_is_refused_and_never_told_that_nothing_is_there():
    """A bare Http404 is taken for something missing in a page that the reader may open: the trail says nothing."""
    silent = [
        f"{module}:{node.lineno}"
        for module, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and asks_who_may(node.test)
        for each in (*node.body, *node.orelse)
        if isinstance(each, ast.Raise) and each.exc and "Http404" in ast.unparse(each.exc)
    ]
    assert silent == [], "raise PermissionDenied"


# --- audit acts

# modules that put the name of an act together or pass it on, with the acts that come of it
PUT_TOGETHER = {
    "registry.transfers.moves": {f"{action}_transfer" for action in TRANSFER.transitions},
    "visits.alerts.moves": {f"{action}_alert" for action in ALERT.transitions},
    "registry.guidance.services": {"guide_guardian", "entrust"},
    "reports.submissions.moves": {f"{action}_ledger" for action in SUBMISSION.transitions},
    "reports.amendments.moves": set(AMENDMENT.transitions),
    "reports.requests.moves": {
        *(f"{action}_data_request" for action in REQUEST.transitions),
        *(f"{action}_data_answer" for action in ANSWER.transitions),
    },
}


def acts_written() -> tuple[set[str], set[str]]:
    """The names of acts that record_act is called with, and the modules where a name is put together."""
    names, elsewhere = set(), set()
    for module, tree in sources().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "record_act":
                action = node.args[1]
                either = [action.body, action.orelse] if isinstance(action, ast.IfExp) else [action]
                for each in either:
                    if isinstance(each, ast.Constant):
                        names.add(each.value)
                    else:
                        elsewhere.add(module)
    return names, elsewhere


def acts_of_reading() -> set[str]:
    """What pages and the API declare that reading them records."""
    declared = [getattr(view, "reads", None) for _path, _name, view in routes()]
    for _path, _name, view in routes():
        declared += getattr(getattr(view, "cls", None), "reads", {}).values()
    return {act for each in declared if (reads := as_reads(each)) for act in reads.acts}


def test_no_view_records_by_hand_what_was_read():
    """A reading is declared beside its permission; who writes, writes through a service."""
    by_hand = {
        module
        for module, tree in sources().items()
        if {"views", "api"} & set(module.split("."))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "record_act"
    }
    assert by_hand == {"orgs.accounts.views", "orgs.accounts.api"}, "signing in and out, and passwords, are acts"


def test_what_is_written_into_the_trail_is_declared_and_what_is_declared_is_written():
    """The auditor reads an act's label; an act without one, or a label that nothing writes, is a mistake."""
    names, elsewhere = acts_written()
    assert elsewhere == set(PUT_TOGETHER)
    written = names.union(*PUT_TOGETHER.values(), acts_of_reading())
    assert len(written) > 60
    assert not written - set(AUDIT_ACTS), "declare it in the hooks.py of its concept"
    assert not set(AUDIT_ACTS) - written, "nothing writes it"


@pytest.mark.parametrize("module", PUT_TOGETHER)
def test_the_names_that_a_module_passes_on_stand_in_it(module):
    literals = {node.value for node in ast.walk(sources()[module]) if isinstance(node, ast.Constant)}
    actions = {name for name in PUT_TOGETHER[module] if name not in literals}
    assert {name.rpartition("_")[0] for name in actions} <= literals


def test_a_lock_holds_its_own_rows_alone():
    """With joined tables and without ``of`` PostgreSQL locks their rows too: a whole village waits for one child."""
    found = []
    for path in sorted(ROOT.glob("*/**/*.py")):
        if path.relative_to(ROOT).parts[0] in ("registry", "visits", "orgs", "reports", "childwelfare"):
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if "select_for_update()" in line and "select_related" in line:
                    found.append(f"{path.relative_to(ROOT)}:{number}: say select_for_update(of=…)")
    assert not found, "\n".join(found)


def test_receivers_are_connected_by_the_hooks_of_their_concept():
    """A receiver that nothing imports hears nothing, and nobody would see it."""
    found = [path for app in APPS for path in Path(app).glob("*/receivers.py")]
    apart = [str(path) for path in found if "receivers" not in path.with_name("hooks.py").read_text()]
    assert len(found) > 5 and not apart


def test_each_mistake_that_is_planted_to_try_the_tests_has_its_place():
    """``./dev test --seeded-mistakes`` can't plant it in code that was written anew."""
    lost = [
        f"{mistake.mechanism}: {mistake.what}"
        for mistake in MISTAKES
        if (ROOT / mistake.file).read_text(encoding="utf-8").count(mistake.old) != 1
    ]
    assert not lost, "\n".join(lost)
