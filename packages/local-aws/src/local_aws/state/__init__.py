"""The state folder: what a local AWS needs after a restart.

home.py             which folder it is
mark.py             the mark of a folder of ours
own_folder.py       a folder of ours, from which only our own files are removed
state_directory.py  the files in it; one daemon at a time owns it
bounded_logs.py     keeps the logs in it below a size
saved_state.py      the file of `local-aws stop --save`
"""
