"""Proposed weights written into a profile's own text."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from agent.cli import main
from agent.errors import InputError
from agent.icp import parse_icp
from agent.icp.draft import template_names, template_text
from agent.revops.refine import Proposal, Refinement
from agent.revops.refined_yaml import refined_yaml
from agent.scoring.compiled import compile_icp

PLAIN = """
icp: plain
criteria:
  - {id: size, attribute: employee_count, ideal: [100, 1000], weight: 2}   # the usual size
  - {id: crm, attribute: technology, any_of: [Salesforce]}
"""
BLOCK = """\
# kept
icp: block
version: 4
review_by: 2026-08-01
dimensions:
  firmographic: 70   # most of it
  behavioral: 30
criteria:
  - attribute: employee_count
    id: size
    ideal: [100, 1000]
  # how they work
  - id: "crm"
    weight: 3   # three
    attribute: technology
    any_of: [Salesforce]
exclude: []
"""
FLOW = "{icp: flow, criteria: [{id: size, attribute: employee_count, ideal: [1, 9]}, {id: crm, attribute: api_offered}]}"


def result(*proposals: tuple[str, float]) -> Refinement:
    rows = tuple(
        Proposal(name, 50.0, points, "" if points else "reconsider it") for name, points in proposals
    )
    return Refinement(rows, 0.61, 0.78, 0.17, 0.05, 0.29, 120)


@pytest.mark.parametrize("text", [PLAIN, BLOCK, FLOW, "\ufeff" + BLOCK, BLOCK.replace("\n", "\r\n")])
def test_the_draft_loads_and_pays_what_is_proposed(text: str) -> None:
    icp = parse_icp(text)
    draft = refined_yaml(text, icp, result(("size", 30.3), ("crm", 69.7)))
    new = parse_icp(draft)
    assert [one.max_points for one in compile_icp(new).criteria] == [30.3, 69.7]
    assert new.version == icp.version + 1
    assert [one.condition for one in new.criteria] == [one.condition for one in icp.criteria]
    assert "from 120 deals: AUC 0.610 with the old" in draft
    assert "#   size: 50.0 → 30.3 points" in draft


def test_comments_and_order_stay() -> None:
    draft = refined_yaml(BLOCK, parse_icp(BLOCK), result(("size", 40.0), ("crm", 60.0)))
    for kept in ("# kept", "# how they work", "# three", "review_by: 2026-08-01", "exclude: []"):
        assert kept in draft
    assert (
        refined_yaml(PLAIN, parse_icp(PLAIN), result(("size", 40.0), ("crm", 60.0))).count("the usual size")
        == 1
    )


def test_what_counts_for_nothing_keeps_a_trace_and_a_remark() -> None:
    draft = refined_yaml(PLAIN, parse_icp(PLAIN), result(("size", 0.0), ("crm", 100.0)))
    assert "#   size: 50.0 → 0.0 points; reconsider it" in draft
    assert [str(one.weight) for one in parse_icp(draft).criteria] == ["0.1", "100"]


@pytest.mark.parametrize("name", template_names())
def test_every_template_can_be_refined(name: str) -> None:
    icp = parse_icp(template_text(name))
    points = [round(100 / len(icp.criteria), 1)] * len(icp.criteria)
    proposed = result(*((one.id, worth) for one, worth in zip(icp.criteria, points, strict=True)))
    new = parse_icp(refined_yaml(template_text(name), icp, proposed))
    for one in compile_icp(new).criteria:
        assert one.max_points == pytest.approx(points[0], abs=0.15)


def test_weights_behind_an_anchor_are_refused() -> None:
    shared = PLAIN.replace("weight: 2", "weight: &w 2").replace("[Salesforce]", "[Salesforce], weight: *w")
    with pytest.raises(InputError, match="they stand behind anchors or aliases; write the values out first"):
        refined_yaml(shared, parse_icp(shared), result(("size", 40.0), ("crm", 60.0)))


def test_refine_writes_a_draft_once_and_only_for_a_gain(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    (tmp_path / "icp.yaml").write_text(PLAIN.replace("weight: 2", "weight: 20"))
    # Who won says nothing by size and everything by CRM; the profile weighs it the other way round.
    for name, telling in (("told", True), ("noise", False)):
        with (tmp_path / f"{name}.csv").open("w", newline="") as stream:
            rows = csv.writer(stream)
            rows.writerow(["domain", "outcome", "date", "employee_count", "technology"])
            for at in range(120):
                crm = at % 2 if telling else at // 2 % 2
                size = 300 if at // 3 % 2 else 9
                product = "Salesforce" if crm else "HubSpot"
                row = [f"c{at}.example", "won" if at % 2 else "lost", "2026-05-10", size, product]
                rows.writerow(row)
    draft = tmp_path / "draft.yaml"
    order = ["icp", "refine", str(tmp_path / "icp.yaml"), "--out", str(draft), "--deals"]
    assert main([*order, str(tmp_path / "noise.csv")]) == 0
    assert "nothing was written" in capsys.readouterr().out
    assert not draft.exists()
    assert main([*order, str(tmp_path / "told.csv")]) == 0
    worth = {one.id: one.max_points for one in compile_icp(parse_icp(draft.read_text())).criteria}
    assert worth["crm"] > worth["size"]
    assert main([*order, str(tmp_path / "told.csv")]) == 2
    assert "never overwritten" in capsys.readouterr().err
