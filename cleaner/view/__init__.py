"""Reports to look at: one page that opens from disk, and a plot for notebooks."""

from cleaner.view.originals import Found, Originals
from cleaner.view.overview import Overview
from cleaner.view.plotting import plot
from cleaner.view.viewing import view_reports

__all__ = ["Found", "Originals", "Overview", "plot", "view_reports"]
