"""巡查: rounds and when they are due, findings and what becomes of them."""
