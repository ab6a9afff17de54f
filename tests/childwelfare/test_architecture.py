"""docs/architecture.md tells the packages that are there, and the modules are as it says: none needs itself."""

import ast
import fnmatch
import os
import re
from functools import cache

import grimp
import pytest

APPS = ("childwelfare", "orgs", "registry", "visits", "reports")
DJANGOS_OWN = {"management", "migrations", "templatetags"}
LOOSE = 12  # modules beside the packages of an app
TICKED = re.compile(r"`([^`\n]+)`")
ROW = re.compile(rf"^\| `((?:{'|'.join(APPS)})\.\w+)` \|[^|]*\|([^|]*)\|$", re.MULTILINE)
MODULE = re.compile(rf"(?:{'|'.join(APPS)})(?:\.\w+)+")
PATH = re.compile(r"[\w.*-]+(?:/[\w.*-]+)*/?")
ENDINGS = (".py", ".js", ".css", ".html", ".md", ".csv", ".yml", ".toml", ".txt", ".svg")
NOT_OURS = {"var", "node_modules"}  # and what begins with a dot
MADE_LATER = re.compile(r"^(CWR_HOME/|keys/secret\.key$)")  # in the folder of all state


@pytest.fixture(scope="module")
def root(pytestconfig):
    return pytestconfig.rootpath


@pytest.fixture(scope="module")
def page(root):
    return (root / "docs" / "architecture.md").read_text()


@pytest.fixture(scope="module")
def documents(root):
    """{name: text} of the documents people write and read."""
    found = [*(root / "docs").rglob("*.md"), root / "README.md", root / "CONTRIBUTING.md"]
    return {path.relative_to(root).as_posix(): path.read_text() for path in found}


@pytest.fixture(scope="module")
def files(root):
    found = set()
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in NOT_OURS and not name.startswith(".")]
        found |= {os.path.relpath(os.path.join(folder, name), root) for name in names}
    return found


@pytest.fixture(scope="module")
def imports():
    """{module: modules it imports}, also inside functions."""
    graph = grimp.build_graph(*APPS, cache_dir=None)
    return {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}


def packages(root) -> set[str]:
    return {
        f"{app}.{init.parent.name}"
        for app in APPS
        for init in (root / app).glob("*/__init__.py")
        if init.parent.name not in DJANGOS_OWN
    }


def circles(edges: dict[str, set[str]]) -> list[list[str]]:
    """Groups of modules that need each other (strongly connected components of more than one)."""
    order: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path, found = [], []

    def visit(module):
        order[module] = lowest[module] = len(order)
        path.append(module)
        for other in sorted(edges.get(module, ())):
            if other not in order:
                visit(other)
                lowest[module] = min(lowest[module], lowest[other])
            elif other in path:
                lowest[module] = min(lowest[module], order[other])
        if lowest[module] == order[module]:
            group = path[path.index(module) :]
            del path[path.index(module) :]
            if len(group) > 1:
                found.append(sorted(group))

    for module in sorted(edges):
        if module not in order:
            visit(module)
    return found


@cache
def names_in(path) -> frozenset[str]:
    """What a module defines or imports at its top, and the columns and methods of its classes."""
    names = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ClassDef):
            names |= {f"{node.name}.{name}" for inner in node.body for name in _bound(inner)}
        names |= _bound(node)
    return frozenset(names)


def _bound(node) -> set[str]:
    if isinstance(node, ast.ClassDef | ast.FunctionDef):
        return {node.name}
    if isinstance(node, ast.Assign):
        return {target.id for target in node.targets if isinstance(target, ast.Name)}
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return {node.target.id}
    if isinstance(node, ast.ImportFrom):
        return {alias.asname or alias.name for alias in node.names}
    return set()


def exists(root, dotted: str) -> bool:
    """Whether ``registry.stays.models.may_open`` is a module, a package, or a name in one."""
    parts = dotted.split(".")
    for count in range(len(parts), 0, -1):
        place, rest = root.joinpath(*parts[:count]), ".".join(parts[count:])
        if place.with_suffix(".py").is_file():
            return not rest or rest in names_in(place.with_suffix(".py"))
        if place.is_dir():
            init = place / "__init__.py"
            return not rest or (init.is_file() and rest in names_in(init))
    return False


def test_every_package_is_told_and_every_one_that_is_told_exists(root, page):
    told = {name for name, _begins in ROW.findall(page)}
    assert not told - packages(root)
    assert not packages(root) - told


def test_the_drawing_shows_every_package(root):
    drawn = set(re.findall(r">(\w+)</text>", (root / "docs" / "architecture.svg").read_text()))
    names = {name.partition(".")[2] for name in packages(root)}
    assert not names - drawn


def test_each_package_begins_where_it_is_said_to(root, page):
    begins = [f"{name}.{word}" for name, cell in ROW.findall(page) for word in TICKED.findall(cell)]
    assert len(begins) >= len(packages(root))
    assert not [dotted for dotted in begins if not exists(root, dotted)]


def test_each_package_says_what_it_is_about(root):
    inits = [root.joinpath(*name.split("."), "__init__.py") for name in packages(root)]
    assert not [str(init.relative_to(root)) for init in inits if not ast.get_docstring(ast.parse(init.read_text()))]


def test_few_modules_lie_loose(root):
    loose = {app: sorted(path.name for path in (root / app).glob("*.py")) for app in APPS}
    assert not {app: names for app, names in loose.items() if len(names) - 1 > LOOSE}  # __init__.py is none


def test_no_module_needs_itself(imports):
    assert len(imports) > 300
    assert not circles(imports)


def test_what_the_documents_name_exists(root, documents, files):
    names = {os.path.basename(name) for name in files}
    missing = []
    for document, text in documents.items():
        for word in TICKED.findall(text):
            path, _colons, item = word.partition("::")
            if MODULE.fullmatch(word) and not word.endswith(ENDINGS):
                found = exists(root, word)
            elif not PATH.fullmatch(path) or not (path.endswith(ENDINGS) or path.rstrip("/").count("/")):
                continue
            elif "/" not in path:
                found = bool(fnmatch.filter(names, path))
            else:
                found = bool(fnmatch.filter(files, path) or fnmatch.filter(files, f"{path.rstrip('/')}/*"))
            if found and item:
                found = any(f"def {item}(" in (root / file).read_text() for file in files if file.endswith(path))
            if not found and not MADE_LATER.match(word):
                missing.append(f"{document}: {word}")
    assert not missing, "\n".join(missing)
