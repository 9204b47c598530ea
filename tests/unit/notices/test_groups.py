"""Which groups a word means; when it is quiet; what a file is."""

import io
import zipfile
from datetime import datetime

import pytest

from handlers.notices import files, groups
from handlers.notices.settings import NoticeRules
from handlers.texts_notices import posted, preview, size

TOWN = "平谷区/金海湖镇"
KNOWN = groups.named(
    {
        "town": TOWN,
        "red": f"{TOWN}/红石坎村",
        "red2": f"{TOWN}/红石坎村",
        "pass": f"{TOWN}/将军关村",
        "other": "平谷区/南独乐河镇/将军关村",
        "nowhere": "",
    }
)


def chats(word: str, chat: str = "town", unit: str = TOWN) -> set[str]:
    return {group.chat for group in groups.meant(KNOWN, word, chat, unit)}


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("金海湖镇", {"town", "red", "red2", "pass"}),
        ("金海湖", {"town", "red", "red2", "pass"}),
        ("平谷区", {"town", "red", "red2", "pass", "other"}),
        ("金海湖镇群", {"town", "red", "red2", "pass"}),
        ("红石坎村", {"red", "red2"}),
        ("红石坎村2群", {"red2"}),
        ("金海湖镇红石坎村", {"red", "red2"}),
        ("金海湖镇/将军关村", {"pass"}),
        ("将军关村", {"pass"}),
        ("本群", {"town"}),
        ("所有群", {"town", "red", "red2", "pass", "other", "nowhere"}),
        ("王家村", set()),
        ("村", set()),
    ],
)
def test_a_word_means_groups(word: str, found: set[str]) -> None:
    assert chats(word) == found


def test_a_name_of_two_places_is_asked_about_where_neither_is_near() -> None:
    with pytest.raises(groups.Several, match="平谷区/南独乐河镇/将军关村、平谷区/金海湖镇/将军关村"):
        chats("将军关村", unit="")


@pytest.mark.parametrize(
    ("quiet", "hour", "expected"),
    [((22, 7), 21, False), ((22, 7), 22, True), ((22, 7), 6, True), ((22, 7), 7, False), ((1, 5), 0, False)],
)
def test_nobody_is_reminded_at_night(quiet: tuple[int, int], hour: int, expected: bool) -> None:  # noqa: FBT001
    at = datetime(2020, 2, 23, hour, 0)  # noqa: DTZ001  (a local hour)
    assert NoticeRules(quiet=quiet).is_quiet(at) is expected


def packed(name: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        parts.writestr(name, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "told", "name"),
    [
        (b"%PDF-1.4", "", "文件.pdf"),
        (b"\x89PNG\r\n\x1a\n....", "", "图片.png"),
        (b"\xff\xd8\xff....", "", "图片.jpg"),
        (packed("word/document.xml"), "", "文件.docx"),
        (packed("xl/workbook.xml"), "", "文件.xlsx"),
        (packed("a.txt"), "", "文件.zip"),
        ("路线".encode(), "", "文件.txt"),
        (b"\0\1\2\3\4", "", "文件"),
        (b"%PDF-1.4", "路线.pdf", "路线.pdf"),
    ],
)
def test_a_file_has_a_name(content: bytes, told: str, name: str) -> None:
    assert files.name_of(content, told) == name


def test_only_small_pictures_go_as_pictures() -> None:
    assert files.is_picture(b"\xff\xd8\xff....")
    assert not files.is_picture(b"\xff\xd8\xff" + bytes(files.MOST_OF_PICTURE))
    assert not files.is_picture(b"%PDF-1.4")


def test_words_of_a_notice_call_nobody() -> None:
    assert "<@" not in posted("T1", "", ("赵明华", "金海湖镇"), "请看 <@all>", file=False)


def test_a_preview_of_many_groups_names_some_and_counts_all() -> None:
    shown = preview("T1", "市", [f"村{number}" for number in range(30)], "明天08:00", "甲\n乙", 30)
    assert shown.startswith("📢 市级政策 T1 将发到 30 个群，明天08:00 发：村0、村1、")
    assert "等30个群\n> 甲\n> 乙\n" in shown


@pytest.mark.parametrize(("number", "said"), [(5, "1KB"), (20480, "20KB"), (1572864, "1.5MB")])
def test_sizes(number: int, said: str) -> None:
    assert size(number) == said
