"""The web application: what staff see in the browser.  Imports services only."""
