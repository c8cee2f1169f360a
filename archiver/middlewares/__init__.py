"""Manners of the crawl, one file each: politeness (pauses, retries, blocks), backlog, freshness, charset, redirect."""
