"""What is photographed: a module for each part of the plugin."""
