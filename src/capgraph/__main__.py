"""``python -m capgraph``: the command line."""

from capgraph.cli import main

if __name__ == "__main__":
    main()
