"""Everything about paper on arrival: is the file complete, and who answers for it from when on.

Knows files, not databases: what is committed is handed in as ``receive`` by the composition root.
"""
