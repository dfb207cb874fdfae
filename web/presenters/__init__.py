"""From the services' values to what a template prints.  No I/O, no rights, no HTTP."""
