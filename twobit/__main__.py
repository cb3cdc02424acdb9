"""`python -m twobit`."""

from twobit.cli import main

main()
