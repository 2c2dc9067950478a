"""Code as users write it: mypy --strict and pyright's strict mode find nothing in it."""

from __future__ import annotations

import asyncio
import datetime
import threading
from pathlib import Path

import httpx2

import procwise
from procwise import (
    UNSET,
    APIStatusError,
    AsyncClient,
    Attempt,
    CallOptions,
    Client,
    ConnectionFailed,
    Deviation,
    DriftWarning,
    ErrorCode,
    Hooks,
    InvalidArgument,
    OutcomeUnknown,
    ProcwiseError,
    Progress,
    Response,
    ResponseDeviates,
    RetryPolicy,
    ServerError,
    Settings,
    TooManyRequestsError,
    Unset,
    Upload,
    Uploadable,
    v1,
)
from procwise.jobs import AsyncJob, Job
from procwise.pages import AsyncItems, AsyncPager, Pager
from procwise.v3 import models
from procwise.v3.columns import Condition, ExamColumns, Order, StudentColumns

DAY = datetime.date(2026, 2, 1)
MOMENT = datetime.datetime(2026, 2, 1, 9, tzinfo=datetime.UTC)


def make_clients() -> tuple[Client, v1.Client]:
    own = httpx2.Client(timeout=5)
    client = Client(token="t", secret_key="k", base_url="https://exams.example", timeout=10, http=own, drift="warn")
    return client, v1.Client(base_url="https://exams.example", drift="strict")


def make_patient_client() -> tuple[Client, Settings]:
    def look(attempt: Attempt) -> None:
        print(attempt.operation, attempt.number, attempt.status, attempt.seconds, attempt.wait)

    hooks = Hooks(request=look, response=look, retry=lambda attempt: print(attempt))
    policy = RetryPolicy(max_retries=2, first_wait=0.1)
    client = Client(timeout=None, deadline=60, retry=policy, extra_headers={"X-A": "b"}, clock_skew="off", hooks=hooks)
    options: CallOptions = {"timeout": 5, "max_retries": 0}
    return client.with_options(**options), client.with_options(deadline=None).settings


def read_raw(client: Client) -> str:
    response: Response[models.Exam] = client.exams.with_raw_response.show(1)
    return f"{response.status} {response.headers.get('date')} {response.content!r} {response.value.name}"


def call_with_options(client: Client) -> models.Exam:
    return client.exams.show(1, timeout=2.5, max_retries=1, extra_headers={"X-A": "b"})


def create_and_change(client: Client, end: datetime.datetime | Unset = UNSET) -> models.Exam:
    exam = client.exams.create(name="Chemistry", type=models.ExamType.RECORD_REVIEW, start_time=MOMENT, end_time=end)
    if exam.status == models.ExamStatus.OPEN or exam.status == "draft":
        exam = client.exams.update(exam.id, name=f"{exam.name} 2", end_time=exam.end_time)
    return client.exams.update(exam.id, start_time=exam.start_time, restrictions=exam.restrictions)


def narrow(exam: models.Exam, student: models.Student) -> list[str]:
    texts: list[str] = []
    if exam.archived is not UNSET:
        archived: bool | None = exam.archived
        texts.append(str(archived))
    if exam.student_experience:
        experience: bool = exam.student_experience
        texts.append(str(experience))
    if not isinstance(student.external_id, Unset) and student.external_id is not None:
        texts.append(student.external_id.upper())
    if isinstance(exam.status, models.ExamStatus):
        texts.append(exam.status.name)
    if exam.start_time is not None:
        texts.append(exam.start_time.isoformat())
    return [*texts, *(str(value) for value in exam.additional_properties.values())]


def list_and_filter(client: Client) -> list[str]:
    soon: Condition[ExamColumns] = ExamColumns.start_time >= DAY
    first: Order[ExamColumns] = ExamColumns.start_time.asc()
    exams = client.exams.list(filter=[soon, ExamColumns.name == "a"], sort=[first, ExamColumns.name.desc()])
    names = [exam.name for exam in exams]
    names += [exam.name for exam in client.exams.list(filter=soon, sort=first, status="open", limit=10)]
    names += [exam.name for exam in client.exams.list(filter={"name": {"gte": "a"}}, sort=[{"name": "asc"}])]
    names += [exam.name for exam in client.exams.list(filter='{"name":{"eq":"a"}}', page=UNSET)]
    students = client.student_sessions.list(filter=StudentColumns.start_time < MOMENT, status=UNSET)
    total: int | None = students.item_count
    for page in students.pages():
        names += [f"{page.number} of {page.page_count}: {student.name} ({total})" for student in page]
        status: int = page.response.status
        names += [f"{status} {page.response.request_id}", *page.response.headers]
    return names


def read_lists(client: Client, pager: Pager[models.Exam]) -> list[str]:
    first: models.Exam | None = client.exams.list(limit=1).first()
    names = [first.name] if first is not None else []
    names += [exam.name for exam in pager.prefetch(4)] if pager else []
    names += [exam.name for exam in client.exams.list(page=pager.next_page)]
    odd: tuple[Deviation, ...] = pager.drift()
    providers: list[models.ToolProvider] = client.tool_providers.list()
    return [*names, *map(str, odd), *(str(one.id) for one in providers)]


async def read_lists_async(client: AsyncClient) -> list[str]:
    pager: AsyncPager[models.Exam] = client.exams.list().prefetch(4)
    first: models.Exam | None = await pager.first()
    names = [] if first is None else [first.name, str(pager.next_page)]
    items: AsyncItems[models.ToolProvider] = client.tool_providers.list()
    names += [str(one.id) async for one in items]
    providers: list[models.ToolProvider] = await client.tool_providers.list()
    return [*names, *(str(one.id) for one in providers)]


def send_files(client: Client, responses: Path, uploadable: Uploadable) -> Path:
    client.attachments.create(1, document=Upload(responses, name="answers.pdf"))
    client.attachments.create(1, document=uploadable)
    client.attachments.create(1, document=b"bytes")
    job = client.exams.generate_documents_zip(1)
    job.wait(timeout=60)
    return job.download("answers.zip")


def watch_files(client: Client, stop: threading.Event) -> list[str]:
    seen: list[str] = []

    def look(progress: Progress) -> None:
        seen.append(f"{progress.stage} {progress.state} {progress.done} {progress.total} {progress.seconds}")

    client.attachments.create(1, document=Upload(b"bytes", name="a.pdf", progress=look))
    path: Path = client.exams.documents_zip(1, "a.zip", progress=look, cancel=stop, handle="a.job", deadline=60)
    client.exams.download_documents_zip(1, path, progress=look, cancel=stop, resume=True)
    job: Job[models.Empty] = client.exams.resume_documents_zip(client.exams.generate_documents_zip(1).handle)
    job.wait(timeout=None, interval=1, longest_interval=5, progress=look, cancel=stop)
    try:
        seen.append(str(job.download("a.zip", progress=look, resume=True)))
    except (procwise.Cancelled, procwise.FileNotWritten, procwise.DownloadDamaged) as error:
        seen.append(str(error))
    return seen


async def watch_files_async(client: AsyncClient, stop: asyncio.Event) -> Path:
    path = await client.exams.documents_zip(1, progress=print, cancel=stop, handle=Path("a.job"))
    job: AsyncJob[models.Empty] = client.exams.resume_documents_zip(
        (await client.exams.generate_documents_zip(1)).handle
    )
    await job.wait(longest_interval=5, progress=print, cancel=stop)
    return await job.download(path, resume=True)


def handle_errors(client: Client) -> str:
    try:
        client.exams.show(1)
    except procwise.NotFoundError as error:
        return error.meaning + error.hint
    except procwise.UnprocessableContentError as error:
        problems: dict[str, list[str]] = error.errors
        return str(problems)
    except (TooManyRequestsError, ServerError) as error:
        return f"{error.retry_after} {error.attempts} {dict(error.headers)}"
    except APIStatusError as error:
        if error.code == ErrorCode.FORBIDDEN or error.code in ("a", "b"):
            return f"{error.status} {error.request_id} {error.method} {error.path}"
        if isinstance(error.code, ErrorCode):
            return error.code.meaning
        return error.code
    return ""


def handle_trouble(client: Client) -> str:
    try:
        client.exams.show(1)
    except OutcomeUnknown as error:
        return str(error)
    except ConnectionFailed as error:
        return "may have taken effect" if error.sent else "did not leave"
    except ResponseDeviates as error:
        return ", ".join(one.pointer for one in error.deviations)
    except (InvalidArgument, ProcwiseError) as error:
        return str(error)
    return ""


def look_at_drift(client: Client) -> list[str]:
    found: tuple[Deviation, ...] = client.drift()
    category: type[Warning] = DriftWarning
    return [f"{category.__name__} {one.operation} {one.pointer} {one.expected} {one.seen} {one.count}" for one in found]


def send_back(exam: models.Exam) -> models.Exam:
    data: dict[str, object] = exam.to_dict()
    return models.Exam.from_dict(data)


async def call_async(path: Path) -> list[str]:
    async with AsyncClient(drift="observe") as client:
        exam = await client.exams.show(1)
        names = [exam.name]
        async for student in client.student_sessions.list_for_exam(exam.id, sort=StudentColumns.name.desc()):
            names.append(student.name)
        exams = await client.exams.list(filter=ExamColumns.start_time >= DAY)
        names.append(str(exams.item_count))
        await client.exams.download_documents_zip(exam.id, path)
        return names


def sign(secret_key: str) -> str:
    params = {"id": 1, "name": "a"}
    explanation = procwise.signing.explain(params, secret_key)
    return procwise.signing.sign(params, secret_key) + procwise.signing.base_string(params) + str(explanation)
