"""Runs the semantic layer alone: `run_stateful.py URL API SEED FOLDER` prints its results as JSON."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from procwise_conformance import APIS, Plan, stateful
from procwise_conformance.api import Credentials
from procwise_conformance.context import build_context
from procwise_conformance.run.run import run_item


def main(url: str, api: str, seed: str, folder: str) -> None:
    plan = Plan(
        api=APIS[api],
        url=url,
        seed=int(seed),
        credentials=user("PROCWISE_TOKEN", "PROCWISE_SECRET_KEY"),
        second=user("SECOND_TOKEN", "SECOND_SECRET"),
    )
    context = build_context(plan, Path(folder))
    results = [asdict(result) for item in stateful.work_items(plan) for result in run_item(item, context)]
    left = list(context.objects.remove_all())
    json.dump({"results": results, "left": left, "catalogue": [check.id for check in stateful.catalogue()]}, sys.stdout)


def user(token: str, secret_key: str) -> Credentials:
    return Credentials(token=os.environ[token], secret_key=os.environ[secret_key])


if __name__ == "__main__":
    main(*sys.argv[1:])
