"""Everything this package raises on purpose; each error says what to do next."""

from __future__ import annotations

from pathlib import Path
from typing import Self


class CleanerError(Exception):
    """Base of all errors raised by this package."""


class InputError(CleanerError):
    """A document could not be read: names the file, the place in it and the remedy."""

    def __init__(self, reason: str, *, path: str | Path | None = None, place: str = "") -> None:
        self.reason = reason
        self.path = None if path is None else str(path)
        self.place = place
        where = ", ".join(part for part in (self.path, place) if part)
        super().__init__(f"{where}: {reason}" if where else reason)

    @classmethod
    def of(cls, error: OSError, *, path: str | Path | None = None) -> Self:
        """Say what the system says that kept it from reading."""
        return cls(f"cannot be read: {error.strerror or error}", path=path)


class OutputError(CleanerError):
    """A result could not be written, or writing it would destroy something."""

    def __init__(self, reason: str, *, path: str | Path) -> None:
        self.reason = reason
        self.path = str(path)
        super().__init__(f"{path}: {reason}")

    @classmethod
    def of(cls, error: OSError, *, path: str | Path) -> Self:
        """Say what the system says that kept it from writing."""
        return cls(f"cannot be written: {error.strerror or error}", path=path)


class RuleError(CleanerError):
    """A rule file is wrong: names the file, the rule and the fault."""

    def __init__(self, fault: str, *, file: str, rule: str = "") -> None:
        self.fault = fault
        self.file = file
        self.rule = rule
        super().__init__(f"{file}: rule {rule!r}: {fault}" if rule else f"{file}: {fault}")


class ModelError(CleanerError):
    """A model is missing, altered, or made for other features."""

    def __init__(self, fault: str, *, path: str | Path) -> None:
        self.fault = fault
        self.path = str(path)
        super().__init__(f"{path}: {fault}")


class ReportError(CleanerError):
    """A report does not belong to the text it was applied to."""


class SettingError(CleanerError, ValueError):
    """A setting has a value that makes no sense; the message quotes it."""


class MissingExtra(CleanerError, ImportError):
    """An optional package is needed and not installed."""

    def __init__(self, purpose: str, extra: str) -> None:
        self.extra = extra
        super().__init__(f"{purpose} needs an optional package; run: pip install 'cleaner[{extra}]'")
