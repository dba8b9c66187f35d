"""What holds for the tree as a whole."""

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).parents[1]
OURS = (
    "platform",
    "needs",
    "donors",
    "matching",
    "cms",
    "tests",
    "bench",
    "demo",
    "docs",
    "elasticsearch",
    ".ci",
)
KINDS = {
    ".py",
    ".toml",
    ".yaml",
    ".yml",
    ".cfg",
    ".ini",
    ".md",
    ".sh",
    ".html",
    ".lock",
    ".txt",
    ".js",
    ".css",
    "",
}
# Put together here, so that this file does not name them itself.
REGISTRIES = [
    "".join(parts)
    for parts in (
        ("pypi", ".org"),
        ("python", "hosted"),
        ("npm", "js."),
        ("registry", ".npm"),
        ("unpkg", ".com"),
        ("jsdelivr", ".net"),
        ("cdnjs", "."),
        ("index", "-url http"),
        ("ali", "yun.com"),
        ("tsinghua", ".edu"),
    )
]


@cache
def texts() -> dict[Path, str]:
    """Return every text file of ours with its content."""
    files = [path for path in ROOT.iterdir() if path.is_file()]
    for folder in OURS:
        files += [path for path in (ROOT / folder).rglob("*") if path.is_file()]
    return {
        path.relative_to(ROOT): path.read_text(encoding="utf-8")
        for path in files
        if path.suffix in KINDS and "__pycache__" not in path.parts and path.name != ".DS_Store"
    }


def test_platform_is_a_plain_folder() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert [
        path.name for path in (ROOT / "platform").iterdir() if path.is_dir() and path.name[0] not in "._"
    ] == ["jiujinan"]


def test_the_standard_librarys_platform_is_the_one_that_is_imported() -> None:
    import platform

    assert callable(platform.python_version)


def test_no_file_touches_the_import_path() -> None:
    word = re.compile(r"\bsys\s*\.\s*" + "path" + r"\b|\bsite\.addsitedir\b")
    touching = [path for path, text in texts().items() if path.suffix == ".py" and word.search(text)]
    assert touching == []


def test_no_file_names_the_host_of_a_registry() -> None:
    naming = [(str(path), host) for path, text in texts().items() for host in REGISTRIES if host in text]
    assert naming == []


def test_locked_requirements_carry_hashes_and_no_addresses() -> None:
    for name in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        pinned = re.findall(r"^[A-Za-z0-9][\w.\[\],-]*==", text, re.MULTILINE)
        assert pinned
        assert text.count("--hash=sha256:") >= len(pinned)


@pytest.mark.django_db
def test_every_app_has_its_migrations_in_step() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


def test_every_app_of_ours_with_models_has_migrations() -> None:
    for config in apps.get_app_configs():
        if Path(config.path).is_relative_to(ROOT / ".venv") or not Path(config.path).is_relative_to(ROOT):
            continue
        if list(config.get_models()):
            assert list((Path(config.path) / "migrations").glob("0001_*.py")), config.label


def test_nothing_but_source_is_committed() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    tracked = listed.splitlines()
    unwanted = re.compile(r"(^|/)(var|\.venv|__pycache__|\.hypothesis)/|\.(pyc|sqlite3|mo)$|(^|/)keys\.json$")
    assert [path for path in tracked if unwanted.search(path)] == []


def test_no_file_holds_the_marks_of_an_unfinished_merge() -> None:
    mark = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)
    assert [path for path, text in texts().items() if mark.search(text)] == []
