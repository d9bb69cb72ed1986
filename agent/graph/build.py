"""The workflow itself: which node follows which.

    resolve -> screen -> gather_* (side by side) -> extract_rules -> decide -> [read_further] -> [extract_llm]
            -> ground -> facts -> score -> [gaps -> [ground -> facts -> score]] -> brief

`screen` does nothing unless a run stops when decided. `decide` grounds and scores what the rules found, so that
the last pages of the budget are sought for what is still open (`read_further`), and a model is only asked that.
When nothing is open, or no model is configured, the run goes straight to `ground`. `gaps` comes at most once, and is
scored again only when it came to something. An empty gather still reaches `score`: every path leads there.
What decides the way is a coroutine too: a plain function would be run in a thread.
"""

from __future__ import annotations

from functools import cache

from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from agent.graph.context import Context, State
from agent.graph.evidence import brief, extract_rules, facts, ground, score
from agent.graph.further import read_further, where_after_decide
from agent.graph.gaps import gaps, where_after_gaps, where_after_score
from agent.graph.gather import gather_node, resolve
from agent.graph.model import decide, extract_llm, where_to_read
from agent.graph.screen import screen
from agent.models import SOURCES


def build_graph() -> CompiledStateGraph[State, Context, State, State]:
    """Return the compiled workflow. Without a checkpointer: the store is what survives a crash."""
    graph = StateGraph(State, context_schema=Context)
    graph.add_node("resolve", resolve)
    graph.add_node("screen", screen)
    graph.add_node("extract_rules", extract_rules)
    graph.add_node("decide", decide)
    graph.add_node("read_further", read_further)
    graph.add_node("extract_llm", extract_llm)
    graph.add_node("ground", ground)
    graph.add_node("facts", facts)
    graph.add_node("score", score)
    graph.add_node("gaps", gaps)
    graph.add_node("brief", brief)
    graph.add_edge(START, "resolve")
    graph.add_edge("resolve", "screen")
    gatherers = [f"gather_{source}" for source in SOURCES]
    for source, node in zip(SOURCES, gatherers, strict=True):
        graph.add_node(node, gather_node(source))
        graph.add_edge("screen", node)
    graph.add_edge(gatherers, "extract_rules")
    graph.add_edge("extract_rules", "decide")
    graph.add_conditional_edges("decide", where_after_decide, ["read_further", "extract_llm", "ground"])
    graph.add_conditional_edges("read_further", where_to_read, ["extract_llm", "ground"])
    graph.add_edge("extract_llm", "ground")
    graph.add_edge("ground", "facts")
    graph.add_edge("facts", "score")
    graph.add_conditional_edges("score", where_after_score, ["gaps", "brief"])
    graph.add_conditional_edges("gaps", where_after_gaps, ["ground", "brief"])
    graph.add_edge("brief", END)
    return graph.compile()


@cache
def compiled_graph() -> CompiledStateGraph[State, Context, State, State]:
    """Return the workflow, compiled once for the process; it holds no account's data."""
    return build_graph()
