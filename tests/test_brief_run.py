"""The model's brief as part of a run: within its budget, in every report, recorded and replayed."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from scripted_llm import ScriptedLLM

from agent.errors import RecordingMiss
from agent.icp.load import load_icp
from agent.llm.api import LLM, CompletionRequest
from agent.llm.budget import Budget
from agent.llm.recordings import RecordingLLM
from agent.llm.session import BRIEF_PROMPT, TOKENS_BESIDE_A_BRIEF, LLMSession
from agent.models import AccountReport
from agent.report.contract import public_report
from agent.report.html import render_html
from agent.report.markdown import render_markdown
from agent.report.text import render_text
from agent.research import ResearchRequest, research_account
from agent.services import Services, completions_path
from agent.settings import Settings

DOMAIN = "halyard-logistics.example"
DEMO = files("agent.demo")


def answers(request: CompletionRequest) -> str:
    """Find nothing; of the brief, write one sentence that holds and one that does not."""
    if not request.prompt_id.startswith("brief/"):
        return json.dumps({"not_found": [], "items": [], "answers": []})
    found = re.search(r"^(F\d+) .*employs about 340", request.messages[1].content, re.MULTILINE)
    assert found is not None
    lines = [
        {"facts": [found[1]], "text": "Halyard employs about 340 people."},
        {"facts": [found[1]], "text": "Halyard is growing fast."},
    ]
    return json.dumps({"why_this_account": lines, "why_now": [], "who": [], "risks": [], "ask": []})


class WithModel(Services):
    """Services whose sessions ask a given model, in a budget of the test's own."""

    llm: LLM
    calls: int = 5

    @asynccontextmanager
    async def session(self, **_: Any) -> AsyncIterator[LLMSession | None]:
        yield LLMSession(
            llm=self.llm,
            model="m",
            budget=Budget(max_calls=self.calls),
            tokens_a_call=TOKENS_BESIDE_A_BRIEF,
            brief_prompt=BRIEF_PROMPT,
        )


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return Path(shutil.copy(str(DEMO / "demo.warc.gz"), tmp_path / "demo.warc.gz"))


def run(archive: Path, home: Path, llm: LLM | None, calls: int = 5) -> AccountReport:
    request = ResearchRequest(
        domain=DOMAIN,
        icps=(load_icp(str(DEMO / "icp.yaml")),),
        extractor="llm",
        model="m",
        archive=archive,
    )
    kind = WithModel if llm is not None else Services
    with kind.open(Settings(home=home)) as services:
        if isinstance(services, WithModel) and llm is not None:
            services.llm, services.calls = llm, calls
        return asyncio.run(research_account(request, services))


def fit(report: AccountReport) -> list[str]:
    return [s.text for s in report.brief if s.section == "why_this_account"]


def test_the_brief_is_written_counted_shown_recorded_and_replayed(archive: Path, tmp_path: Path) -> None:
    recorder = RecordingLLM(ScriptedLLM([answers]))
    report = run(archive, tmp_path / "one", recorder)
    assert fit(report) == ["Halyard employs about 340 people."]
    assert "1 sentence that went beyond the evidence dropped" in report.brief_note
    assert report.run.llm_calls == 2
    assert [prompt.partition("@")[0] for prompt in report.run.prompts] == ["extract/v2", "brief/v1"]
    html = render_html(report, lambda _: None)
    for rendered in (render_text(report), render_markdown(report), html):
        assert "Halyard employs about 340 people." in rendered
        assert "growing fast" not in rendered
        assert "the brief is by m" in rendered
    assert "brief" not in public_report(report)  # the contract names its keys

    recorder.save(completions_path(archive))
    replayed = run(archive, tmp_path / "two", None)
    assert replayed.brief == report.brief
    assert replayed.run.receipt == report.run.receipt

    # A recording without a brief is replayed without one; one of another brief is a miss.
    kept = json.loads(completions_path(archive).read_text())
    briefs = [k for k, v in kept["completions"].items() if v["request"]["prompt"].startswith("brief/")]
    whole = kept["completions"].pop(briefs[0])
    completions_path(archive).write_text(json.dumps(kept))
    older = run(archive, tmp_path / "three", None)
    assert older.brief_note == ""
    assert "It employs about 340 people." in fit(older)
    kept["completions"]["0" * 64] = whole
    completions_path(archive).write_text(json.dumps(kept))
    with pytest.raises(RecordingMiss, match="brief/v1"):
        run(archive, tmp_path / "four", None)


def test_a_spent_budget_leaves_the_brief_to_the_template(archive: Path, tmp_path: Path) -> None:
    llm = ScriptedLLM([answers])
    report = run(archive, tmp_path / "one", llm, calls=1)
    assert len(llm.history) == 1
    assert report.run.llm_calls == 1
    assert "without the model: 1 model calls are used up" in report.brief_note
    assert "It employs about 340 people." in fit(report)
