"""x"""
PROGRAMS = []
