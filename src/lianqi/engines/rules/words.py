"""The words of the language: one meaning, a plain and a Chinese spelling."""

from fractions import Fraction

from lianqi.engines.rules.units import UNITS

# Functions by their plain name; the Chinese one is what `rendering` writes.
FUNCTIONS = {
    "min": "取小",
    "max": "取大",
    "floor": "取整",
    "tier": "分档",
    "slices": "超额累进",
    "count": "计数",
    "total": "合计",
    "at_least": "满足至少",
    "has": "含",
    "has_all": "均含",
    "startswith": "开头为",
    "judge": "人工判断",
    "date": "日期",
    "years_before": "前移年",
    "years_after": "后移年",
    "months_before": "前移月",
    "months_after": "后移月",
    "days_before": "前移日",
    "days_after": "后移日",
    "shifted": "移动日期",
    "days_between": "间隔天数",
    "months_between": "间隔月数",
    "each_year": "逐年",
    "any_year": "任一年",
    "sum_years": "多年合计",
    "average_years": "多年平均",
}
PLAIN_FUNCTIONS = {chinese: plain for plain, chinese in FUNCTIONS.items()} | {"全含": "has_all"}

# The day asked about, and what is always so or never.
CONSTANTS = {"as_of": "询问日", "True": "真", "False": "假"}
PLAIN_CONSTANTS = {chinese: plain for plain, chinese in CONSTANTS.items()} | {
    "true": "True",
    "false": "False",
}

# Words between or before operands. "含" and "以…开头" become signs that nobody can type.
HAS_SIGN, HAS_NOT_SIGN = ">>", "<<"
PREFIX_SIGN, NO_PREFIX_SIGN = "@", "%"
OPERATORS = {
    "且": "and",
    "并且": "and",
    "而且": "and",
    "或": "or",
    "或者": "or",
    "非": "not",
    "不是": "not",
    "属于": "in",
    "不属于": "not in",
    "不低于": ">=",
    "不少于": ">=",
    "不小于": ">=",
    "不早于": ">=",
    "达到": ">=",
    "至少": ">=",
    "超过": ">",
    "高于": ">",
    "大于": ">",
    "多于": ">",
    "晚于": ">",
    "不超过": "<=",
    "不高于": "<=",
    "不大于": "<=",
    "不多于": "<=",
    "不晚于": "<=",
    "至多": "<=",
    "低于": "<",
    "不足": "<",
    "小于": "<",
    "少于": "<",
    "不满": "<",
    "早于": "<",
    "等于": "==",
    "为": "==",
    "不等于": "!=",
    "不为": "!=",
    "含": HAS_SIGN,
    "包含": HAS_SIGN,
    "不含": HAS_NOT_SIGN,
    "不包含": HAS_NOT_SIGN,
    "以": PREFIX_SIGN,
    "不以": NO_PREFIX_SIGN,
    "开头": "",
}
BRANCHES = {"若": "if", "如果": "if", "则": "then", "那么": "then", "否则": "else"}
KEYWORDS = OPERATORS | BRANCHES
LONGEST_KEYWORD = max(map(len, KEYWORDS))

# Signs as they may be typed; the plain ones stand for themselves.
SIGNS = {
    "≥": ">=",
    "≧": ">=",
    "⩾": ">=",
    "≤": "<=",
    "≦": "<=",
    "⩽": "<=",
    "≠": "!=",
    "＞": ">",
    "＜": "<",
    "＝": "==",
    "＞＝": ">=",
    "＜＝": "<=",
    "＝＝": "==",
    "！＝": "!=",
    ">＝": ">=",
    "＞=": ">=",
    "<＝": "<=",
    "＜=": "<=",
    "!＝": "!=",
    "！=": "!=",
    "×": "*",
    "＊": "*",
    "÷": "/",
    "／": "/",
    "＋": "+",
    "－": "-",
    "−": "-",
    "（": "(",
    "）": ")",
    "［": "[",
    "］": "]",
    "【": "[",
    "】": "]",
    "，": ",",
    "、": ",",
} | {
    each: each
    for each in (">=", "<=", "==", "!=", ">", "<", "+", "-", "*", "/", "(", ")", "[", "]", ",")
}
# What opens a text, and what closes it; the directed ones may hold themselves.
QUOTES = {"'": "'", '"': '"', "“": "”", "‘": "’", "「": "」", "『": "』", "＂": "＂", "＇": "＇"}

MULTIPLIERS = {
    "百": 10**2,
    "千": 10**3,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "十亿": 10**9,
    "百亿": 10**10,
    "千亿": 10**11,
    "万亿": 10**12,
}
SHARES = {"%": Fraction(1, 100), "％": Fraction(1, 100), "‰": Fraction(1, 1000)}
SYMBOLS = sorted((each for each in UNITS if each and each not in SHARES), key=len, reverse=True)

# 近三年合计(…): how many years, and the function.
NUMERALS = {each: number for number, each in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
RECENT_YEARS = {
    "每年": "each_year",
    "每一年": "each_year",
    "任一年": "any_year",
    "任意一年": "any_year",
    "合计": "sum_years",
    "累计": "sum_years",
    "平均": "average_years",
    "年均": "average_years",
}

# Words in square brackets behind a fact: grain ("" for any) and how many periods back.
PERIOD_WORDS = {
    "本年": ("year", 0),
    "今年": ("year", 0),
    "当年": ("year", 0),
    "本年度": ("year", 0),
    "上年": ("year", 1),
    "去年": ("year", 1),
    "上一年": ("year", 1),
    "上年度": ("year", 1),
    "上一年度": ("year", 1),
    "前年": ("year", 2),
    "大前年": ("year", 3),
    "本半年": ("half", 0),
    "上个半年": ("half", 1),
    "本季度": ("quarter", 0),
    "上季度": ("quarter", 1),
    "本月": ("month", 0),
    "上月": ("month", 1),
    "本期": ("", 0),
    "当期": ("", 0),
    "上期": ("", 1),
}
GRAIN_LABELS = {"year": "年", "half": "半年", "quarter": "季度", "month": "月"}
