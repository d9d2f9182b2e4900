"""report.html: one file that shows a run to people, with everything it needs inside.

run_record   a run read back: its results and their evidence
series       replies and samples as series over time
charts       the series as Plotly figures
comparison   two runs side by side
page         the HTML
"""
