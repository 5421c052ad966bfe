"""What to show: layers, pages, hydrographs and the published site."""
