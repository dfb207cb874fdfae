"""From arrival to postbox: the pipeline, one module a step, and its binding to durable work."""
