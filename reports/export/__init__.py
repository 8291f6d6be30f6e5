"""Findings in files: tables, figures and tables for papers."""
