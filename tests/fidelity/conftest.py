"""What is not looked at for examples where it cannot be imported?"""

from fzsearch.ingest.extract import ocr

collect_ignore = [] if ocr.is_installed() else ["scans.py"]  # it draws with Pillow, which comes with the engine
