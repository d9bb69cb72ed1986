"""Prompts are files: frozen once published, and filled in completely or not at all."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

import pytest

from prompts import Prompt, PromptError, load_prompt, published

FROZEN = {
    "brief/v1": "5d12dba3dbe1b37087d9d7dad95e4f49c23990c8b946eb7b1375f769e50e4417",
    "extract/v1": "dd5e52139b2d3ae26da6b8e521c91cfd972e18f7d3d308dc92999e0b97b521fc",
    "extract/v2": "c6d339f854794cc7a15ea552e7504aa24093868ff67efcc7f12898f38899e229",
}
"""The published versions, once more outside the package: editing a prompt and its hash together fails here."""


@pytest.mark.parametrize("reference", sorted(FROZEN))
def test_a_published_prompt_never_changes(reference: str) -> None:
    assert load_prompt(reference).sha256 == FROZEN[reference]


def test_every_prompt_file_is_published_and_tested() -> None:
    assert published() == FROZEN
    root = files("prompts")
    names = {
        f"{folder.name}/{file.name.removesuffix('.md')}"
        for folder in root.iterdir()
        if folder.is_dir()
        for file in folder.iterdir()
        if file.name.endswith(".md")
    }
    assert names == set(FROZEN)


def test_the_id_names_version_and_hash() -> None:
    prompt = load_prompt("extract/v1")
    assert prompt.id == f"extract/v1@{FROZEN['extract/v1'][:12]}"
    assert hashlib.sha256(prompt.text.encode()).hexdigest() == prompt.sha256


@pytest.mark.parametrize(
    "reference", ["extract/v99", "extrct/v1", "extract", "../extract/v1", "extract/v01", ""]
)
def test_an_unknown_prompt_is_named_with_the_known_ones(reference: str) -> None:
    with pytest.raises(PromptError, match="known: brief/v1, extract/v1"):
        load_prompt(reference)


def test_a_draft_is_a_prompt_of_its_own_name_with_the_published_variables(tmp_path: Path) -> None:
    draft = tmp_path / "mine.md"
    draft.write_text(load_prompt("extract/v1").text + "Be brief.", encoding="utf-8")
    prompt = load_prompt(f"extract/draft:{draft}")
    assert prompt.id == f"extract/draft@{hashlib.sha256(draft.read_bytes()).hexdigest()[:12]}"
    assert prompt.text.endswith("Be brief.")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"Only $company.", "missing .attributes"),
        (b"$company costs $5", "dollar sign"),
        (b"\xff\xfe", "not UTF-8"),
        (b"x" * 100_001, "at most 100,000"),
        (None, "no draft at"),
    ],
)
def test_a_draft_that_cannot_be_used_says_why(tmp_path: Path, content: bytes | None, said: str) -> None:
    draft = tmp_path / "mine.md"
    if content is not None:
        draft.write_bytes(content)
    with pytest.raises(PromptError, match=said):
        load_prompt(f"extract/draft:{draft}")
    with pytest.raises(PromptError, match="no prompt named 'extrct'"):
        load_prompt(f"extrct/draft:{draft}")


def test_rendering_refuses_missing_and_extra_variables() -> None:
    prompt = Prompt("demo", 1, "0" * 64, "Look at $company, in $$ and $place.")
    assert prompt.render(company="$place", place="here") == "Look at $place, in $ and here."
    with pytest.raises(PromptError, match="missing place"):
        prompt.render(company="x")
    with pytest.raises(PromptError, match="not in the text: colour"):
        prompt.render(company="x", place="y", colour="red")
