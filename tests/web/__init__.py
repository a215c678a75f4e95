"""Tests of the site and its API."""
