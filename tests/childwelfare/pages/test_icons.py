"""Every icon that a page names is in the sheet of icons: one that is not leaves an empty place."""

import re
from pathlib import Path

from django.conf import settings

NAMED = re.compile(r"""(?:icon=|\{% icon |"icon": )"([a-z0-9-]+)\"""")
ENTRY = re.compile(r"""\b(?:Entry|Group)\(\s*"[a-z0-9-]+",\s*[^"]*?_\("[^"]*"\),\s*"([a-z0-9-]+)\"""")


def named_in(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    return set(NAMED.findall(text)) | set(ENTRY.findall(text))


def test_every_icon_that_is_named_is_drawn():
    drawn = set(re.findall(r'id="([a-z0-9-]+)"', (settings.ROOT / "static/icons.svg").read_text(encoding="utf-8")))
    apps = ("childwelfare", "orgs", "registry", "visits", "reports", "templates")
    files = [path for app in apps for path in (settings.ROOT / app).rglob("*.*") if path.suffix in (".py", ".html")]
    lacking = {f"{path.relative_to(settings.ROOT)}: {name}" for path in files for name in named_in(path) - drawn}
    assert not lacking, "no such icon in static/icons.svg: " + ", ".join(sorted(lacking))
