"""``./dev test --seeded-mistakes``: whether the tests find the mistakes of tests/mistakes.py, each planted alone."""

import os
import shutil
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from launcher.step import PYTHON, ROOT, Trouble, say

LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis", "staticfiles")
PASSED, FAILED = 0, 1  # pytest's exit codes


def seeded(words: list[str]) -> int:
    """Plant and look; ``words`` choose mechanisms. Not 0 when a mistake slips through or can't be planted."""
    from tests.mistakes import MISTAKES

    chosen = [mistake for mistake in MISTAKES if not words or any(word in mistake.mechanism for word in words)]
    for mistake in chosen:
        _check(mistake)
    with tempfile.TemporaryDirectory(prefix="cwr-mistakes-") as folder:
        tests = sorted({test for mistake in chosen for test in mistake.tests})
        if not chosen or _pytest(_copy_tree(Path(folder, "right")), tests) != PASSED:
            raise Trouble("没有可试的，或不加错误时这些测试就不通过。请先修好它们。")
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            numbers = range(len(chosen))
            found = list(pool.map(lambda number: _is_found(chosen[number], Path(folder, str(number))), numbers))
    say(f"{sum(found)} of {len(found)} found")
    return int(not all(found))


def _check(mistake) -> None:
    times = (ROOT / mistake.file).read_text().count(mistake.old) if (ROOT / mistake.file).exists() else 0
    if times != 1:
        raise Trouble(
            f"tests/mistakes.py: {mistake.mechanism}, {mistake.what}: {times} times in {mistake.file}, not once"
        )


def _is_found(mistake, folder: Path) -> bool:
    tree = _copy_tree(folder)
    place = tree / mistake.file
    place.write_text(place.read_text().replace(mistake.old, mistake.new))
    code = _pytest(tree, list(mistake.tests))
    shutil.rmtree(folder)
    verdict = {PASSED: "NOT FOUND", FAILED: "found"}.get(code, f"BROKEN (pytest ends with {code})")
    say(f"{verdict:10} {mistake.mechanism}: {mistake.what}")
    return code == FAILED


def _copy_tree(folder: Path) -> Path:
    return Path(shutil.copytree(ROOT, folder, ignore=LEFT_OUT))


def _pytest(tree: Path, tests: list[str]) -> int:
    command = [PYTHON, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    env = {name: value for name, value in os.environ.items() if name != "CWR_EMBEDDED"}
    return subprocess.run(command, cwd=tree, env=env, capture_output=True).returncode
