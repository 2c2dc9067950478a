"""Mistakes that type checkers find: on each line that says so, both of them, and on no other."""

from __future__ import annotations

import datetime

from procwise import Client, v1
from procwise.v3.columns import ExamColumns, StudentColumns

client = Client()
client.exams.list(filter=ExamColumns.nmae == "x")  # error
client.exams.list(sort=ExamColumns.nmae.desc())  # error
client.exams.list(filter=StudentColumns.name == "x")  # error
client.exams.list(sort=[StudentColumns.name.asc()])  # error
client.exams.list(filter=ExamColumns.start_time >= 7)  # error
client.exams.list(filter=ExamColumns.name < datetime.date(2026, 1, 1))  # error
client.exams.list(filter=True)  # error
client.exams.list(filter=ExamColumns.name != "x")  # error: cannot be compared by `!=`
client.exams.list(filter=[ExamColumns.name == "a", ExamColumns.start_time != datetime.date(2026, 1, 1)])  # error
print(StudentColumns.name != "x")  # error: cannot be compared by `!=`
client.exams.list(status="oepn")  # error
client.exams.show(None)  # error
print(client.exams.show(1).nmae)  # error
print(client.exams.show(1).start_time.year)  # error
client.exams.update(1, nmae="x")  # error
client.exams.update(1, published="yes")  # error
client.exams.index_students(1)  # error: use student_sessions.list_for_exam
client.exams.with_raw_response.delete_student(1, student_session_id=2)  # error: use student_sessions.destroy
client.exams.with_raw_response.show_student(1, student_session_id="2")  # error
v1.Client().exams.with_raw_response.show(1)  # error: use exams.show of procwise.v3
v1.Client().exams.list()  # error: use exams.list of procwise.v3
Client(drift="loose")  # error
client.exams.documents_zip(1, 7)  # error
client.exams.documents_zip(1, "a.zip", progress=7)  # error
client.exams.documents_zip(1, "a.zip", cancel=True)  # error
client.exams.generate_documents_zip(1).wait(patience=7)  # error
print(client.exams.list().first().name)  # error
