"""Collections for Postman and Bruno, whose requests sign themselves with the evaluator of the docs site."""

from __future__ import annotations

import json
from collections.abc import Iterator

from generator.ir import Api
from generator.layers.docs.collections.bruno import bruno_collection
from generator.layers.docs.collections.postman import postman_collection
from generator.layers.docs.page_paths import Place

FOLDER = "collections"


def collections(api: Api, found: tuple[Place, ...]) -> Iterator[tuple[str, str]]:
    """The files of a version's collections: their paths below the reference, and their texts."""
    postman = json.dumps(postman_collection(api, found), indent=1, ensure_ascii=False)
    yield f"{FOLDER}/{api.name}.postman_collection.json", f"{postman}\n"
    for path, text in bruno_collection(api, found):
        yield f"{FOLDER}/bruno-{api.name}/{path}", text
