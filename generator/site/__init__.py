"""What the built docs site holds for programs: the text of each page, lists of all pages, the descriptions, zips.

It is written after the build, so that every program that builds the site gets the same files without a plugin.
"""
