"""Everything that writes free tests."""

from lianqi.freetests.actions.clocks import load_test_clocks
from lianqi.freetests.actions.institutes import (
    InstituteTerms,
    accredit,
    add_institute,
    change_institute,
    offer_test,
    withdraw_offer,
)
from lianqi.freetests.actions.ordering import cancel_order, place_order
from lianqi.freetests.actions.reading import record_export, record_report_download
from lianqi.freetests.actions.stating import specify_test, state_test, withdraw_test
from lianqi.freetests.actions.testing import (
    ItemResult,
    accept_order,
    decline_order,
    file_result,
    receive_samples,
)
from lianqi.freetests.actions.using import use_result

__all__ = [
    "InstituteTerms",
    "ItemResult",
    "accept_order",
    "accredit",
    "add_institute",
    "cancel_order",
    "change_institute",
    "decline_order",
    "file_result",
    "load_test_clocks",
    "offer_test",
    "place_order",
    "receive_samples",
    "record_export",
    "record_report_download",
    "specify_test",
    "state_test",
    "use_result",
    "withdraw_offer",
    "withdraw_test",
]
