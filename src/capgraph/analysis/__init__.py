"""Questions: pure functions of a graph that return a report; import them from their modules or from ``capgraph``."""
