"""What may stand around a short form of a place, and which short forms are also everyday words."""

from handlers.language.expressions import expression

# Characters that may stand right before or after a short form without making another word of it.
LEFT_CUES = frozenset("从自在到去回由返往抵离住至于址为是经赴与和及跟或位岗口点退班站省市区县镇乡村")
RIGHT_CUES = frozenset("来回返出坐乘开到抵过人市籍的往飞自等方与和及跟或那这老骑")
# These say that a region is meant, even where the short form is an everyday word or a person's name.
STRONG_LEFT = expression(r"(?:从|自|由|离|赴|出发地?|返程地?|来源地?|哪里?来|户籍地?|籍贯|途经地?)[:：]?\s*$")
STRONG_RIGHT = expression(
    r"\s*(?:来(?![自访电])|回|返|出发|过来|坐|乘|高铁|动车|火车|飞机|自驾|大巴|长途|客车|[GDKTZC]\d)|[籍人市]"
)
# How far before a name a word of STRONG_LEFT may begin.
LEFT_REACH = 6

# Short forms that are everyday words (来宾: guest, 日照: sunshine) or given names: only beside a strong cue.
EVERYDAY_WORDS = frozenset(
    (
        *(
            "三明",
            "东方",
            "中山",
            "丽水",
            "云浮",
            "保山",
            "兴安",
            "吉安",
            "吴忠",
            "和平",
            "固原",
            "大安",
            "大庆",
            "大理",
        ),
        *(
            "天水",
            "太平",
            "宁德",
            "安庆",
            "安康",
            "安阳",
            "安顺",
            "宜春",
            "巴中",
            "平安",
            "广元",
            "广安",
            "延安",
            "文山",
        ),
        *(
            "新北",
            "日照",
            "昌都",
            "普洱",
            "来宾",
            "永安",
            "河源",
            "海东",
            "海南",
            "海北",
            "海西",
            "玉林",
            "玉溪",
            "白山",
        ),
        *("白银", "红河", "资阳", "金华", "长治", "阿里", "高平", "黄南", "黄山", "黔南"),
    )
)

# Full names that are also plain words (the suburbs, the town centre): only right after the city that they belong to.
PLAIN_WORDS = frozenset(("城区", "郊区", "矿区", "新城区", "市中区", "城中区", "新农村", "中心村"))

# After the short form of a community these make a street, a station or an institution of it.
NO_COMMUNITY_BEFORE = (
    *("路", "街", "大街", "胡同", "桥", "站", "地铁", "公交", "机场", "公园", "市场", "商场", "大厦", "学校", "检查站"),
    *("医院", "中学", "小学", "大学", "幼儿园", "派出所", "有限公司", "公司", "集团"),
)
# After the short form of a district at the head of an address these make a street, a gate or an estate of it.
NO_DISTRICT_BEFORE = (
    *("路", "街", "大街", "桥", "门", "庵", "里", "园", "公园", "花园", "家园", "新城", "广场", "医院", "大学", "体育"),
    *(
        "东",
        "西",
        "南",
        "北",
        "中",
        "根",
        "外",
        "内",
        "庄",
        "镇",
        "乡",
        "村",
        "社区",
        "小区",
        "的",
        "站",
        "火车",
        "高铁",
    ),
)
