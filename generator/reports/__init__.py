"""Differences for people and programs. What comes from a description is made harmless in each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from generator.diff import Difference
from generator.reports.data import as_json
from generator.reports.github import annotate
from generator.reports.html_page import page
from generator.reports.junit import junit
from generator.reports.markdown import markdown
from generator.reports.text import text

REPORTS: Mapping[str, Callable[[tuple[Difference, ...]], str]] = MappingProxyType(
    {"text": text, "json": as_json, "markdown": markdown, "junit": junit, "github": annotate, "html": page}
)
