"""Mastodon, and all that speak its API."""
