"""Manners of the crawl, one file each: politeness (pauses, retries, blocks), freshness, charset, redirect."""
