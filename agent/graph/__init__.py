"""The LangGraph workflow of one account, from domain to verdict."""
