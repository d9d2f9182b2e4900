"""What came of a run, for programs, for CI and for people.

verdicts, junit  verdicts.json, whose form is in verdicts.schema.json; junit.xml
table            lines for a terminal
run_record       a run read back: its results and their evidence
series, charts   replies and samples over time, as Plotly figures
comparison       two runs side by side
page             report.html, one file with everything it needs inside
printable        text from records without what a terminal would act on
"""
