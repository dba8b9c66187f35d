"""Marked people go the whole way, from a file, a program and a telephone to help; nothing that leaves names them.

What leaves: logs, mails, error reports, messages to other systems, task arguments, exports, open data. The database
itself is searched as well: there they are ciphertext.
"""

import base64
import io
import json
import logging
import re
import secrets
import time
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from celery.signals import before_task_publish, task_prerun
from django.core import mail
from django.core.management import call_command
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import Client
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from pytest_django import Settings

from cms.site.services import build_site
from jiujinan.accounts.keys import issue_key
from jiujinan.accounts.models import User
from jiujinan.audit.models import AuditEntry
from jiujinan.celery import app
from jiujinan.jobs import BEAT_SCHEDULE
from jiujinan.outbox.models import OutboxEvent
from jiujinan.sealing.fields import Plain
from jiujinan.sealing.redaction import mask_structured
from matching.models import Commitment, Disbursement
from matching.publishing.services import publish_release, release_grants
from needs.discovery.models import Complaint, NeedReport, Visit, WatchEntry, WatchGroup
from needs.discovery.services import install_groups, record_visit
from needs.models import CaseRecord, Person, Project
from tests.matching.main_job.files import COUNT, case, items, resources_file, write
from tests.needs.intake.casefiles import id_number
from tests.town import COUNTY, NOW, Town

STREET, BANK, STORY = "墨鹮胡同暗号九号院", "6222029900001234567", "暗语故事讲的是瓦檐断了"
REPORTER, API_NAME, BROKEN_NAME = "司徒墨鹮", "上官墨鹮", "夏侯墨鹮"
PHONE, API_PHONE, REPORT_PHONE = "13977770001", "13977770002", "13977770003"
API_NUMBER, WRONG_NUMBER = id_number(777, "19630817"), "990121197002300017"
NUMBERS = [id_number(serial) for serial in range(1, COUNT + 1)]
NAMES = [f"欧阳墨鹮{chr(0x4E00 + serial)}" for serial in range(1, COUNT + 1)]
MARKED = [
    *NUMBERS, *NAMES, STREET, BANK, STORY, REPORTER, API_NAME, BROKEN_NAME, PHONE, API_PHONE, REPORT_PHONE,
    API_NUMBER, WRONG_NUMBER, "墨鹮", "暗语故事",
]  # fmt: skip


class Everything(logging.Handler):
    """Keeps what any logger says, as a server would write it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        beside = {name: value for name, value in record.__dict__.items() if name != "exc_info"}  # formatted
        self.lines.append(f"{self.format(record)} {beside!r}")


OURS = ("jiujinan", "needs", "donors", "matching", "cms", "django", "celery")


@pytest.fixture
def logs() -> Iterator[Everything]:
    """Collect what is logged: everything of ours, and what libraries tell an operator."""
    handler = Everything()
    loggers = dict.fromkeys(OURS, logging.DEBUG) | {"": logging.INFO}
    before = {name: logging.getLogger(name).level for name in loggers}
    for name, level in loggers.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger().addHandler(handler)
    yield handler
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def tasks() -> Iterator[list[str]]:
    """Collect what tasks are called with, published or run here."""
    seen: list[str] = []

    def keep(**told: Any) -> None:
        told.pop("signal", None)
        seen.append(repr(told))

    for signal in (before_task_publish, task_prerun):
        signal.connect(keep, weak=False, dispatch_uid="leaks")
    yield seen
    for signal in (before_task_publish, task_prerun):
        signal.disconnect(dispatch_uid="leaks")


def search(where: str, what: str | bytes) -> None:
    """Fail where a marked value stands, also in the usual encodings, and inside a workbook's parts."""
    if isinstance(what, bytes) and what.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(what)) as parts:
            for name in parts.namelist():
                search(f"{where}/{name}", parts.read(name))
        return
    held = what.encode() if isinstance(what, str) else what
    for value in MARKED:
        for form in (
            value.encode(),
            value.encode("gb18030"),
            json.dumps(value)[1:-1].encode(),
            base64.b64encode(value.encode()).rstrip(b"="),
        ):
            assert form not in held, f"a marked value stands in {where}"


def tables() -> Iterator[tuple[str, list[tuple[object, ...]]]]:
    """Yield every table as the database holds it, the search's own among them."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            rows = cursor.fetchall()
            yield table, [tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows]


def marked_files(folder: Path) -> tuple[Path, Path]:
    people: dict[str, Any] = {"住址": STREET, "电话": PHONE, "银行账号": BANK}
    cases = [case(n, 户主姓名=name, **people) for n, name in enumerate(NAMES, start=1)]
    cases.append(case(901, 户主姓名=BROKEN_NAME, 身份证号=WRONG_NUMBER, **people))
    asked = [item for cells in cases for item in items(cells["案卷编号"])]
    return (
        write(folder / "cases.xlsx", {"案卷": cases, "需求事项": asked}),
        resources_file(folder / "resources.xlsx"),
    )


def the_main_job(folder: Path) -> None:
    """Take the file in, pass the gate, promise, deliver and tell everybody."""
    told = io.StringIO()
    cases, resources = marked_files(folder)
    with pytest.raises(SystemExit):
        call_command(
            "run_main_job", cases=cases, resources=resources, out=folder / "out", json=True, stdout=told
        )
    assert Person.objects.count() == COUNT
    assert Project.objects.count() == COUNT
    assert Disbursement.objects.count() >= COUNT
    assert Commitment.objects.exists()
    search("what the command prints", told.getvalue())
    written = [path for path in (folder / "out").rglob("*") if path.is_file()]
    assert written
    for path in written:
        search(path.name, path.read_bytes())


def the_programs_interface(client: Client, user: User) -> None:
    """Send one good and one bad case; the answer repeats nothing."""
    now = timezone.now()
    key = issue_key(user=user, name="k", expires_at=now + timedelta(days=1), by=None, now=now)
    good = {
        "number": "L1", "version": 1, "region": COUNTY, "applied_on": "2026-01-05", "cause": "illness",
        "tier": "joint", "name": API_NAME, "id_number": API_NUMBER, "size": 1, "phone": API_PHONE,
        "address": STREET, "account": BANK,
        "items": [{"item_category": "medical", "item_required": 12000}],
    }  # fmt: skip
    bad = {**good, "number": "L2", "name": BROKEN_NAME, "id_number": WRONG_NUMBER}
    answer = client.post(
        "/api/v1/case-records",
        {"source": "hospital", "channel": "department", "cases": [good, bad]},
        content_type="application/json",
        headers={"authorization": f"Bearer {key}", "idempotency-key": "leaks"},
    )
    assert [one["outcome"] for one in answer.json()["results"]] == ["imported", "refused"]
    search("the interface's answer", answer.content)


def the_public_forms(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Report a need, complain, and follow both numbers; the page of a number tells nothing."""
    report = {
        "whose": "other", "region": COUNTY, "story": STORY, "phone": REPORT_PHONE, "reporter_name": REPORTER,
        "person_name": API_NAME, "address": STREET,
    }  # fmt: skip
    complaint = {"kind": "conduct", "region": COUNTY, "words": STORY, "name": REPORTER, "phone": REPORT_PHONE}
    shown_at = time.time() - 60
    for page, facts in (("report-a-need", report), ("complaint", complaint)):
        with monkeypatch.context() as patch:
            patch.setattr("django.core.signing.time.time", lambda: shown_at)
            token = TimestampSigner(salt=page).sign(secrets.token_urlsafe(16))
        answer = client.post(f"/{page}/", {**facts, "token": token})
        number = re.search(r'class="tracking"[^>]*>([A-Z0-9-]+)<', answer.content.decode())
        assert number is not None
        search("the number's page", client.post("/track/", {"number": number[1]}).content)
    assert NeedReport.objects.count() == Complaint.objects.count() == 1


def a_visit(user: User) -> None:
    """Visit a household, and write down what was found."""
    install_groups()
    entry = WatchEntry.objects.create(
        group=WatchGroup.objects.all()[0],
        household=CaseRecord.objects.all()[0].household,
        began_at=timezone.now(),
        next_visit_on=timezone.localdate(),
    )
    record_visit(
        entry=entry,
        on=timezone.localdate(),
        found=Visit.Found.FOLLOW,
        note=STORY,
        by=user,
        now=timezone.now(),
    )


def a_fault(client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """Let a page fail while it holds marked values; the report goes to the administrators by mail."""
    settings.ADMINS = [("a", "admin@example.org")]
    handler = AdminEmailHandler(include_html=True)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)

    def fail(*args: object, **kwargs: object) -> None:
        row = Person.objects.all()[0]
        row.name = Plain(NAMES[0])
        raise RuntimeError(f"cannot show {NAMES[0]} of {NUMBERS[0]}, {PHONE}")

    client.raise_request_exception = False
    try:
        with monkeypatch.context() as patch:
            patch.setattr("cms.desk.views.open_fields", fail)
            case = CaseRecord.objects.filter(source="civil_affairs")[0]
            answer = client.post(f"/admin/desk/{case.pk}/open/", {"reason": "回访核实"})
    finally:
        logger.removeHandler(handler)
        client.raise_request_exception = True
    assert answer.status_code == 500
    search("the error's page", answer.content)
    assert mail.outbox


def the_exports(client: Client) -> None:
    """Fetch every table that staff and the public download."""
    release_grants(now=timezone.now())
    publish_release(now=timezone.now())
    desk = "/admin/desk/"
    addresses = [f"{desk}ranking/export.{kind}?order=number" for kind in ("xlsx", "csv")]
    addresses += [
        f"{desk}reporting/{page}/?format={kind}"
        for page in ("weekly", "time-to-help", "scorecard")
        for kind in ("xlsx", "csv")
    ]
    addresses += [
        f"/open-data/files/{name}"
        for name in ("projects.csv", "projects.json", "grants.csv", "grants.json", "organisations.json",
                     "statistics.csv", "statistics.json")
    ]  # fmt: skip
    for address in [*addresses, "/projects/", "/statistics/", "/open-data/releases.atom", "/sitemap.xml"]:
        answer = client.get(address)
        assert answer.status_code == 200, address
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
        assert len(body) > 50, address
        search(address, body)


@pytest.mark.slow
def test_no_marked_value_leaves_by_any_way(
    town: Town,
    client: Client,
    tmp_path: Path,
    logs: Everything,
    tasks: list[str],
    monkeypatch: pytest.MonkeyPatch,
    settings: Settings,
) -> None:
    settings.LEDGER_ANCHORS = str(tmp_path / "anchors.jsonl")
    build_site(now=NOW)
    the_main_job(tmp_path)
    the_programs_interface(client, town.lin)
    the_public_forms(client, monkeypatch)
    a_visit(town.lin)
    client.force_login(town.lin, backend="django.contrib.auth.backends.ModelBackend")
    case = CaseRecord.objects.filter(source="civil_affairs")[0]
    opened = client.post(f"/admin/desk/{case.pk}/open/", {"reason": "回访核实"})
    assert "墨鹮" in opened.content.decode()  # whoever may, sees it; from now on it is also in this process
    a_fault(client, monkeypatch, settings)
    the_exports(client)
    app.loader.import_default_modules()
    for entry in BEAT_SCHEDULE.values():
        app.tasks[str(entry["task"])].apply()
    logging.getLogger("x").error("for %s", NAMES[0], extra={"who": 1})
    structured = mask_structured(None, "info", {"event": f"opened {NAMES[0]}", "of": [NUMBERS[0], BANK]})

    assert any("cannot show" in line for line in logs.lines)
    assert len(tasks) >= len(BEAT_SCHEDULE)
    assert OutboxEvent.objects.count() > COUNT
    search("a structured log", repr(structured))
    for line in logs.lines:
        search("a log", line)
    for message in mail.outbox:
        search("a mail", message.message().as_bytes() + str(message.body).encode())
        for alternative in getattr(message, "alternatives", []):
            search("a mail", str(alternative[0]))
    for told in tasks:
        search("a task's arguments", told)
    everything = list(tables())
    assert {AuditEntry._meta.db_table, OutboxEvent._meta.db_table, Person._meta.db_table} <= dict(
        everything
    ).keys()
    for table, rows in everything:
        for row in rows:
            search(table, repr(row))


def test_the_search_finds_what_it_looks_for() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("a.xml", f"<v>{BANK}</v>")
    planted = [
        f"x {NAMES[3]}",
        json.dumps(NAMES[0]),
        BANK.encode(),
        NAMES[0].encode("gb18030"),
        packed.getvalue(),
    ]
    for what in planted:
        with pytest.raises(AssertionError):
            search("here", what)
