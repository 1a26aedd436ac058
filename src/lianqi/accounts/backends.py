"""Where `user.has_perm("demands.answer", demand)` finds its answer: the tables of all apps."""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.core.exceptions import PermissionDenied
from django.utils.module_loading import module_has_submodule

from lianqi.engines.access import Rule


@cache
def permission_table() -> dict[str, Rule[Any, Any]]:
    """All PERMISSIONS dictionaries of the installed apps in one, made once: every page asks often.

    Raises:
        ValueError: Two apps define the same name.
    """
    table: dict[str, Rule[Any, Any]] = {}
    for config in apps.get_app_configs():
        if config.name.startswith("lianqi.") and module_has_submodule(config.module, "permissions"):
            permissions = import_module(f"{config.name}.permissions").PERMISSIONS
            if clash := table.keys() & permissions.keys():
                raise ValueError(f"permission defined twice: {sorted(clash)}")
            table |= permissions
    return table


@cache
def _labels() -> frozenset[str]:
    return frozenset(name.split(".")[0] for name in permission_table())


class TableBackend(ModelBackend):
    """Asks the rule of that name. An unknown name of ours raises: a typo is not a polite no.

    A no is final: the backends behind this one, which only know Django's own permissions, are not
    asked (two queries saved), and nothing outside the tables can turn it into a yes.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if perm.split(".", maxsplit=1)[0] not in _labels():
            return False
        test = permission_table()[perm]
        if user_obj.is_active and not user_obj.is_anonymous and test(user_obj, obj):
            return True
        raise PermissionDenied
