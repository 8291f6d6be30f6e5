"""The sections of the page, one a file: findings in, words, tables and charts out."""
