"""The example request as programs that sign and send it with what each language brings along.

The page takes pairs of a label and a block of code, in the order of its tabs; how it shows them is its own matter.
"""

from __future__ import annotations

from collections.abc import Iterator

from generator.ir import Api, Operation
from generator.layers.docs.programs.curl import curl_request
from generator.layers.docs.programs.languages import LANGUAGES
from generator.layers.docs.programs.requests import can_sign, program_request
from generator.layers.docs.samples import Block, Sample
from generator.layers.docs.template_files import TEMPLATES


def programs(api: Api, operation: Operation, values: Sample) -> Iterator[tuple[str, Block]]:
    """The name of each language and the program; nothing where the signature is another than they make."""
    if not can_sign(api, operation, values):
        return
    yield "curl", Block("bash", TEMPLATES.render("programs/curl.j2", request=curl_request(api, operation, values)))
    for language in LANGUAGES:
        request = program_request(api, operation, values, language)
        yield language.label, Block(language.name, TEMPLATES.render(f"programs/{language.name}.j2", request=request))
