"""The account brief: why this account, why now, who, risks, what to ask. Every sentence stands on evidence."""

from agent.extraction.brief.check import Checked, check_brief
from agent.extraction.brief.draft import Draft, draft_brief
from agent.extraction.brief.grounds import Grounds, grounds_of
from agent.extraction.brief.template import write_brief

__all__ = ["Checked", "Draft", "Grounds", "check_brief", "draft_brief", "grounds_of", "write_brief"]
