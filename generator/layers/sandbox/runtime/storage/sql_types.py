"""The column types of the tables: which values they accept, and how datetimes are written."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, ColumnElement, Double, Integer, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Key = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers only INTEGER keys by itself
TENANT = "_institute"
_INT64 = 2**63
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_FLAGS = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?", re.ASCII | re.IGNORECASE)


class ColumnType(TypeDecorator[Any]):
    """A column type that says itself what it takes."""

    impl: TypeEngine[Any] | type[TypeEngine[Any]] = Text

    def accept(self, value: object) -> object:
        """The value as it is stored; ValueError with a reason where it does not fit."""
        raise NotImplementedError


class Words(ColumnType):
    """Text, compared by code points in every database; a list that stands for a text is kept as JSON."""

    impl = Text().with_variant(Text(collation="C"), "postgresql")
    cache_ok = True

    def accept(self, value: object) -> object:
        if isinstance(value, list):
            value = json.dumps(value, ensure_ascii=False)
        if not isinstance(value, str):
            raise ValueError("must be a string")
        if not is_storable(value):
            raise ValueError("must not contain null characters or halves of surrogate pairs")
        return value


class Whole(ColumnType):
    """A whole number of 64 bits."""

    impl = BigInteger
    cache_ok = True

    def accept(self, value: object) -> object:
        if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,19}", value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
            raise ValueError("must be a whole number")
        if not -_INT64 <= value < _INT64:
            raise ValueError("is too large")
        return int(value)


class Real(ColumnType):
    """A number."""

    impl = Double
    cache_ok = True

    def accept(self, value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError("must be a number")
        if not -1e308 < value < 1e308:
            raise ValueError("is too large")
        return float(value)


class Flag(ColumnType):
    """A switch; `1`, `0` and the words are taken too."""

    impl = Boolean
    cache_ok = True

    def accept(self, value: object) -> object:
        if not isinstance(value, str | int) or value not in _FLAGS:
            raise ValueError("must be true or false")
        return _FLAGS[value]


class Moment(ColumnType):
    """A point in time, stored in milliseconds since 1970 (UTC)."""

    impl = BigInteger
    cache_ok = True

    def accept(self, value: object) -> object:
        try:
            return milliseconds(value)
        except OverflowError:
            raise ValueError("is out of range") from None


class Anything(ColumnType):
    """Any JSON data."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def accept(self, value: object) -> object:
        return value


def parse_key(column: ColumnElement[Any], text: str) -> Any:
    """A path segment as a key; None where no object can have it."""
    if isinstance(column.type, ColumnType):
        try:
            return column.type.accept(text)
        except ValueError:
            return None
    digits = text.isascii() and text.isdigit() and len(text) < 19
    return int(text) if digits else None


def is_storable(text: str) -> bool:
    """Whether every database takes the text: PostgreSQL takes no null character, nobody half of a surrogate pair."""
    return "\0" not in text and (text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text))


def milliseconds(value: object) -> int:
    """A moment as ISO 8601 text, or as seconds since 1970, in milliseconds since 1970."""
    if isinstance(value, str) and _MOMENT.fullmatch(value):
        moment = datetime.fromisoformat(value.upper())
        moment = moment.replace(tzinfo=moment.tzinfo or UTC)
        (moment.astimezone(UTC) - _EPOCH)  # out of range in UTC: OverflowError
        return (moment - _EPOCH) // _MILLISECOND
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError("must be a point in time")
    since = int(value * 1000)
    iso_datetime(since)
    return since


def iso_datetime(since: int) -> str:
    """Milliseconds since 1970 as ISO 8601 with offset and milliseconds."""
    return (_EPOCH + since * _MILLISECOND).isoformat(timespec="milliseconds")
