//! 导出: a table as a file that people open in a spreadsheet. A cell is always text: what begins like a formula is none.

use crate::error::{Error, Result};
use rust_xlsxwriter::{Format as Style, Workbook, XlsxError};
use tokio::sync::Semaphore;

/// Rows of a file, at most; the newest.
pub(crate) const ROWS_MOST: i64 = 10_000;

/// Files that are made at once in this process.
static TURNS: Semaphore = Semaphore::const_new(2);

/// Of every column of a sheet, in characters.
const COLUMN_WIDTH: f64 = 22.0;

/// In which shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// RFC 4180, UTF-8 with the mark by which Excel knows it.
    Csv,
    /// Office Open XML.
    Xlsx,
}

/// A file to be saved.
#[derive(Debug, Clone)]
pub struct Exported {
    /// Its name, without ending.
    pub name: String,
    /// Its shape.
    pub format: Format,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// A table on its way out.
pub(crate) struct Sheet {
    /// What the file is called.
    pub(crate) name: String,
    /// The first line.
    pub(crate) headings: &'static [&'static str],
    /// As many cells as there are headings, each.
    pub(crate) rows: Vec<Vec<String>>,
}

impl Format {
    /// The format of a file's ending.
    pub fn of_ending(ending: &str) -> Option<Self> {
        [Self::Csv, Self::Xlsx].into_iter().find(|format| format.ending() == ending)
    }

    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl Sheet {
    /// The file: [`ROWS_MOST`] rows, and whether there were more. It is made beside the threads that answer, few at a time.
    ///
    /// # Errors
    /// [`Error::Busy`]: too many are being made; [`Error::Work`]: it can't be written, which does not happen with what fits into
    /// memory.
    pub(crate) async fn export(mut self, format: Format) -> Result<Exported> {
        let Ok(_turn) = TURNS.try_acquire() else { return Err(Error::Busy) };
        if i64::try_from(self.rows.len()).is_ok_and(|rows| rows > ROWS_MOST) {
            self.rows.truncate(usize::try_from(ROWS_MOST).unwrap_or_default());
            self.rows.push(vec![format!("只导出了最新的 {ROWS_MOST} 条，请缩小筛选范围后分次导出")]);
        }
        let made = tokio::task::spawn_blocking(move || {
            let bytes = match format {
                Format::Csv => self.csv().map_err(|error| error.to_string()),
                Format::Xlsx => self.xlsx().map_err(|error| error.to_string()),
            };
            bytes.map(|bytes| Exported { bytes, name: self.name, format })
        });
        made.await.map_err(|error| Error::Work(error.to_string()))?.map_err(Error::Work)
    }

    fn csv(&self) -> csv::Result<Vec<u8>> {
        let mut lines = csv::WriterBuilder::new();
        let mut writer = lines.terminator(csv::Terminator::CRLF).flexible(true).from_writer(b"\xEF\xBB\xBF".to_vec());
        writer.write_record(self.headings)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| harmless(cell)))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    fn xlsx(&self) -> std::result::Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let (bold, wrapped) = (Style::new().set_bold(), Style::new().set_text_wrap());
        for (column, heading) in (0..).zip(self.headings) {
            sheet.write_string_with_format(0, column, *heading, &bold)?;
            sheet.set_column_width(column, COLUMN_WIDTH)?;
        }
        for (line, row) in (1..).zip(&self.rows) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string_with_format(line, column, cut(cell), &wrapped)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        book.save_to_buffer()
    }
}

/// A cell that no spreadsheet takes for a formula, full-width signs included.
fn harmless(cell: &str) -> String {
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(signs) { format!("'{cell}") } else { cell.to_owned() }
}

/// A cell of Excel has room for 32,767 units of UTF-16.
fn cut(cell: &str) -> &str {
    const MOST: usize = 32_767;
    let mut units = 0;
    let end = cell.char_indices().find(|(_, letter)| {
        units += letter.len_utf16();
        units > MOST
    });
    end.map_or(cell, |(end, _)| cell.get(..end).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use calamine::{Reader, Xlsx};
    use std::io::Cursor;

    fn sheet() -> Sheet {
        let rows = [["=1+1", "王建国"], ["a,\"b\"", "第一行\n第二行"]];
        Sheet {
            name: "表".to_owned(),
            headings: &["事项", "人"],
            rows: rows.map(|row| row.map(str::to_owned).to_vec()).to_vec(),
        }
    }

    #[test]
    fn a_csv_file_is_known_to_excel_and_has_no_formula() {
        let text = String::from_utf8(sheet().csv().unwrap()).unwrap();
        assert_eq!(text, "\u{feff}事项,人\r\n'=1+1,王建国\r\n\"a,\"\"b\"\"\",\"第一行\n第二行\"\r\n");
        for sign in ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"] {
            assert_eq!(harmless(&format!("{sign}1")), format!("'{sign}1"));
        }
    }

    #[tokio::test]
    async fn a_file_that_is_cut_says_so() {
        let rows = vec![vec!["行".to_owned(), String::new()]; 10_001];
        let file = Sheet { rows, ..sheet() }.export(Format::Csv).await.unwrap();
        let text = String::from_utf8(file.bytes).unwrap();
        assert_eq!(text.lines().count(), 10_002, "the headings, the rows and the sentence");
        assert!(text.lines().last().unwrap().starts_with("只导出了最新的 10000 条"));
    }

    #[test]
    fn an_xlsx_file_reads_as_it_was_written() {
        let bytes = sheet().xlsx().unwrap();
        let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).unwrap();
        let name = book.sheet_names()[0].clone();
        let read = book.worksheet_range(&name).unwrap();
        let rows: Vec<Vec<String>> = read.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect();
        assert_eq!(rows, [["事项", "人"], ["=1+1", "王建国"], ["a,\"b\"", "第一行\n第二行"]]);
        assert!(book.worksheet_formula(&name).unwrap().is_empty(), "text, not a formula");
    }

    #[test]
    fn a_cell_has_room_for_so_much() {
        let long = "字".repeat(40_000);
        assert_eq!(cut(&long).chars().count(), 32_767);
        assert_eq!(cut("短"), "短");
    }
}
