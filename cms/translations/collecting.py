"""Every message that the source marks for translation: Python by its syntax tree, templates by Django's reader."""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation.template import templatize

from cms.translations.po import Entry

ROOMS = ("platform/jiujinan", "needs", "donors", "matching", "cms")
SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop", "lazy"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
_LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
_IN_TEMPLATE = re.compile(
    rf"\b(_|gettext|ngettext|pgettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)", re.DOTALL
)


def collect(root: Path) -> list[Entry]:
    """Return the messages of all rooms, each once, in the order of their text."""
    found: dict[tuple[str, str], Entry] = {}
    for path in _files(root):
        text = path.read_text(encoding="utf-8")
        messages = in_python(text) if path.suffix == ".py" else in_template(text)
        for message in messages:
            known = found.setdefault(message.key, message)
            known.plural = known.plural or message.plural
    return [found[key] for key in sorted(found)]


def _files(root: Path) -> Iterator[Path]:
    for room in ROOMS:
        for path in sorted((root / room).rglob("*")):
            template = path.suffix in {".html", ".txt"} and "templates" in path.parts
            if template or (path.suffix == ".py" and "migrations" not in path.parts):
                yield path


def in_python(source: str) -> Iterator[Entry]:
    """Yield the messages of a module: calls of gettext and its kin with literal text."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        texts = [
            part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)
        ]
        yield from _messages(name, texts)


def in_template(source: str) -> Iterator[Entry]:
    """Yield the messages of a template."""
    for name, literals in _IN_TEMPLATE.findall(templatize(source)):
        yield from _messages(name, list(_literals(literals)))


def _literals(source: str) -> Iterable[str]:
    return (str(ast.literal_eval(literal.lstrip("u"))) for literal in re.findall(_LITERAL, source, re.DOTALL))


def _messages(name: str, texts: list[str]) -> Iterator[Entry]:
    if name in SINGLE and texts and texts[0]:
        yield Entry(texts[0])
    elif name in PLURAL and len(texts) > 1:
        yield Entry(texts[0], plural=texts[1])
    elif name in CONTEXT and len(texts) > 1:
        yield Entry(texts[1], context=texts[0])
