"""The catalogue's file formats, against the standard library's reader."""

import gettext
import io

from hypothesis import given
from hypothesis import strategies as st

from cms.translations.collecting import in_python, in_template
from cms.translations.po import Entry, compile_mo, dump, parse

HEADER = Entry("", strings=["Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=1; plural=0;\n"])
TEXT = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\u2028\u2029\x85"), min_size=1
)


def translations(*entries: Entry) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(compile_mo([HEADER, *entries])))


@given(st.dictionaries(TEXT, TEXT))
def test_what_is_written_is_what_is_read(messages: dict[str, str]) -> None:
    entries = [Entry(text, strings=[said]) for text, said in messages.items()]
    assert [(one.text, one.strings) for one in parse(dump(entries))] == [
        (one.text, one.strings) for one in entries
    ]
    found = translations(*entries)
    assert {text: found.gettext(text) for text in messages} == messages


def test_plurals_and_contexts_are_found_by_the_standard_reader() -> None:
    found = translations(
        Entry("%d case", plural="%d cases", strings=["%d 件"]),
        Entry("May", context="month", strings=["五月"]),
    )
    assert found.ngettext("%d case", "%d cases", 3) == "%d 件"
    assert found.pgettext("month", "May") == "五月"


def test_guesses_and_gaps_are_not_compiled() -> None:
    source = '#, fuzzy\nmsgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr ""\n\n#~ msgid "c"\n#~ msgstr "丙"\n'
    entries = parse(source)
    assert [entry.is_translated for entry in entries] == [False, False]
    assert translations(*entries).gettext("a") == "a"


def test_messages_are_collected_from_code_and_templates() -> None:
    code = '_("one")\ngettext_noop("t" "wo")\nngettext("%d day", "%d days", 2)\nother("no")\n'
    assert [(entry.text, entry.plural) for entry in in_python(code)] == [
        ("one", ""),
        ("two", ""),
        ("%d day", "%d days"),
    ]
    page = """{% translate "it's" %}{% blocktranslate trimmed count n=n %}
      {{ n }} case{% plural %}{{ n }} cases{% endblocktranslate %}{{ _("filter") }}"""
    assert {(entry.text, entry.plural) for entry in in_template(page)} == {
        ("it's", ""),
        ("%(n)s case", "%(n)s cases"),
        ("filter", ""),
    }
