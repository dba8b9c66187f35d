"""The catalogues of `locale/`: kept complete by hand, compiled beside the PO where it is missing or older."""

from dataclasses import replace
from pathlib import Path

from cms.translations.collecting import collect
from cms.translations.libraries import lacking
from cms.translations.po import Entry, compile_mo, dump, parse

HEADER = (
    "Project-Id-Version: jiujinan\n"
    "Language: zh_Hans\n"
    "MIME-Version: 1.0\n"
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Plural-Forms: nplurals=1; plural=0;\n"
)


def catalogues(folder: Path) -> list[Path]:
    """Return the PO files of a locale folder."""
    return sorted(folder.glob("*/LC_MESSAGES/*.po"))


def compile_all(folder: Path) -> list[Path]:
    """Compile every catalogue whose MO is missing or older; return those compiled."""
    done = []
    for source in catalogues(folder):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        staged = target.with_suffix(".mo.new")
        staged.write_bytes(compile_mo(parse(source.read_text(encoding="utf-8"))))
        staged.replace(target)
        done.append(target)
    return done


def wanted(root: Path, source: Path) -> list[Entry]:
    """Return every message that a catalogue should have: the source code's (`django`), and what Wagtail's lacks."""
    ours = collect(root) if source.stem == "django" else []
    found = {entry.key: entry for entry in ours}
    for entry in lacking(source.stem):
        known = found.setdefault(entry.key, entry)
        known.plural = known.plural or entry.plural
    return [found[key] for key in sorted(found)]


def untranslated(root: Path, source: Path) -> list[str]:
    """Return the texts that the catalogue should have and lacks, leaves empty or guesses."""
    known = {entry.key: entry for entry in parse(source.read_text(encoding="utf-8"))}
    return [
        entry.text
        for entry in wanted(root, source)
        if entry.key not in known or not known[entry.key].is_translated
    ]


def merge(root: Path, source: Path, *extra: Path) -> int:
    """Write the catalogue anew: every message wanted, with the translations known; return how many lack."""
    known: dict[tuple[str, str], Entry] = {}
    for path in (source, *extra):
        if path.exists():
            for entry in parse(path.read_text(encoding="utf-8")):
                if entry.is_translated:
                    known[entry.key] = entry
    merged = [_with(entry, known.get(entry.key)) for entry in wanted(root, source)]
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(dump([Entry("", strings=[HEADER]), *merged]), encoding="utf-8")
    return sum(not entry.is_translated for entry in merged)


def _with(entry: Entry, known: Entry | None) -> Entry:
    return replace(entry, strings=known.strings[:1], flags=set()) if known else entry
