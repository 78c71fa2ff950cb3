"""The kept lines of a page as Markdown that shows the same words.

CommonMark (https://spec.commonmark.org/0.31.2/) with tables and struck text as GitHub has them. What
could be taken for a sign of Markdown is escaped; what a line is, its elements tell: headings, list
items, quotes, rows of tables, code with its line breaks. Inside lines there are emphasis and code,
which add no words. Links do: their addresses, so they are shown as their text unless asked for.
"""

from cleaner.markdown.blocks import markdown

__all__ = ["markdown"]
