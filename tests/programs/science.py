"""x"""

PROGRAMS = []
