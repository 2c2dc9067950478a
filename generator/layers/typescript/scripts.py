"""The evaluator of signing schemes as one module: the shared scripts, in a function with an object of its own."""

from __future__ import annotations

from generator.ir import Project, thaw
from generator.javascript import DIGESTS, EVALUATOR, MD5, TEXTS, read_scripts
from generator.layers.typescript.service import request_scheme, write_json

_EXPORTS = ("procwiseBytes", "procwiseTexts", "procwiseRequest", "procwiseSigner", "procwiseNonces")


def write_evaluator(project: Project) -> str:
    """The module. MD5, which Web Crypto lacks, is only in it if a scheme asks for it."""
    schemes = [scheme for api in project.apis if (scheme := request_scheme(api))]
    asks_for_md5 = any("md5" in write_json(thaw(scheme.value)) for scheme in schemes)
    names = (*((MD5,) if asks_for_md5 else ()), *DIGESTS, *TEXTS, *EVALUATOR)
    return "\n".join(
        (
            "const scope = { crypto: globalThis.crypto, JS_MD5_NO_NODE_JS: true };",
            "((globalThis, window) => {",
            read_scripts(names),
            "})(scope, scope);",
            f"export const {{ {', '.join(_EXPORTS)} }} = scope;",
            "",
        )
    )
