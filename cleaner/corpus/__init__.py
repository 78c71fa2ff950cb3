"""Paths in, documents out; cleaned in, paths out."""

from cleaner.corpus.annotations import Applied, Decision
from cleaner.corpus.endings import Format, format_of
from cleaner.corpus.groups import Frequent, Groups, Line, Sum, sum_of
from cleaner.corpus.hosts import host
from cleaner.corpus.job import Writing
from cleaner.corpus.journal import remove_results
from cleaner.corpus.learning import Lesson, learn_files
from cleaner.corpus.lengths import beside, fitting
from cleaner.corpus.locks import locked
from cleaner.corpus.outcome import FileSum, Outcome
from cleaner.corpus.parts import Entry, Reading, Reject
from cleaner.corpus.plan import Asked, PageFiles, plan_run, refuse_overwriting
from cleaner.corpus.reading import documents, entries, fields_of, stream_entry
from cleaner.corpus.remote import is_remote, upload
from cleaner.corpus.reports import Row, reports_in, rows
from cleaner.corpus.restoring import restore_files
from cleaner.corpus.run import Settings, clean_corpus
from cleaner.corpus.sources import STANDARD, find, is_stream
from cleaner.corpus.tally import Tally, ranked, whole_lines
from cleaner.corpus.tasks import Plan
from cleaner.corpus.totals import OVER, REST, Totals
from cleaner.corpus.twice import learn_sites
from cleaner.corpus.writing import WholeFile, json_line

__all__ = [
    "OVER",
    "REST",
    "STANDARD",
    "Applied",
    "Asked",
    "Decision",
    "Entry",
    "FileSum",
    "Format",
    "Frequent",
    "Groups",
    "Lesson",
    "Line",
    "Outcome",
    "PageFiles",
    "Plan",
    "Reading",
    "Reject",
    "Row",
    "Settings",
    "Sum",
    "Tally",
    "Totals",
    "WholeFile",
    "Writing",
    "beside",
    "clean_corpus",
    "documents",
    "entries",
    "fields_of",
    "find",
    "fitting",
    "format_of",
    "host",
    "is_remote",
    "is_stream",
    "json_line",
    "learn_files",
    "learn_sites",
    "locked",
    "plan_run",
    "ranked",
    "refuse_overwriting",
    "remove_results",
    "reports_in",
    "restore_files",
    "rows",
    "stream_entry",
    "sum_of",
    "upload",
    "whole_lines",
]
