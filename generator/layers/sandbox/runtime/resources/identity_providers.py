"""Identity providers: the single sign-on services of the environment, which all institutes share."""

from __future__ import annotations

from typing import ClassVar

from .crud import Crud


class IdentityProviders(Crud):
    """Every user sees all of them."""

    common: ClassVar[bool] = True
