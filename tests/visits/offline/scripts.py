"""The scripts of pages as node reads them."""

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SCRIPTS = ROOT / "static/js"
IMPORT = re.compile(r"""^(import|export)\b([^"';]*?)["'](\.[^"']+)["'];""", re.MULTILINE)


def copy_of_scripts(folder: Path) -> Path:
    """static/js/ where node takes each file for a module: without the package.json a .js is none to it."""
    target = shutil.copytree(SCRIPTS, folder / "js")
    (target / "package.json").write_text(json.dumps({"type": "module"}))
    return target


def imports_of(script: Path) -> dict[Path, set[str]]:
    """The names that ``script`` takes from each other module."""
    found = {}
    for _word, names, address in IMPORT.findall(script.read_text()):
        names = re.findall(r"\w+", names.replace(" from", ""))
        found.setdefault((script.parent / address).resolve(), set()).update(names)
    return found
