"""Run by another Python, with a folder of vectors: imports all of the client, and signs.

Where there are no connections, in a browser's Python, the modules of those are named and left out.
"""

import importlib
import json
import pkgutil
import sys
from pathlib import Path

import procwise

NO_CONNECTIONS = {"httpx2_jsfetch"} if sys.platform == "emscripten" else set()


def import_modules() -> tuple[list[str], list[str]]:
    """The modules of the client that are imported, and those that wanted a connection."""
    names, left_out = [], []
    for module in pkgutil.walk_packages(procwise.__path__, "procwise."):
        if module.name.endswith("__main__"):
            continue
        try:
            importlib.import_module(module.name)
            names.append(module.name)
        except ModuleNotFoundError as missing:
            if missing.name not in NO_CONNECTIONS:
                raise
            left_out.append(module.name)
    return names, left_out


def sign_vectors(path: str) -> int:
    """The number of vectors, each of which all signers sign as it says."""
    from procwise import signing, v1, v3

    vectors = json.loads(Path(path).read_text("utf-8"))["vectors"]
    for vector in vectors:
        for signer in (signing, v1.signing, v3.signing):
            assert signer.base_string(vector["params"]) == vector["base_string"], vector["name"]
            assert signer.sign(vector["params"], vector["secret"]) == vector["signature"], vector["name"]
    return len(vectors)


names, left_out = import_modules()
print(json.dumps({"modules": len(names), "without": left_out, "vectors": sign_vectors(sys.argv[1])}))
