"""Static files: hashed names, also inside modules that import each other, and what a module needs."""

import posixpath
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from whitenoise.storage import CompressedManifestStaticFilesStorage

# import "./x.js"; import { a } from "./x.js"; export { a } from "../x.js"; each at the start of its line
IMPORT = re.compile(r"""^(?:import|export)\s*(?:[\w*{},\s]+?\sfrom\s*)?["'](\.{1,2}/[^"']+)["'];""", re.MULTILINE)


class HashedModulesStorage(CompressedManifestStaticFilesStorage):
    """Rewrites the imports of modules to hashed names too."""

    support_js_module_import_aggregation = True
    # our own alone: an "import" in the words of somebody else's script names no file here
    _js_module_import_aggregation_patterns = (
        "js/*.js",
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
    # a file's hash is right once those of all that it imports are: a pass for each link of the longest chain
    max_post_process_passes = 30


def with_imports(names) -> list[str]:
    """The modules ``names`` and all that they import, directly or through others, each once."""
    found, waiting = [], list(names)
    while waiting:
        name = waiting.pop(0)
        if name in found:
            continue
        found.append(name)
        waiting += [_absolute_name(name, address) for address in IMPORT.findall(_source(name))]
    return found


def _absolute_name(name: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), address))


def _source(name: str) -> str:
    path = finders.find(name)
    if path is None:
        raise FileNotFoundError(f"no static file {name}")
    return Path(path).read_text()
