"""`make demo`: the whole idea on real input, in plain words.

Everything runs on this machine: the generator, the sandbox, the client, a short conformance
run and the docs site. What it leaves behind lies in demo-output/ and site/.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import procwise
from procwise import Client

ROOT = Path(__file__).parent.parent
BIN = Path(sys.executable).parent
OUTPUT = ROOT / "demo-output"
# objects of the demo data that the suite cannot create, for `--ids`
DEMO_IDS = "comanager_id=4,proctor_id=4,showLtiStudent.exam=1,student_lms_id=student_1,resource_link_id=example-link-1"


def main() -> None:
    """Tell the story from the description to the report."""
    shutil.rmtree(OUTPUT, ignore_errors=True)
    OUTPUT.mkdir()
    say("1. From the description to the layers")
    tell(run("procwise-toolkit", "generate"))
    tell(run("procwise-toolkit", "lint"))
    with sandbox() as started:
        say("2. A sandbox is running", f"at {started['base_url']}, on SQLite, with a demo user")
        call(started)
        say("4. Does the server do what the description says?")
        tell(conformance(started))
    say("5. The reference")
    run("mkdocs", "build", "--strict")
    say(
        "Where to look now",
        f"the site            {ROOT / 'site' / 'index.html'}",
        f"the reports         {OUTPUT / 'report' / 'report.html'} (and report.json, junit.xml)",
        f"the zip file        {OUTPUT / 'documents.zip'}",
        "the first steps     docs/quick-start.md",
    )


def call(started: dict[str, Any]) -> None:
    """Create an exam and its students, page through them, fetch the zip file."""
    with Client(base_url=started["base_url"], token=started["token"], secret_key=started["secret_key"]) as client:
        exam = client.exams.create(name="Statics, second sitting", type="record_review", duration_minutes=90)
        say("3. The client, which signs every request", f"created exam {exam.id}, “{exam.name}”, status {exam.status}")
        for number in range(1, 8):
            client.student_sessions.create(exam.id, name=f"Student {number}", email=f"student{number}@campus.example")
        students = client.student_sessions.list_for_exam(exam.id, limit=3, sort=[{"name": "asc"}])
        tell(f"added 7 students; page by page of 3: {', '.join(student.name for student in students)}")
        changed = client.exams.update(exam.id, duration_minutes=120)
        tell(f"changed the duration to {changed.duration_minutes} minutes")
        path = client.exams.documents_zip(exam.id, OUTPUT / "documents.zip", deadline=30)
        tell(f"ran the zip job and downloaded {path.stat().st_size} bytes, checked by their CRC")
    wrong = Client(base_url=started["base_url"], token=started["token"], secret_key="not-the-secret-key")
    with wrong as client:
        try:
            client.exams.list().page(1)
        except procwise.ForbiddenError as error:
            tell("with a wrong secret key the server refuses, and the exception says:", *str(error).splitlines())


def call_suite(started: Mapping[str, Any], report: Path) -> tuple[Mapping[str, str], Sequence[str]]:
    """The environment and the words of a short run of the conformance suite, with every user and object there is."""
    environment, options = {}, [started["base_url"], "--api", "v3", "--max-examples", "1", "--seed", "1"]
    options += ["--ids", DEMO_IDS, "--report", str(report)]
    users = {"": started, "second": started["second"], "superuser": started["superuser"]}
    for name, user in users.items():
        token, secret = (f"{name or 'procwise'}_{what}".upper() for what in ("token", "secret_key"))
        environment |= {token: user["token"], secret: user["secret_key"]}
        options += [f"--{name}-token-env", token, f"--{name}-secret-env", secret] if name else []
    return environment, options


def conformance(started: Mapping[str, Any]) -> str:
    """A short run of the conformance suite; its last lines."""
    environment, options = call_suite(started, OUTPUT / "report")
    said = run("procwise-conformance", *options, **environment)
    coverage = json.loads((OUTPUT / "report/report.json").read_text("utf-8"))["coverage"]
    if missed := [reached["operation"] for reached in coverage if not reached["exercised"]]:
        sys.exit(f"demo: never answered with success: {', '.join(missed)}")
    return said


@contextmanager
def sandbox() -> Iterator[dict[str, Any]]:
    """A sandbox on a free port, stopped at the end; gives what its first line says."""
    place = ("--database", f"sqlite:///{OUTPUT / 'sandbox.sqlite3'}", "--files", str(OUTPUT / "files"))
    with (OUTPUT / "sandbox.log").open("w") as log:
        process = subprocess.Popen(
            [BIN / "procwise-sandbox", "--port", "0", *place], stdout=subprocess.PIPE, stderr=log, text=True
        )
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
            process.wait(timeout=10)


def run(program: str, *arguments: str, **environment: str) -> str:
    """Run a program of the environment and give what it printed; a failure ends the demo."""
    done = subprocess.run(
        [BIN / program, *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        tell(done.stdout)
        sys.exit(f"demo: {program} ended with exit code {done.returncode}")
    return done.stdout.strip()


def say(title: str, *lines: str) -> None:
    """A heading and its lines."""
    print(f"\n{title}")
    tell(*lines)


def tell(*lines: str) -> None:
    """Lines below a heading."""
    for line in lines:
        print("\n".join(f"   {part}" for part in line.splitlines()), flush=True)


if __name__ == "__main__":
    main()
