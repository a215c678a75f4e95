"""Tests of the site in a real browser, and of its HTML by a validator."""
