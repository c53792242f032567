"""Explanation: what a scan or a source is, in words that rest on logged fields."""
