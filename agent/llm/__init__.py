"""The model seam: one request, one completion, whatever server answers. Only this package imports openai."""
