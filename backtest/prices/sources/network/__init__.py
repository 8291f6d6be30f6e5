"""Vendors over the network: asked politely, answers checked, kept in the store."""
