"""Chinese and Latin text as people type it: names, codes, amounts, dates, and what to hide."""

from lianqi.engines.text.amounts import (
    AmountError,
    AmountProblem,
    format_wan,
    parse_count,
    parse_number,
    parse_share,
    parse_yuan,
)
from lianqi.engines.text.articles import DividedArticle, divide_articles
from lianqi.engines.text.credit_code import (
    CodeProblem,
    CreditCode,
    CreditCodeError,
    check_credit_code,
    make_credit_code,
)
from lianqi.engines.text.dates import DateError, DateProblem, parse_date
from lianqi.engines.text.masking import (
    mask_address,
    mask_bank_account,
    mask_email,
    mask_identity_number,
    mask_mobile,
    mask_name,
)
from lianqi.engines.text.names import NameCore, name_core, similarity
from lianqi.engines.text.normal import compact, normalise, tidy
from lianqi.engines.text.phones import phone_digits
from lianqi.engines.text.search import (
    QueryTokens,
    bigrams,
    initials,
    query_tokens,
    search_tokens,
)

__all__ = [
    "AmountError",
    "AmountProblem",
    "CodeProblem",
    "CreditCode",
    "CreditCodeError",
    "DateError",
    "DateProblem",
    "DividedArticle",
    "NameCore",
    "QueryTokens",
    "bigrams",
    "check_credit_code",
    "compact",
    "divide_articles",
    "format_wan",
    "initials",
    "make_credit_code",
    "mask_address",
    "mask_bank_account",
    "mask_email",
    "mask_identity_number",
    "mask_mobile",
    "mask_name",
    "name_core",
    "normalise",
    "parse_count",
    "parse_date",
    "parse_number",
    "parse_share",
    "parse_yuan",
    "phone_digits",
    "query_tokens",
    "search_tokens",
    "similarity",
    "tidy",
]
