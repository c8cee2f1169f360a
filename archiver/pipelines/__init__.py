"""The way of every article: normalise, header image, export. One file each; settings.py names their order."""
