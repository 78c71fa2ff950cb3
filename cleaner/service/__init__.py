"""Cleaning as a service on this machine, for pipelines in other languages."""

from cleaner.service.limits import Limits
from cleaner.service.serving import serve

__all__ = ["Limits", "serve"]
