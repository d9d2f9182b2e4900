"""The state folder: what a local AWS must find again.

home.py             which folder it is
mark.py             the mark that makes it ours
own_folder.py       a folder of ours, emptied of nothing but what we make in it
state_directory.py  the files in it; one daemon at a time owns it
bounded_logs.py     keeps the logs in it below a size
saved_state.py      the file of `local-aws stop --save`
"""
