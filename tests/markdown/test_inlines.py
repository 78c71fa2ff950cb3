import pytest

from cleaner.markdown.inlines import inline
from cleaner.split.marks import Mark


def written(source, *, address="/x"):
    """Write text whose marks stand in it: `{a}` link, `<b>` bold, `«c»` italics, `⟦d⟧` struck, `⟨e⟩` code."""
    text, marks, begun = "", [], []
    begins, ends = {"{": "a", "<": "strong", "«": "em", "⟦": "del", "⟨": "code"}, "}>»⟧⟩"
    for char in source:
        if char in begins:
            begun.append((len(text), begins[char]))
        elif char in ends:
            start, sort = begun.pop()
            marks.append(Mark(start, len(text), sort, address if sort == "a" else ""))
        else:
            text += char
    return inline(text, marks)


@pytest.mark.parametrize(
    ("source", "row"),
    [
        ("a {b} c", "a [b](/x) c"),
        ("{a [b] c}", "[a \\[b\\] c](/x)"),
        ("Look!{here}", "Look\\![here](/x)"),
        ("Look! {here}", "Look! [here](/x)"),
        ("{<a> b}", "[**a** b](/x)"),
        ("<a {b}>", "**a [b](/x)**"),
        ("a < b > c", "a  **b**  c"),
        ("<«a»>", "***a***"),
        ("<«a» b>", "**a b**"),
        ("<a «b» c>", "**a *b* c**"),
        ("<a>«b»", "**a**b"),
        ("<Note:>text", "Note:text"),
        ("<Note>: text", "**Note**: text"),
        ("O<n>ce", "O**n**ce"),
        ("x<(y)>", "x(y)"),
        ("x{«y»}", "x[y](/x)"),
        ("a ⟦ten⟧ b", "a ~~ten~~ b"),
        ("*<a>*", "\\***a**\\*"),
        ("a ⟨b*c`d⟩", "a `` b*c`d ``"),
        ("⟨a{b}c⟩", "`a`[`b`](/x)`c`"),
        ("{a⟨b⟩}", "[a`b`](/x)"),
        ("⟨a⟩«⟨b⟩»", "`ab`"),
        ("⟨a⟩ «⟨b⟩» c", "`a` *`b`* c"),
        ("⟨a⟩⟨b⟩{⟨c⟩}⟨d⟩", "`ab`[`c`](/x)`d`"),
        ("a\nb {c\n d}", "a b [c d](/x)"),
        ("« »a", " a"),
        ("中<文。>中", "中文。中"),
        ("中<文>中", "中**文**中"),
    ],
)
def test_marks_are_written_where_a_parser_sees_them(source, row):
    assert written(source) == row


@pytest.mark.parametrize(
    ("address", "row"),
    [
        ("/a_(b)", "[a](/a_\\(b\\))"),
        ("/a b", "[a](/a%20b)"),
        ("/\u00a0\u200b\u2028", "[a](/%C2%A0%E2%80%8B%E2%80%A8)"),
        ("/höhe?a=1&amp;b", "[a](/höhe?a=1\\&amp;b)"),
        ('<">\\|`', "[a](%3C%22%3E%5C%7C%60)"),
        ("/%20?a&b", "[a](/%20?a&b)"),
        ("/a\n[b]: c", "[a](/a%0A[b]:%20c)"),
    ],
)
def test_addresses_end_where_they_end(address, row):
    assert written("{a}", address=address) == row
