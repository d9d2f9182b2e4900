"""What came of a run, for programs, for CI and for people.

verdicts, junit  verdicts.json, whose form is in verdicts.schema.json; junit.xml
repetitions      a scenario that was played several times, judged all together
playing_again    whether it is played once more
chaos_journal    a scenario as the Chaos Toolkit's own journal
table            lines for a terminal
run_record       a run read back: its results and their evidence
series           replies and samples over time
rows, drawing    series as rows of lines and areas, and their geometry
chart, charts    what a chart is, and which ones the page has
behind           the records behind a claim, and how to select them
comparison       two runs side by side
page             report.html, one file with everything it needs inside
printable        text from records without what a terminal would act on
"""
