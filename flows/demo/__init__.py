"""The demo: the whole pipeline over HTTP on a bundled newsroom, with nothing but loopback contacted."""
