"""Rows for tests of the storage: every column filled in, each test names what matters to it."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

NOW = datetime(2020, 2, 24, 8, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DAY = date(2020, 2, 24)


def inbox(key: str, **values: Any) -> dict[str, Any]:
    plain = {"channel": "main", "chat": "g1", "chat_type": "group", "sender": "lina", "kind": "text", "state": "done"}
    rest = {"outcome": "", "error": "", "received_at": NOW, "sent_at": None, "body": b"{}"}
    return {"key": key, **plain, **rest, **values}


def outbox(key: str, **values: Any) -> dict[str, Any]:
    way = {"purpose": "reply", "channel": "main", "chat": "g1", "chat_type": "group", "form": "markdown"}
    body = {"content": f"content of {key}", "mentions": None, "media": None, "file_name": "", "response_url": None}
    state = {"message_key": None, "state": "pending", "attempts": 0, "error": "", "sent_at": None}
    return {"key": key, **way, **body, **state, "not_before": NOW, "created_at": NOW, **values}


def record(ref: str, **values: Any) -> dict[str, Any]:
    where = {"channel": "main", "chat": "g1", "unit": "平谷区/金海湖镇/红石坎村", "sender": "lina", "reporter": "李娜"}
    what = {"kind": "check_in", "reported_at": NOW, "day": DAY, "message_key": f"m-{ref}", "state": "active"}
    return {"ref": ref, **where, **what, "fields": {"people": ["李娜"]}, "history": None, **values}


def returnee(ref: str, **values: Any) -> dict[str, Any]:
    where = {"chat": "g1", "unit": "平谷区/金海湖镇/红石坎村", "day": DAY, "registered_at": NOW}
    who = {"name": "赵小满", "name_hash": None, "phone": "13800012345", "phone_hash": None, "details": {"from": "信阳"}}
    return {"ref": ref, **where, **who, "arrives_on": None, "arrived": None, "state": "registered", **values}
