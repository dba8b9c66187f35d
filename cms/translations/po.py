"""PO files in, PO and MO files out (GNU gettext manual, "The Format of PO/MO Files"). Pure."""

import ast
import struct
from collections.abc import Iterable
from dataclasses import dataclass, field

MAGIC = 0x950412DE
CONTEXT_END = "\x04"
Key = tuple[str, str]


@dataclass
class Entry:
    """One message: its key is context and English text; `strings` has one text for each plural form."""

    text: str
    context: str = ""
    plural: str = ""
    strings: list[str] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        """What makes the message one of its kind."""
        return self.context, self.text

    @property
    def is_translated(self) -> bool:
        """Return whether every form is there and nobody marked it as a guess."""
        return bool(self.strings) and all(self.strings) and "fuzzy" not in self.flags


def parse(source: str) -> list[Entry]:
    """Return the entries in the order of the file, the header first; obsolete ones (`#~`) are dropped."""
    entries = []
    for block in source.replace("\r\n", "\n").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip() and not line.startswith("#~")]
        if any(line.startswith("msgid") for line in lines):
            entries.append(_entry(lines))
    return entries


def _entry(lines: list[str]) -> Entry:
    parts: dict[str, str] = {}
    flags: set[str] = set()
    here = ""
    for line in lines:
        if line.startswith("#,"):
            flags |= {flag.strip() for flag in line[2:].split(",")}
        if line.startswith("#"):
            continue
        if not line.startswith('"'):
            here, _, line = line.partition(" ")
        parts[here] = parts.get(here, "") + str(ast.literal_eval(line.strip()))
    strings = [parts[name] for name in sorted(parts) if name.startswith("msgstr")]
    return Entry(
        parts.get("msgid", ""), parts.get("msgctxt", ""), parts.get("msgid_plural", ""), strings, flags
    )


def dump(entries: Iterable[Entry]) -> str:
    """Return the entries as a PO file."""
    return "\n".join(_lines(entry) for entry in entries)


def _lines(entry: Entry) -> str:
    lines = [f"#, {', '.join(sorted(entry.flags))}"] if entry.flags else []
    if entry.context:
        lines.append(f"msgctxt {_quoted(entry.context)}")
    lines.append(f"msgid {_quoted(entry.text)}")
    if entry.plural:
        lines.append(f"msgid_plural {_quoted(entry.plural)}")
        lines += [f"msgstr[{place}] {_quoted(text)}" for place, text in enumerate(entry.strings or [""])]
    elif not entry.text:
        header = "".join(entry.strings).splitlines(keepends=True)
        lines += ['msgstr ""', *(_quoted(line) for line in header)]
    else:
        lines.append(f"msgstr {_quoted(''.join(entry.strings))}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    return f'"{escaped}"'


def compile_mo(entries: Iterable[Entry]) -> bytes:
    """Return the MO file of the translated entries; untranslated and fuzzy ones are left out."""
    table = sorted(_pair(entry) for entry in entries if entry.is_translated)
    start = 7 * 4 + len(table) * 16
    ids = b"".join(key + b"\0" for key, _ in table)
    texts = b"".join(text + b"\0" for _, text in table)
    where = _offsets([key for key, _ in table], start)
    where += _offsets([text for _, text in table], start + len(ids))
    head = struct.pack("<7I", MAGIC, 0, len(table), 28, 28 + len(table) * 8, 0, 0)
    return head + where + ids + texts


def _pair(entry: Entry) -> tuple[bytes, bytes]:
    key = entry.text + (f"\0{entry.plural}" if entry.plural else "")
    if entry.context:
        key = f"{entry.context}{CONTEXT_END}{key}"
    return key.encode(), "\0".join(entry.strings).encode()


def _offsets(texts: list[bytes], start: int) -> bytes:
    packed = b""
    for text in texts:
        packed += struct.pack("<2I", len(text), start)
        start += len(text) + 1
    return packed
