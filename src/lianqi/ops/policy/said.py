"""What `lianqi policy match` says beside its results, in both languages."""

from collections.abc import Mapping

from lianqi.engines.tables import TableProblem

HEADS: Mapping[str, tuple[str, ...]] = {
    "en": ("measure", "met", "open", "review", "unmet", "n/a", "sum (yuan)"),
    "zh": ("措施", "符合", "待补充", "需判断", "不符合", "不适用", "金额合计（元）"),
}
MORE_HEADS: Mapping[str, tuple[str, ...]] = {
    "en": ("one missing", "nearly"),
    "zh": ("只缺一项", "差一步"),
}
_SAID: Mapping[str, Mapping[str, str]] = {
    "reading": {"en": "reading", "zh": "读取"},
    "matching": {"en": "matching", "zh": "匹配"},
    "joint": {"en": "{one} and {other}", "zh": "{one}、{other}"},
    "measures": {
        "en": "{count} measures on {day}: {out}",
        "zh": "{day}措施{count}项：{out}",
    },
    "done": {
        "en": "{rows} enterprises, {count} measures on {day}: {out}",
        "zh": "{day}企业{rows}家，措施{count}项：{out}",
    },
    "clash": {
        "en": "{pack} and {other} state the fact {key} differently: rename it in one",
        "zh": "{pack}与{other}对事实{key}的规定不同，请在其中一个规则包中改名。",
    },
    "more_mistakes": {
        "en": "{file}: and {count} more mistakes.",
        "zh": "{file}：另有{count}处错误。",
    },
    "nothing_read": {
        "en": "{file}: no column names a fact that a rule reads: all stays open.",
        "zh": "{file}：没有规则用到的列，结果均为待补充信息。",
    },
    "unread": {
        "en": "{file}: facts that no rule in force reads: {columns}",
        "zh": "{file}：现行规则未用到的列：{columns}",
    },
    "ignored": {
        "en": "{file}: columns that are no facts are left out: {columns}",
        "zh": "{file}：不是事实的列已略去：{columns}",
    },
    "near": {"en": "{name} (did you mean {near}?)", "zh": "{name}（是否应为{near}？）"},
    "meant": {
        "en": "{file}: column {column} is not read: in Parquet it is called {slot}",
        "zh": "{file}：列{column}未读取，在Parquet中应写作{slot}",
    },
    "column": {"en": "{file}: column {wrong}", "zh": "{file}：列{wrong}"},
    "sheet_full": {
        "en": "{file}: sheet {sheet} is full, {count} rows are left out: write .csv or .parquet",
        "zh": "{file}：工作表“{sheet}”已满，{count}行未列出，请改用.csv或.parquet",
    },
    "others": {
        "en": "{count} measures are not told of one enterprise alone "
        "(ranks; for projects, persons, loans): see lianqi policy explain.",
        "zh": "另有{count}项措施不能只凭一家企业测算（按名次，或针对项目、人员、贷款），"
        "请用 lianqi policy explain 查看。",
    },
    "no_measure": {
        "en": "No measure for enterprises is in force on {day} in these packs.",
        "zh": "这些规则包在{day}没有面向企业的有效措施。",
    },
    "no_applicant": {
        "en": "{file}: {why}; name the column with --applicant.",
        "zh": "{file}：{why}请用--applicant指明该列。",
    },
    "unreadable": {"en": "{file} cannot be read: {why}.", "zh": "{file}无法读取：{why}。"},
}
_PROBLEMS: Mapping[TableProblem, Mapping[str, str]] = {
    TableProblem.TOO_LARGE: {
        "en": "it holds more {what} than the {limit} that can be read; use Parquet",
        "zh": "{what}超过可读取的{limit}，请改用Parquet",
    },
    TableProblem.ZIP_BOMB: {
        "en": "it unpacks to far more than it should; it is not opened",
        "zh": "解压后远超正常大小，未予打开",
    },
    TableProblem.NOT_A_SPREADSHEET: {
        "en": "it is no table, rather: {kind}; save it as .xlsx or .csv",
        "zh": "不是表格（{kind}），请另存为.xlsx或.csv",
    },
    TableProblem.OLD_XLS: {
        "en": "it is an old .xls workbook; save it as .xlsx",
        "zh": "是旧版.xls工作簿，请另存为.xlsx",
    },
    TableProblem.EMPTY_SHEET: {"en": "it holds nothing", "zh": "没有内容"},
    TableProblem.NO_HEADER: {
        "en": "no row of sheet {sheet} looks like a heading",
        "zh": "工作表“{sheet}”中没有标题行",
    },
    TableProblem.ENCRYPTED: {
        "en": "it is protected by a password; save it without",
        "zh": "设有密码，请去掉密码后保存",
    },
    TableProblem.BROKEN: {"en": "it is broken ({detail})", "zh": "文件已损坏（{detail}）"},
}
_SIZES = {"bytes": "字节数", "rows": "行数", "columns": "列数"}


def said(key: str, language: str, /, **params: object) -> str:
    """A sentence in a language, "en" or "zh"."""
    return _SAID[key][language].format(**params)


def why_unreadable(problem: TableProblem, params: Mapping[str, str | int], language: str) -> str:
    """Why a file is no table, as a part of a sentence."""
    given = dict(params)
    if language == "zh" and "what" in given:
        given["what"] = _SIZES.get(str(given["what"]), str(given["what"]))
    return _PROBLEMS[problem][language].format(**given)
