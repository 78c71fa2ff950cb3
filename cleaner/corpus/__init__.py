"""Paths in, documents out; cleaned in, paths out."""

from cleaner.corpus.decoding import decode, encode
from cleaner.corpus.plan import PageFiles, Plan, plan_run, refuse_overwriting, visible_path
from cleaner.corpus.reading import Entry, Reading, Reject, documents, entries, stream_entry
from cleaner.corpus.reports import PageRow, output, rows
from cleaner.corpus.restoring import restore_files
from cleaner.corpus.run import FileSum, Outcome, Settings, clean_corpus
from cleaner.corpus.sources import Format, Source, find
from cleaner.corpus.tally import Tally, given_text, ranked, whole_lines
from cleaner.corpus.visible import VisibleFile
from cleaner.corpus.writing import WholeFile, json_line

__all__ = [
    "Entry",
    "FileSum",
    "Format",
    "Outcome",
    "PageFiles",
    "PageRow",
    "Plan",
    "Reading",
    "Reject",
    "Settings",
    "Source",
    "Tally",
    "VisibleFile",
    "WholeFile",
    "clean_corpus",
    "decode",
    "documents",
    "encode",
    "entries",
    "find",
    "given_text",
    "json_line",
    "output",
    "plan_run",
    "ranked",
    "refuse_overwriting",
    "restore_files",
    "rows",
    "stream_entry",
    "visible_path",
    "whole_lines",
]
