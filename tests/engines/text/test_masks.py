from collections.abc import Callable

import pytest

from lianqi.engines.text import (
    mask_address,
    mask_bank_account,
    mask_email,
    mask_identity_number,
    mask_mobile,
    mask_name,
)


@pytest.mark.parametrize(
    ("mask", "text", "expected"),
    [
        (mask_name, "张三", "张*"),
        (mask_name, "张三丰", "张*"),
        (mask_name, "张", "*"),
        (mask_name, "", ""),
        (mask_mobile, "13800001234", "138****1234"),
        (mask_mobile, "138 0000 1234", "138****1234"),
        (mask_mobile, "0591-87651234", "059****1234"),
        (mask_mobile, "1234567", "*******"),
        (mask_mobile, "", ""),
        (mask_identity_number, "35010019900101123X", "350***********123X"),
        (mask_identity_number, "350123", "******"),
        (mask_bank_account, "6222020200001234567", "****4567"),
        (mask_bank_account, "1234", "****"),
        (mask_bank_account, "", ""),
        (mask_email, "zhang@example.com", "z***@example.com"),
        (mask_email, "z@example.com", "***@example.com"),
        (mask_email, "zhang", "***"),
        (mask_email, "", ""),
        (mask_address, "福州市鼓楼区五四路128号3层", "福州市鼓楼区五四路***"),
        (mask_address, "鼓楼区温泉街道五四路128号", "鼓楼区温泉街道***"),
        (mask_address, "闽侯县1号", "闽侯县***"),
        (mask_address, "五四路", "五四路"),
        (mask_address, "某处1号", "***"),
        (mask_address, "", ""),
    ],
)
def test_masks(mask: Callable[[str], str], text: str, expected: object) -> None:
    assert mask(text) == expected
