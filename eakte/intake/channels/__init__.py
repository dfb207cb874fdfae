"""The further channels of intake: each stores bytes, calls ``receive`` and tidies up after it."""
