"""Hold what the product found against what is true. Pure: outcomes and labels in, counts out."""
