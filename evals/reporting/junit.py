"""Results as JUnit XML: one test a gate and one an account, for whatever shows test results."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from evals.results import RunResults

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render_junit(results: RunResults) -> str:
    """Return the XML. A red gate is a failure, a gate without a figure is skipped, a crash is an error."""
    gates = ElementTree.Element("testsuite", name="dossier-eval gates", tests=str(len(results.gates)))
    for gate in results.gates:
        test = ElementTree.SubElement(
            gates, "testcase", classname=f"dossier-eval.{gate.kind}", name=_clean(gate.name)
        )
        if gate.state == "fail":
            ElementTree.SubElement(test, "failure", message=_clean(gate.detail))
        elif gate.state == "unknown":
            ElementTree.SubElement(test, "skipped", message=_clean(gate.detail))
    gates.set("failures", str(sum(gate.state == "fail" for gate in results.gates)))
    gates.set("skipped", str(sum(gate.state == "unknown" for gate in results.gates)))
    cases = ElementTree.Element("testsuite", name="dossier-eval accounts", tests=str(len(results.cases)))
    for case in results.cases:
        test = ElementTree.SubElement(
            cases,
            "testcase",
            classname="dossier-eval.account",
            name=_clean(case.domain),
            time=f"{sum(case.seconds):.3f}",
        )
        if case.error:
            ElementTree.SubElement(test, "error", message=_clean(case.error))
    cases.set("errors", str(sum(bool(case.error) for case in results.cases)))
    root = ElementTree.Element("testsuites")
    root.extend([gates, cases])
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _clean(text: str) -> str:
    """Return a text without characters that XML cannot hold."""
    return _FORBIDDEN.sub("\ufffd", text)


def write_junit(path: Path, results: RunResults) -> None:
    """Write the XML to a file."""
    path.write_text(render_junit(results), encoding="utf-8")
