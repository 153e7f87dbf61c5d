"""Widgets that several dialogs share."""
