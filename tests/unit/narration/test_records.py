"""What a run has recorded is read on while it is written."""

from pathlib import Path

from evidence.record.journal import append_lines
from evidence.record.run_folder import RunFolder
from narration.records import Records


def test_an_entry_that_is_half_written_is_news_once_it_is_whole(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    records = Records(folder)
    append_lines(folder.journal, [{"event": "awaiting", "claims": ["first"]}])
    with folder.journal.open("a") as journal:
        journal.write('{"event": "awaiting", ')
        journal.flush()
        assert [entry["claims"] for entry in records.news()] == [["first"]]
        journal.write('"claims": ["second"]}\n')
    assert [entry["claims"] for entry in records.news()] == [["second"]]
    assert records.news() == []
