r"""Raw chat text → the text that every reader works on.

The forms that come out, so that no reader has to know the others:

- digits, letters and `, ; : ! ? ( ) [ ] / + @ % #` are half-width (NFKC); `。 、 「」 【】 《》 “”` stay as they are;
- every dash (`— – － ─ …`) is `-`, every wave (`～ 〜 ∼`) is `~`, the ratio sign is `:`, every middle dot is `·`;
- circled entry markers (`①`, `❶`, keycaps) are `①`…`⑳`; `℃` stays one character;
- a run of any Unicode spaces is one space, none at the ends of lines; tabs stay; line ends are
  `\n`, at most two in a row;
- emoji are a space, zero-width and control characters are gone, WeChat's face codes (`[强]`) too;
- a line break inside a word, a time, a date, a number or before its measure word is gone;
  between records and labels it stays.
"""

import re
import unicodedata
from functools import lru_cache

from handlers.language.expressions import expression
from handlers.language.light import light
from handlers.language.line_breaks import join_broken_lines
from handlers.language.quotes import strip_quotes

_ROUNDS = 8
"""Removing one thing may lay another bare (`@小站> …`); nested deeper than this nobody writes."""

_KEPT = expression("[①-⑳℃℉…]+")
_CIRCLED = expression("([0-9])\ufe0f?\u20e3|([❶-❿➀-➓🔟])")
_FACES = expression(
    r"\[(?:强|弱|抱拳|微笑|玫瑰|OK|鼓掌|加油|合十|握手|爱心|太阳|月亮|咖啡|呲牙|偷笑|捂脸|笑哭|胜利|拥抱|愉快|憨笑|可怜|流泪|大哭"
    r"|奋斗|敬礼|社会社会|口罩|红包|庆祝|礼物|嘿哈|耶|让我看看|叹气|苦涩|裂开|吃瓜|汗|囧|色|调皮|害羞|发呆|得意|撇嘴|再见|疑问|强壮)\]"
)
_EMOJI = expression(
    "(?:[\u231a\u231b\u23e9-\u23fa\u2600-\u2767\u2794-\u27bf\u2b00-\u2bff\u303d\u3297\u3299\U0001f000-\U0001faff]"
    "[\ufe0e\ufe0f\u200d\u20e3\U000e0020-\U000e007f]*)+"
)
_INVISIBLE = expression(
    "[\x00-\x08\x0e-\x1e\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff]+"
)
_NEEDS_CARE = expression(
    "[\x00-\x08\x0b-\x1f\x7f-\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u1680\u180b-\u180f\u2000-\u2bff\u303d\u3164\u3297\u3299"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001f000-\U000e0fff]"
)
_ONE_FORM = str.maketrans(
    dict.fromkeys("—–―−‒‐‑─━﹣", "-")
    | dict.fromkeys("〜∼˜", "~")
    | dict.fromkeys("∶︰꞉", ":")
    | dict.fromkeys("・‧∙⋅•", "·")
    | dict.fromkeys("〖", "【")
    | dict.fromkeys("〗", "】")
    | dict.fromkeys("➡➔➜", "→")
    | dict.fromkeys("\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029", "\n")
    | {"℉": "°F", "…": "..."}
)
_ARROWS = expression("[➡➔➜]")
_SPACES = expression(r"\s(?:\s+|(?<![ \n\t]))")
"""A run of spaces, or one that is neither plain nor a tab nor a line end."""
_BLANK_LINES = expression(r"\n{3,}")
_EDGES = " \n,;:、。"
_MENTION_END = "\x1f"
"""Stands for U+2005, which clients put after a mention and nobody types: it tells where a name with spaces ends."""
_LEADING_MENTION = expression(rf"\s*@(?:([^@{_MENTION_END}\n]{{1,30}}){_MENTION_END}|([^\s@,;:]{{1,20}})(?=\s))")
_EVERYBODY = ("所有人", "全体成员", "all")
_LONGER_NAME = 4
"""A name that only starts like the bot's may be this much longer; beyond that, the rest is glued text."""


@light
class Normalised:
    """A text in the one form that readers work on, and what was taken out of it."""

    text: str
    addressed: bool = False
    """An @-mention of the bot stood outside the quoted parts."""
    quoted: tuple[str, ...] = ()
    """Quoted parts that were removed, in order."""
    mentions: tuple[str, ...] = ()
    """Other names that were mentioned at the start (removed) or that mean everybody."""


def normalise(text: str, bot_names: tuple[str, ...] = ("小站",)) -> Normalised:
    """Bring `text` into the one form of the module's description. Never fails; linear.

    Idempotent, but for the mark behind a mention (U+2005): it tells a longer name from the bot's and is not kept.
    """
    text = _tidy(_fold(text))
    quoted: list[str] = []
    mentions: list[str] = []
    addressed = False
    for _ in range(_ROUNDS):
        before = text
        text = strip_quotes(text, quoted)
        if "@" in text:
            text, found = _strip_mentions(text, bot_names, mentions)
            addressed |= found
        if "\n" in text:
            text = join_broken_lines(text)
        if text == before:
            break
        text = _tidy(text)
    if _MENTION_END in text:
        text = _tidy(text.replace(_MENTION_END, " "))
    return Normalised(text, addressed, tuple(quoted), tuple(mentions))


def _fold(text: str) -> str:
    """One character for one thing; what is no text goes."""
    if not text.isascii():
        text = _fold_wide(text)
    elif _INVISIBLE.search(text) is not None:
        text = _INVISIBLE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    return _FACES.sub(" ", text.translate(_ONE_FORM)) if _ODD.search(text) is not None else text


_ODD = expression(r"[^\w ,;:!?()/+@%#.\n、。「」【】《》<>=*&-]")


_WIDE = tuple((mark, unicodedata.normalize("NFKC", mark)) for mark in "，：！？；（）")
"""What most texts hold of what NFKC changes: where there is no more of it, these are quicker done alone."""


def _fold_wide(text: str) -> str:
    if _NEEDS_CARE.search(text) is not None:
        text = _clean(text.replace("\u2005", _MENTION_END))
    for wide, narrow in _WIDE:
        if wide in text:
            text = text.replace(wide, narrow)
    if unicodedata.is_normalized("NFKC", text):
        return text
    if _KEPT.search(text) is None:
        text = unicodedata.normalize("NFKC", text)
        return _clean(text) if _NEEDS_CARE.search(text) is not None else text
    pieces: list[str] = []
    end = 0
    for kept in _KEPT.finditer(text):
        pieces += (unicodedata.normalize("NFKC", text[end : kept.start()]), kept.group())
        end = kept.end()
    text = "".join(pieces) + unicodedata.normalize("NFKC", text[end:])
    return _clean(text) if _NEEDS_CARE.search(text) is not None else text


def _clean(text: str) -> str:
    """Markers to one form, emoji to spaces, what cannot be seen away; arrows among the emoji are kept as arrows."""
    text = _CIRCLED.sub(_circle, _ARROWS.sub("→", text))
    return _INVISIBLE.sub("", _EMOJI.sub(" ", text))


def _circle(match: re.Match[str]) -> str:
    """A keycap or a black circled number as ①…⑩; a keycap nought is a nought."""
    digit, other = match.groups()
    black = 10 if other == "🔟" else (ord(other or "❶") - 0x2776) % 10 + 1
    number = black if digit is None else int(digit)
    return chr(0x245F + number) if number else "0"


def _tidy(text: str) -> str:
    """Spaces: one at most, none at line ends; nothing but words at the edges."""
    if "  " in text or not text.isprintable():  # no space but the plain one is printable
        text = _SPACES.sub(_one_space, text)
        if "\n\n\n" in text:
            text = _BLANK_LINES.sub("\n\n", text)
    return text.rstrip(" \n").lstrip(_EDGES)


def _one_space(match: re.Match[str]) -> str:
    run = match.group()
    if "\n" in run or "\t" in run:
        return "".join([char for char in run if char in "\n\t"])
    return _MENTION_END if _MENTION_END in run else " "


@lru_cache(maxsize=64)
def _bot_mention(bot_names: tuple[str, ...]) -> re.Pattern[str]:
    """`@` and one of the names, the longest first; inner spaces of a name may be of any kind or missing."""
    names = sorted((unicodedata.normalize("NFKC", name).strip() for name in bot_names), key=len, reverse=True)
    spelled = [r"\s?".join(map(re.escape, name.split())) for name in (*names, *_EVERYBODY) if name]
    return re.compile(rf"@\s?({'|'.join(spelled)})(?:([^\s@]{{1,{_LONGER_NAME}}}){_MENTION_END})?", re.IGNORECASE)


def _strip_mentions(text: str, bot_names: tuple[str, ...], mentions: list[str]) -> tuple[str, bool]:
    """Take out mentions of the bot anywhere and of others at the start; tell whether the bot was among them."""
    addressed = False

    def drop(match: re.Match[str]) -> str:
        nonlocal addressed
        if match[2] is not None:
            return match.group()  # the client's own mark shows that the name goes on: somebody else
        if match[1].lower() in _EVERYBODY:
            mentions.append(match[1])
        else:
            addressed = True
        return " "

    text = _bot_mention(bot_names).sub(drop, text)
    start = 0
    while "@" in text and (other := _LEADING_MENTION.match(text, start)) is not None:
        mentions.append((other[1] or other[2]).strip())
        start = other.end()
    return text[start:], addressed
