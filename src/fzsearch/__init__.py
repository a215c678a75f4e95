"""Full-text search for the yearly rule-of-law reports of Chinese townships: what is this package?"""

__version__ = "0.1.0"
