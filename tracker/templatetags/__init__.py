"""What templates can say of the site."""
