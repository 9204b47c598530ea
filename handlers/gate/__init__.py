"""The gate: who comes and goes, codes and temperatures, passes, people who left the city."""
