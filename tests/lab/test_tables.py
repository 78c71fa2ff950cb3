from cleaner.lab.tables import aligned, markdown, percent


def test_columns_line_up_to_the_right_of_the_names():
    assert (
        aligned(("", "a"), [("long name", "1"), ("b", "1000")]) == "              a\nlong name     1\nb          1000"
    )


def test_a_markdown_table_has_a_rule_and_escapes_bars():
    assert markdown(("tool", "n"), [("a|b", "1")]) == "| tool |   n |\n| :--- | --: |\n| a\\|b |   1 |"


def test_a_table_without_rows_is_its_head():
    assert aligned(("a", "b"), []) == "a  b"


def test_percent_rounds_and_has_a_dash_for_nothing():
    assert (percent(1, 3), percent(1, 3, 2), percent(0, 5), percent(3, 0)) == ("33.3", "33.33", "0.0", "-")
