from cleaner.markdown.kept import Around
from cleaner.markdown.nesting import Writer

FIRST, SECOND, THIRD = (Around(element, "ol", 10) for element in (1, 2, 3))
INNER = Around(4, "ul", 11)
QUOTE = Around(5, "blockquote", 5)


def written(*blocks):
    writer = Writer()
    for around, *rows in blocks:
        writer.add(around, rows)
    return writer.rows


def test_items_follow_each_other_and_are_counted():
    assert written(((FIRST,), "a"), ((SECOND,), "b"), ((THIRD,), "c")) == ["1. a", "2. b", "3. c"]


def test_what_else_belongs_to_an_item_is_indented_below_it():
    rows = written(((FIRST,), "a"), ((FIRST,), "b", "c"), ((FIRST, INNER), "d"), ((SECOND,), "e"), ((), "f"))
    assert rows == ["1. a", "", "   b", "   c", "   - d", "2. e", "", "f"]


def test_blocks_of_one_quote_hang_together():
    assert written(((QUOTE,), "a"), ((QUOTE,), "b"), ((QUOTE, INNER), "c"), ((), "d")) == [
        "> a",
        ">",
        "> b",
        ">",
        "> - c",
        "",
        "d",
    ]


def test_blank_rows_of_code_have_no_trailing_white():
    assert written(((FIRST,), "```", "a", "", "b", "```")) == ["1. ```", "   a", "", "   b", "   ```"]


def test_items_right_inside_an_item_begin_a_list_of_their_own():
    assert written(((FIRST,), "a"), ((FIRST, SECOND), "b"), ((THIRD,), "c"), ((THIRD, SECOND), "d")) == [
        "1. a",
        "   1. b",
        "2. c",
        "   1. d",
    ]


def test_a_list_that_goes_on_below_a_paragraph_is_parted_from_it():
    inside = Around(6, "ol", 12), Around(7, "ol", 12)
    rows = written(((FIRST, inside[0]), "a"), ((FIRST,), "b"), ((FIRST, inside[1]), "c"))
    assert rows == ["1. 1. a", "", "   b", "", "   2. c"]
