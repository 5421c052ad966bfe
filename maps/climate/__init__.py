"""The climate map: pages per layer, region and station, from an atlas of finished numbers."""
