"""Form files with mistakes: (what is wrong, the file, [(line, how the sentence begins)])."""

GOOD = """\
name = "medicine"
title = "爱心送药"
names = ["送药", "代买药"]
identity = ["elder"]
answer = "已记下：{elder} {count}"

[[fields]]
key = "elder"
label = "老人"
type = "person"
required = true
personal = true

[[fields]]
key = "count"
label = "数量"
type = "number"
units = ["盒", "瓶"]
min = 1
max = 100

[[fields]]
key = "state"
label = "状态"
type = "choice"
choices = [["已送达", "送到"], "未送达"]

[[figures]]
item = "爱心送药"
unit = "盒"
field = "count"
"""
"""Without a mistake; each case changes one or two of its lines."""

Changes = tuple[tuple[str, str], ...]
Expected = tuple[tuple[int, str], ...]

CASES: tuple[tuple[str, Changes, Expected], ...] = (
    ("no name", (('name = "medicine"\n', ""),), ((1, "no name; expected a name"),)),
    ("no title", (('title = "爱心送药"', "# a title"),), ((1, "no title; expected a word"),)),
    ("name in Chinese", (('"medicine"', '"送药"'),), ((1, 'name is "送药"; expected a name of a-z'),)),
    ("title of the wrong type", (('title = "爱心送药"', "title = 3"),), ((2, "title is 3; expected a word"),)),
    ("names no list", (('["送药", "代买药"]', '"送药"'),), ((3, 'names is "送药"; expected a list'),)),
    ("unknown key", (("identity =", "indentity ="),), ((4, "unknown key indentity; expected one of name, title"),)),
    ("identity without field", (('["elder"]', '["elder", "old"]'),), ((4, "identity names old, which is no field"),)),
    ("answer without field", (("{count}", "{number}"),), ((5, "answer names {number}; expected the key or label"),)),
    ("answer with half a brace", (("{count}", "{count"),), ((5, "answer has a brace without its other half"),)),
    ("unknown key of a field", (("required = true", "requird = true"),), ((11, "unknown key requird; expected"),)),
    ("unknown type", (('"person"', '"human"'),), ((10, 'type is "human"; expected one of text, number'),)),
    (
        "field without key",
        (('key = "count"\n', ""),),
        ((14, "no key; expected"), (30, "field names count"), (5, "answer names")),
    ),
    (
        "second field of a key",
        (('key = "count"', 'key = "elder"'),),
        ((15, "a second field elder; the first is at line 8"), (5, "answer names {count}"), (31, "field names count")),
    ),
    (
        "word of two fields",
        (('label = "数量"', 'label = "老人"'),),
        ((16, "老人 is used twice as a word for a field"),),
    ),
    ("name twice", (('"代买药"', '"爱心送药"'),), ((3, "爱心送药 is used twice as a name"),)),
    ("unit of a person", (("personal = true", 'unit = "户"'),), ((12, 'unit with type "person"; expected type = "n'),)),
    ("no measure word", (('"盒", "瓶"', '"盒", "2瓶"'),), ((18, 'units holds "2瓶"; expected a list of measure'),)),
    ("min above max", (("min = 1", "min = 101"),), ((20, "max is 100, less than min 101; expected min <= max"),)),
    ("part of no field", (("max = 100", 'part_of = "all"'),), ((20, "part_of names all, which is no field"),)),
    ("part of a person", (("max = 100", 'part_of = "elder"'),), ((20, "part_of names elder of type person"),)),
    ("part of itself", (("max = 100", 'part_of = "count"'),), ((20, "count is part of itself"),)),
    (
        "choice without choices",
        (('choices = [["已送达", "送到"], "未送达"]', ""),),
        ((22, "type choice without choices; expected a list of words"),),
    ),
    ("choice twice", (('"未送达"', '"送到"'),), ((26, "送到 is used twice as a choice"),)),
    (
        "figure of no field",
        (('field = "count"', 'field = "counts"'),),
        ((31, "field names counts, which is no field"),),
    ),
    (
        "figure of a person",
        (('field = "count"', 'field = "elder"'),),
        ((31, "field elder is of type person; expected a"),),
    ),
    (
        "unknown measure",
        (('unit = "盒"\nf', 'measure = "mean"\nf'),),
        ((30, 'measure is "mean"; expected one of sum'),),
    ),
    (
        "unknown kind",
        (('answer = "已', 'kind = "duty"\nanswer = "已'),),
        ((5, 'kind is "duty"; expected one of work, s'),),
    ),
    (
        "unknown role",
        (('answer = "已', 'senders = ["boss"]\nanswer = "已'),),
        ((5, 'senders holds "boss"; expected a li'),),
    ),
    ("no string end", (('label = "老人"', 'label = "老人'),), ((9, "not TOML: "),)),
    ("no value", (("min = 1", "min ="),), ((19, "not TOML: "),)),
    ("key twice in a table", (("min = 1", 'key = "again"'),), ((19, "not TOML: "),)),
    ("table never closed", (("[[figures]]", "[[figures"),), ((28, "not TOML: "),)),
    (
        "several at once",
        (('"medicine"', '"Medicine"'), ('["elder"]', '["who"]'), ("min = 1", "minimum = 1"), ('"瓶"', "7")),
        (
            (1, 'name is "Medicine"; expected'),
            (4, "identity names who"),
            (18, "units holds 7"),
            (19, "unknown key minimum"),
        ),
    ),
)


def changed(changes: Changes) -> str:
    """The good file with its changes, each at one place."""
    text = GOOD
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text
