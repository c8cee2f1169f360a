"""Tests tell stories about real things: a loopback internet, real folders, real files."""
