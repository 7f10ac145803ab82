"""The pages that readers see. Views find what is asked for and hand records to templates; rules live below them."""
