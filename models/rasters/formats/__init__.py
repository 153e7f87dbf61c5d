"""One reader a file: what each product's folders, names and parameter files mean."""
