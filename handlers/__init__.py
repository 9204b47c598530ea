"""What a message means and what happens then: one feature, one module, one Router."""
