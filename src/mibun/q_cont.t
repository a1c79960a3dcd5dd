/tmp/venv/bin/python: can't open file '/work/main/src/mibun/q_cont.py': [Errno 2] No such file or directory
