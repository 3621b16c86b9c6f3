"""The synthetic study of `manage.py demo`: invented people, brought in through the same use cases as real ones."""
