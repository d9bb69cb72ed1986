"""Write proposed weights into a profile's own text: comments, order and everything else stay as they are."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

import yaml

from agent.errors import ICPError, InputError
from agent.icp import parse_icp
from agent.icp.model import DIMENSIONS, ICP
from agent.revops.refine import Refinement

_LEAST = Decimal("0.1")
"""The weight of what is proposed to count for nothing: a profile holds no weight of 0."""


class _Edit(NamedTuple):
    """What stands between two places of the text from now on."""

    start: int
    end: int
    text: str


def refined_yaml(text: str, icp: ICP, result: Refinement) -> str:
    """Return the profile's text with the proposed weights, its next version number, and the figures on top.

    Each weight becomes the points it is worth, each dimension's share their sum. Text into which that
    cannot be written (weights behind anchors) is an `InputError`.
    """
    text = text.removeprefix("\ufeff")
    weights = {one.id: max(_LEAST, Decimal(str(one.proposed))) for one in result.proposals}
    shares = _shares(icp, weights)
    written = ", ".join(f"{name}: {share}" for name, share in shares.items())
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(root, yaml.MappingNode):
        raise TypeError("a profile that loads is a mapping")
    edits = _weight_edits(root, weights)
    edits.append(_root_edit(root, "version", str(icp.version + 1)))
    edits.append(_root_edit(root, "dimensions", f"{{{written}}}"))
    edits.sort()
    for edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    draft = _figures(result) + text
    if not _as_meant(icp, draft, weights, shares):
        raise InputError(
            f"cannot write the weights into the profile {icp.name!r}: they stand behind anchors or aliases; "
            "write the values out first"
        )
    return draft


def _shares(icp: ICP, weights: dict[str, Decimal]) -> dict[str, Decimal]:
    """Return each dimension's share of 100 with two decimals; what rounding leaves goes to the largest."""
    sums = dict.fromkeys(DIMENSIONS, Decimal(0))
    for criterion in icp.criteria:
        sums[icp.pool_of(criterion.dimension)] += weights[criterion.id]
    total = sum(sums.values())
    shares = {
        str(name): (part * 100 / total).quantize(Decimal("0.01")) for name, part in sums.items() if part
    }
    shares[max(shares, key=lambda name: shares[name])] += 100 - sum(shares.values())
    return shares


def _weight_edits(root: yaml.MappingNode, weights: dict[str, Decimal]) -> list[_Edit]:
    edits = []
    criteria = next(value for key, value in root.value if key.value == "criteria")
    for item in criteria.value:
        keys = {key.value: (key, value) for key, value in item.value}
        id_key, id_value = keys["id"]
        weight = f"{weights[id_value.value]}"
        if "weight" in keys:
            value = keys["weight"][1]
            edits.append(_Edit(value.start_mark.index, value.end_mark.index, weight))
            continue
        gap = ", " if item.flow_style else "\n" + " " * id_key.start_mark.column
        end = id_value.end_mark.index
        edits.append(_Edit(end, end, f"{gap}weight: {weight}"))
    return edits


def _root_edit(root: yaml.MappingNode, name: str, written: str) -> _Edit:
    """Return the edit that gives a key of the profile a value, before `criteria` when it has none yet."""
    for key, value in root.value:
        if key.value == name:
            # A block mapping ends where the next key begins; its last value ends before the comments there.
            block = isinstance(value, yaml.MappingNode) and not value.flow_style
            last = value.value[-1][1] if block else value
            return _Edit(key.end_mark.index, last.end_mark.index, f": {written}")
        if key.value == "criteria":
            before = key.start_mark.index
    return _Edit(before, before, f"{name}: {written}{', ' if root.flow_style else chr(10)}")


def _figures(result: Refinement) -> str:
    lines = [
        f"# Weights proposed by `dossier icp refine` from {result.deals} deals: AUC {result.auc_today:.3f} with the old",
        f"# weights, {result.auc_proposed:.3f} with these, on deals not seen; gain {result.gain:+.3f} "
        f"({result.gain_low:+.3f} to {result.gain_high:+.3f}, 95 %).",
    ]
    for one in result.proposals:
        remark = f"; {one.remark}" if one.remark else ""
        lines.append(f"#   {one.id}: {one.today:.1f} → {one.proposed:.1f} points{remark}")
    return "\n".join(lines) + "\n"


def _as_meant(icp: ICP, draft: str, weights: dict[str, Decimal], shares: dict[str, Decimal]) -> bool:
    """Tell whether the draft is the profile with exactly the new weights, shares and version."""
    try:
        new = parse_icp(draft, "draft")
    except ICPError:
        return False
    meant = {share.dimension: share.share for share in new.dimensions}
    same = new.model_copy(
        update={
            "version": icp.version,
            "dimensions": icp.dimensions,
            "default_dimensions": icp.default_dimensions,
            "criteria": icp.criteria,
        }
    )
    return (
        same == icp
        and meant == shares
        and new.criteria == tuple(one.model_copy(update={"weight": weights[one.id]}) for one in icp.criteria)
    )
