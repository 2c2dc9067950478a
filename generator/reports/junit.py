"""For a CI server: a test for each change, which fails where callers break."""

from __future__ import annotations

from xml.etree import ElementTree  # only written here; nothing foreign is parsed

from generator.diff import Difference, Group, Severity
from generator.reports.wording import reach, title, verdict, where
from generator.templates import comment


def junit(differences: tuple[Difference, ...]) -> str:
    """The report."""
    root = ElementTree.Element("testsuites", name="procwise-toolkit diff")
    for difference in differences:
        _suite(root, difference)
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="unicode", xml_declaration=True)


def _suite(root: ElementTree.Element, difference: Difference) -> None:
    groups = difference.groups
    failures = sum(group.severity is Severity.BREAKING for group in groups)
    counts = {"tests": str(len(groups)), "failures": str(failures), "errors": "0", "skipped": "0"}
    suite = ElementTree.SubElement(root, "testsuite", counts, name=comment(difference.api))
    properties = ElementTree.SubElement(suite, "properties")
    texts = {"verdict": verdict(difference), "not compared": difference.unbuilt}
    for name, value in texts.items():
        ElementTree.SubElement(properties, "property", name=name, value=comment(value))
    for group in groups:
        _case(suite, difference.api, group)


def _case(suite: ElementTree.Element, api: str, group: Group) -> None:
    named = {"classname": f"{comment(api)}.{group.vocabulary}", "name": comment(title(group))}
    case = ElementTree.SubElement(suite, "testcase", named, time="0")
    lines = [comment(reach(group)), *(comment(f"{where(spot)} ({spot.file}:{spot.line})") for spot in group.spots)]
    if group.severity is Severity.BREAKING:
        failure = ElementTree.SubElement(case, "failure", message=comment(group.sentence), type=group.rules[0])
        failure.text = "\n".join(lines)
    else:
        ElementTree.SubElement(case, "system-out").text = "\n".join(lines)
