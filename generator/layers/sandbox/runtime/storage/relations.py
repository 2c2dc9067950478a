"""Which users are related to which exams, and how."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Select, Table, Text, delete, select

from .state import OWN, insert_once

_RELATIONS = Table(
    "_relations",
    OWN,
    Column("kind", Text, primary_key=True),
    Column("exam_id", BigInteger, primary_key=True, autoincrement=False),
    Column("user_id", BigInteger, primary_key=True, autoincrement=False),
)


def relate(connection: Connection, kind: str, exam_id: int, user_id: int) -> None:
    """Relates the user to the exam, unless related already."""
    insert_once(connection, _RELATIONS, kind=kind, exam_id=exam_id, user_id=user_id)


def unrelate(connection: Connection, kind: str, exam_id: int, user_id: int) -> bool:
    """Removes the relation; returns whether there was one."""
    where = (_RELATIONS.c.kind == kind, _RELATIONS.c.exam_id == exam_id, _RELATIONS.c.user_id == user_id)
    return connection.execute(delete(_RELATIONS).where(*where)).rowcount == 1


def users_of_kind(kind: str, exam_id: int) -> Select[tuple[int]]:
    """The users of that kind, as a subquery."""
    return select(_RELATIONS.c.user_id).where(_RELATIONS.c.kind == kind, _RELATIONS.c.exam_id == exam_id)


def forget_exams(connection: Connection, exams: Select[tuple[int]]) -> None:
    _forget(connection, _RELATIONS.c.exam_id.in_(exams))


def forget_users(connection: Connection, users: Select[tuple[int]]) -> None:
    _forget(connection, _RELATIONS.c.user_id.in_(users))


def _forget(connection: Connection, condition: ColumnElement[bool]) -> None:
    connection.execute(delete(_RELATIONS).where(condition))
